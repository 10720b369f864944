import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

await mkdir("p", { recursive: true });
await Promise.all([1, 2, 3].map((n) => writeFile(path.join("p", `${n}.txt`), "x".repeat(n))));
console.log(
  (await readdir("p")).sort(),
  (await readFile("p/3.txt", "utf8")).length,
  path.resolve("a/../b"),
  path.extname("x.tar.gz"),
);
try {
  await readFile("p/none");
} catch (error) {
  console.log(error.code);
}
