// Records to text and back.
const clock = globalThis.performance ?? Date;
const start = clock.now();
let records = Array.from({ length: 2000 }, (_, i) => ({
  id: i,
  name: `name ${i % 97}`,
  tags: ["a", "b", `t${i % 7}`],
  at: { x: i * 3, y: [i, i + 1] },
}));
let total = 0;
for (let round = 0; round < 20; round += 1) {
  const text = JSON.stringify(records);
  total += text.length;
  records = JSON.parse(text);
}
const answer = `${total}/${records.reduce((sum, record) => sum + record.at.x, 0)}`;
console.log(`${clock.now() - start} ${answer}`);
