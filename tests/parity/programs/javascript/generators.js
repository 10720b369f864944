function* fib() {
  let [a, b] = [0, 1];
  for (;;) {
    yield a;
    [a, b] = [b, a + b];
  }
}
const first = [];
for (const n of fib()) {
  if (n > 100) break;
  first.push(n);
}
console.log(first.join(" "));
const it = (function* () {
  try {
    const got = yield 1;
    console.log("got", got);
    yield* [2, 3];
  } finally {
    console.log("closed");
  }
})();
console.log(it.next(), it.next("x"), it.next(), it.return(9), it.next());
const { a, ...rest } = { a: 1, b: 2, c: 3 };
const [x, , y = 5, ...zs] = [1, 2, undefined, 4, 5];
console.log(
  a,
  rest,
  x,
  y,
  zs,
  `${[1, [2, 3]]}`,
  [1, [2, [3, [4]]]].flat(2),
  Object.entries({ k: 1 }),
  Object.groupBy?.([1, 2, 3], (n) => (n % 2 ? "odd" : "even")),
);
const proxy = new Proxy({}, { get: (_t, key) => `prop ${String(key)}`, has: () => true });
console.log(proxy.anything, "z" in proxy, Reflect.ownKeys({ b: 1, 2: 1, 1: 1, [Symbol.iterator]: 1 }));
class Base {
  static count = 0;
  #secret = 7;
  reveal() {
    return this.#secret;
  }
  static {
    Base.count = 3;
  }
}
class Derived extends Base {
  reveal() {
    return super.reveal() + 1;
  }
  get [Symbol.toStringTag]() {
    return "D";
  }
}
console.log(new Derived().reveal(), Base.count, String(new Derived()), new Derived() instanceof Base);
label: for (let i = 0; i < 3; i++)
  for (let j = 0; j < 3; j++) {
    if (j === 1) continue label;
    if (i === 2) break label;
    console.log(i, j);
  }
console.log(
  [5, 1, 10].sort(),
  [5, 1, 10].toSorted((p, q) => p - q),
  [1, 2, 3].findLast((n) => n < 3),
  structuredClone?.({ d: new Date(0) }),
);
