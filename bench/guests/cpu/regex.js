// Patterns over a log: groups, alternatives, back references, replacement.
const clock = globalThis.performance ?? Date;
const start = clock.now();
const lines = Array.from({ length: 4000 }, (_, i) => {
  const day = String((i % 28) + 1).padStart(2, "0");
  const id = (i * 7) % 1000;
  return `2026-11-${day} host${i % 13} GET /path/${i}/item?id=${id} ${200 + (i % 5)} aa${i % 10}aa${i % 10}`;
});
const text = lines.join("\n");
let found = 0;
for (let round = 0; round < 4; round += 1) {
  for (const pattern of [
    /(\d{4})-(\d\d)-(\d\d) host(\d+)/g,
    /(?:GET|POST|PUT) (\/[a-z]+)+/g,
    /id=(\d*7)\b/g,
    /(aa\d)\1/g,
    /[a-z]+\d+[^ ]* 20[1-3]/g,
  ]) {
    found += [...text.matchAll(pattern)].length;
  }
}
const replaced = text.replace(/host(\d+) (GET)/g, "$2 of $1");
const answer = `${found}/${replaced.length}`;
console.log(`${clock.now() - start} ${answer}`);
