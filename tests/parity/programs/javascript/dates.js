// A date in UTC is the same everywhere; the machine's own zone must not show.
const date = new Date(Date.UTC(2024, 1, 29, 23, 59, 59, 123));
console.log(date.toISOString(), date.getTime(), JSON.stringify({ date }), date.toUTCString());
console.log(
  new Date("2024-07-01T12:00:00").toISOString(),
  new Date("2024-07-01").getTime(),
  new Date(2024, 6, 1).toISOString(),
);
console.log(date.getTimezoneOffset(), date.getHours(), date.toString(), new Date(NaN).getTime());
console.log(
  new Date(2024, 0, 31, 12).toISOString(),
  new Date("not a date").toString(),
  Date.parse("Thu, 01 Jan 1970 00:00:00 GMT+0200"),
);
try {
  new Date(NaN).toISOString();
} catch (error) {
  console.log(error.name, error.message);
}
