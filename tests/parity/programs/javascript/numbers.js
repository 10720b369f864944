const values = [
  0.1 + 0.2,
  1 / 3,
  1e21,
  1e-7,
  123456789.123456789,
  5e-324,
  1.7976931348623157e308,
  -0,
  2 ** 53 + 1,
  0xff,
  1_000,
];
for (const value of values)
  console.log(
    String(value),
    value.toFixed(2),
    value.toExponential(3),
    value.toPrecision(6),
    value.toString(2).slice(0, 30),
  );
console.log(
  Math.round(-0.5),
  Math.round(2.5),
  Math.sign(-3),
  Math.trunc(-4.7),
  Math.fround(5.5),
  Math.clz32(1),
  Math.imul(0xffffffff, 5),
);
const xs = [0.1, 0.5, 1, 2, 10, 100.25];
for (const name of [
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "sinh",
  "cosh",
  "tanh",
  "exp",
  "expm1",
  "log",
  "log2",
  "log10",
  "log1p",
  "sqrt",
  "cbrt",
]) {
  const bytes = new Float64Array(xs.map((x) => Math[name](x)));
  console.log(name, [...new Uint8Array(bytes.buffer)].map((b) => b.toString(16).padStart(2, "0")).join(""));
}
console.log(
  2 ** 0.5,
  Math.hypot(3, 4, 5),
  Math.atan2(-1, -2),
  10 % 3.3,
  parseInt("12px"),
  parseFloat("1e400"),
  Number(" 0x1F "),
  Number("1_0"),
);
console.log(
  10n ** 50n,
  -7n / 2n,
  -7n % 2n,
  BigInt.asUintN(64, -1n),
  (2n ** 100n).toString(36),
  BigInt("0xff"),
);
try {
  1n + 1;
} catch (error) {
  console.log(error.name, error.message);
}
console.log(
  Number.MAX_SAFE_INTEGER,
  Number.EPSILON,
  (25).toString(36),
  (0.5).toString(3).slice(0, 20),
  (1234.5678).toLocaleString(),
);
