import data from "./data.json" with { type: "json" };
import { double, default as name } from "./helper.js";

const lazy = await import("./lazy.mjs");
console.log(double(21), name, lazy.value, data.key, import.meta.url.endsWith("imports.js"));
try {
  await import("./missing.js");
} catch (error) {
  console.log(error.code ?? error.name);
}
try {
  await import("left-pad");
} catch (error) {
  console.log(error.code ?? error.name);
}
try {
  await import("https://example.org/x.js");
} catch (error) {
  console.log(error.code ?? error.name);
}
