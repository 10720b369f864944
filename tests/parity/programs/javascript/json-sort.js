const rows = Array.from({ length: 500 }, (_, i) => ({
  id: i,
  key: (i * 7919) % 13,
  name: `n${(i * 31) % 97}`,
}));
rows.sort((a, b) => a.key - b.key);
console.log(
  rows.slice(0, 5),
  rows.every((row, i) => i === 0 || rows[i - 1].key !== row.key || rows[i - 1].id < row.id),
);
console.log(
  JSON.stringify(
    { b: 1, a: [undefined, () => 1, NaN, new Date(0)], nested: { toJSON: () => "custom" } },
    null,
    2,
  ),
);
console.log(
  JSON.parse('{"a":[1,{"b":null}]}', (key, value) => (typeof value === "number" ? value + 1 : value)),
);
for (const bad of ["{", "[1,]", "", "undefined"])
  try {
    JSON.parse(bad);
  } catch (error) {
    console.log(error.name, error.message);
  }
const bytes = new TextEncoder().encode("é👍");
console.log([...bytes], new TextDecoder().decode(bytes), btoa?.("binary\xff"), atob?.("aGk="));
