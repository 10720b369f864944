console.log("%s is %d years and %i, %f, %j %o %%", "Ann", 42.5, 42.9, "1.5", { a: 1 }, [1]);
console.log({ a: 1, "b-c": [1, 2, { d: { e: { f: 1 } } }], u: undefined, n: null, f() {}, s: Symbol("x") });
console.log([1, , 3], new Array(3), new Map([["k", { v: 1 }]]), new Set([1, "a"]), new Date(0), /re+/gi);
console.log(-0, 0, NaN, 1e21, 1e-7, 10n ** 30n, "str", ["str", "it's", "new\nline"], true, null, undefined);
class Point {
  #hidden = 1;
  constructor(x) {
    this.x = x;
  }
  get double() {
    return this.x * 2;
  }
}
console.log(
  new Point(3),
  Point,
  () => 1,
  function named() {},
  async () => {},
  Promise.resolve(5),
  new WeakMap(),
);
const loop = { name: "loop" };
loop.self = loop;
console.log(loop, Object.create(null), new Uint8Array([1, 2, 3]), new ArrayBuffer(4));
console.log(
  "a".repeat(5),
  Array.from({ length: 120 }, (_, i) => i),
);
console.error("to stderr", { e: 1 });
console.warn("warn");
console.info("info");
console.debug("debug");
console.table?.([
  { a: 1, b: "x" },
  { a: 2, b: "y" },
]);
console.assert(1 === 2, "assertion text");
console.group?.("group");
console.log("inside");
console.groupEnd?.();
