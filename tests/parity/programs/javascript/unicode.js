const words = ["naïve", "Ελλάδα", "שלום", "👩‍👩‍👧‍👦", "𝔘", "e\u0301", "日本語"];
for (const word of words)
  console.log(
    word,
    word.length,
    [...word].length,
    word.normalize("NFC").length,
    word.toUpperCase(),
    [...word].reverse().join(""),
  );
console.log(
  "\ud800",
  "a\u0000b",
  JSON.stringify("\ud800é👍\u2028"),
  encodeURIComponent("é👍"),
  escape("é"),
  "İ".toLowerCase().length,
);
console.log(
  "ß".localeCompare("ss"),
  ["é", "z", "a", "Z"].sort(),
  ["é", "z", "a", "Z"].sort((a, b) => a.localeCompare(b)),
);
console.log(
  "👍".codePointAt(0).toString(16),
  String.fromCodePoint(0x1f600),
  "abc".at(-1),
  "x".padEnd(5, "👍"),
  "\ud83d".isWellFormed(),
);
console.log(
  /\p{Script=Greek}/u.test("λ"),
  "aΩb".match(/\p{Lu}/gu),
  "👍👍".replace(/./u, "x"),
  "2024-02-29".match(/(?<y>\d+)-(?<m>\d+)/).groups.y,
);
console.log(
  [..."a1b22".matchAll(/\d+/g)].map((m) => m.index),
  "x".replace(/x/, "$$ $& $`"),
  /(?<=a)b/.exec("ab")?.index,
  /^.$/su.test("\n"),
);
