// Numbers, then records by two keys.
const clock = globalThis.performance ?? Date;
const start = clock.now();
let seed = 42;
const numbers = Array.from({ length: 50_000 }, () => {
  seed = (seed * 16_807) % 2_147_483_647;
  return seed;
});
let sum = 0;
for (let round = 0; round < 2; round += 1) sum += [...numbers].sort((a, b) => a - b)[1000];
const records = numbers.map((n) => [n % 1000, n]).sort((a, b) => a[0] - b[0] || b[1] - a[1]);
const answer = `${sum}/${records[500][1]}`;
console.log(`${clock.now() - start} ${answer}`);
