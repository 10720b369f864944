/**
 * Numbers and dates for people: the engine has no Intl. English (en-US) and UTC only, whatever locale is asked for, so
 * that every host gives the same bytes.
 */
export const INTL = String.raw`
const SYMBOLS = { __proto__: null, USD: "$", EUR: "€", GBP: "£", JPY: "¥", INR: "₹", CNY: "CN¥", KRW: "₩", BRL: "R$", CAD: "CA$", AUD: "A$" };
/** Digits of a finite number without exponent, rounded half away from zero at a number of decimals. */
const plainDigits = (value, decimals) => {
  let text = numberToString(abs(value), 10), exponent = 0;
  const e = strIndexOf(text, "e");
  if (e >= 0) {
    exponent = +strSlice(text, e + 1);
    text = strSlice(text, 0, e);
  }
  const dot = strIndexOf(text, ".");
  let digits = dot < 0 ? text : strSlice(text, 0, dot) + strSlice(text, dot + 1);
  let point = (dot < 0 ? text.length : dot) + exponent;
  if (point <= 0) {
    digits = strRepeat("0", 1 - point) + digits;
    point = 1;
  }
  digits = strPadEnd(digits, point, "0");
  const keep = point + decimals;
  if (digits.length > keep) {
    const isUp = strAt(digits, keep) >= 53;
    let rounded = strSlice(digits, 0, keep);
    if (isUp) {
      rounded = bigintToString(NativeBigInt(rounded === "" ? "0" : rounded) + 1n);
      rounded = strPadStart(rounded, keep, "0");
      point += rounded.length - keep;
    }
    digits = rounded;
  }
  return [strSlice(digits, 0, point), strSlice(digits, point)];
};
const grouped = (text) => {
  let out = "";
  for (let i = 0; i < text.length; i++) out += (i > 0 && (text.length - i) % 3 === 0 ? "," : "") + text[i];
  return out;
};
const COMPACT = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "K"]];
const formatForPeople = (value, options = {}) => {
  const style = options.style ?? "decimal", currency = options.currency === undefined ? undefined : strUpper(NativeString(options.currency));
  let number = typeof value === "bigint" ? value : NativeNumber(value);
  let suffix = "", prefix = "";
  if (style === "currency") {
    if (currency === undefined) throw new NativeTypeError("Currency code is required with currency style.");
    prefix = options.currencyDisplay === "code" || SYMBOLS[currency] === undefined ? currency + "\u00a0" : SYMBOLS[currency];
  }
  if (style === "percent") suffix = "%";
  if (style === "unit") suffix = " " + options.unit;
  if (typeof number === "bigint") {
    const text = bigintToString(number), isNegative = text[0] === "-";
    return (isNegative ? "-" : "") + prefix + grouped(isNegative ? strSlice(text, 1) : text) + suffix;
  }
  if (number !== number) return prefix + "NaN" + suffix;
  if (style === "percent") number *= 100;
  const isNegative = number < 0 || is(number, -0);
  if (!numberIsFinite(number)) return (isNegative ? "-" : "") + prefix + "∞" + suffix;
  const usual = style === "currency" ? (currency === "JPY" || currency === "KRW" ? 0 : 2) : 0;
  let least = options.minimumFractionDigits ?? (options.maximumFractionDigits === undefined ? usual : min(usual, options.maximumFractionDigits));
  let most = options.maximumFractionDigits ?? max(least, style === "currency" ? usual : style === "percent" ? 0 : 3);
  if (!(least >= 0 && least <= 100 && most >= least && most <= 100)) {
    throw new NativeRangeError("maximumFractionDigits value is out of range.");
  }
  if (options.notation === "compact") {
    for (let i = 0; i < COMPACT.length; i++) {
      if (abs(number) < COMPACT[i][0]) continue;
      number /= COMPACT[i][0];
      suffix = COMPACT[i][1] + suffix;
      break;
    }
    if (options.maximumFractionDigits === undefined) {
      least = 0;
      most = abs(number) < 100 ? 1 : 0;
    }
  }
  if (options.maximumSignificantDigits !== undefined) {
    number = +number.toPrecision(options.maximumSignificantDigits);
    least = 0;
    most = 20;
  }
  let [whole, fraction] = plainDigits(number, most);
  let end = fraction.length;
  while (end > least && fraction[end - 1] === "0") end--;
  fraction = strPadEnd(strSlice(fraction, 0, end), least, "0");
  if (options.minimumIntegerDigits !== undefined) whole = strPadStart(whole, options.minimumIntegerDigits, "0");
  const sign = isNegative ? "-" : options.signDisplay === "always" || (options.signDisplay === "exceptZero" && number !== 0) ? "+" : "";
  return sign + prefix + (options.useGrouping === false ? whole : grouped(whole)) + (fraction === "" ? "" : "." + fraction) + suffix;
};
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DATE_STYLES = {
  __proto__: null,
  full: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  long: { year: "numeric", month: "long", day: "numeric" },
  medium: { year: "numeric", month: "short", day: "numeric" },
  short: { year: "2-digit", month: "numeric", day: "numeric" },
};
const two = (number) => strPadStart(NativeString(number), 2, "0");
/** A date in English and UTC; the parts that are asked for, or the usual ones. */
const formatDate = (value, given = {}, usual = "date") => {
  const date = new NativeDate(value === undefined ? host("clock.now") : value);
  if (!numberIsFinite(dateGetTime(date))) {
    if (usual === "throw") throw new NativeRangeError("Invalid time value");
    return "Invalid Date";
  }
  let options = { ...given };
  if (given.dateStyle !== undefined) options = { ...options, ...DATE_STYLES[given.dateStyle] };
  if (given.timeStyle !== undefined) options = { ...options, hour: "numeric", minute: "2-digit", ...(given.timeStyle === "short" ? {} : { second: "2-digit" }) };
  const hasDate = options.weekday || options.year || options.month || options.day, hasTime = options.hour || options.minute || options.second;
  if (!hasDate && !hasTime) {
    if (usual !== "time") options = { ...options, year: "numeric", month: "numeric", day: "numeric" };
    if (usual === "time" || usual === "all") options = { ...options, hour: "numeric", minute: "2-digit", second: "2-digit" };
  }
  const year = options.year && (options.year === "2-digit" ? two(date.getUTCFullYear() % 100) : NativeString(date.getUTCFullYear()));
  const month = date.getUTCMonth(), day = options.day && (options.day === "2-digit" ? two(date.getUTCDate()) : NativeString(date.getUTCDate()));
  const weekday = options.weekday && (options.weekday === "long" ? DAYS[date.getUTCDay()] : strSlice(DAYS[date.getUTCDay()], 0, 3));
  let dateText = "";
  if (options.month === "long" || options.month === "short") {
    const name = options.month === "long" ? MONTHS[month] : strSlice(MONTHS[month], 0, 3);
    dateText = name + (day ? " " + day : "") + (year ? (day ? ", " : " ") + year : "");
  } else {
    const parts = list();
    if (options.month) push(parts, options.month === "2-digit" ? two(month + 1) : NativeString(month + 1));
    if (day) push(parts, day);
    if (year) push(parts, year);
    dateText = join(parts, "/");
  }
  if (weekday) dateText = dateText === "" ? weekday : weekday + ", " + dateText;
  let timeText = "";
  if (options.hour || options.minute || options.second) {
    const is24 = options.hour12 === false || options.hourCycle === "h23", hour = date.getUTCHours();
    const shown = is24 ? hour : hour % 12 === 0 ? 12 : hour % 12, parts = list();
    if (options.hour) push(parts, options.hour === "2-digit" || is24 ? two(shown) : NativeString(shown));
    if (options.minute) push(parts, options.hour || options.second ? two(date.getUTCMinutes()) : NativeString(date.getUTCMinutes()));
    if (options.second) push(parts, options.minute ? two(date.getUTCSeconds()) : NativeString(date.getUTCSeconds()));
    timeText = join(parts, ":") + (options.hour && !is24 ? (hour < 12 ? " AM" : " PM") : "");
    if (options.timeZoneName) timeText += " UTC";
  }
  if (dateText === "" || timeText === "") return dateText + timeText;
  return dateText + (given.dateStyle === "full" || given.dateStyle === "long" ? " at " : ", ") + timeText;
};
class NumberFormat {
  #options;
  constructor(locales, options = {}) {
    this.#options = { ...options };
    this.format = (value) => formatForPeople(value, this.#options);
  }
  resolvedOptions() {
    return { locale: "en-US", numberingSystem: "latn", style: "decimal", ...this.#options };
  }
}
class DateTimeFormat {
  #options;
  constructor(locales, options = {}) {
    this.#options = { ...options };
    this.format = (value) => formatDate(value, this.#options, "throw");
  }
  resolvedOptions() {
    return { locale: "en-US", calendar: "gregory", numberingSystem: "latn", ...this.#options, timeZone: "UTC" };
  }
}
hide(globalThis, "Intl", { NumberFormat, DateTimeFormat, getCanonicalLocales: () => ["en-US"] });
hide(Number.prototype, "toLocaleString", function toLocaleString(locales, options) {
  return formatForPeople(numberValueOf(this), options);
});
hide(BigInt.prototype, "toLocaleString", function toLocaleString(locales, options) {
  return formatForPeople(bigintValueOf(this), options);
});
for (const [name, usual] of [["toLocaleString", "all"], ["toLocaleDateString", "date"], ["toLocaleTimeString", "time"]]) {
  hide(Date.prototype, name, function (locales, options) {
    return formatDate(dateGetTime(this), options, usual);
  });
}
`;
