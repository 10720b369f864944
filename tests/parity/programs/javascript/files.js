import fs from "node:fs";

fs.mkdirSync("out/deep", { recursive: true });
fs.writeFileSync("out/deep/a.txt", "α\nβ\n");
fs.appendFileSync("out/deep/a.txt", "γ");
fs.writeFileSync(
  "out/bin",
  new Uint8Array(256).map((_, i) => i),
);
fs.renameSync("out/deep/a.txt", "out/b.txt");
fs.symlinkSync("b.txt", "out/link");
console.log(
  fs.readFileSync("out/link", "utf8"),
  fs.readlinkSync("out/link"),
  fs.readdirSync("out").sort(),
  fs.existsSync("out/none"),
);
const stat = fs.statSync("out/bin");
console.log(stat.size, stat.isFile(), stat.isDirectory(), fs.lstatSync("out/link").isSymbolicLink());
for (const [label, action] of Object.entries({
  missing: () => fs.readFileSync("none"),
  directory: () => fs.readFileSync("out"),
  "mkdir twice": () => fs.mkdirSync("out"),
  "rmdir full": () => fs.rmdirSync("out"),
  "through a file": () => fs.writeFileSync("out/bin/x", ""),
})) {
  try {
    console.log(label, action());
  } catch (error) {
    console.log(label, error.code, error.message);
  }
}
fs.rmSync("out/deep", { recursive: true });
fs.unlinkSync("out/bin");
console.log(fs.readdirSync("out").sort());
