import { readFileSync } from "node:fs";

const text = readFileSync(0, "utf8");
console.log(text.length, JSON.stringify(text.split("\n")));
