// What a program can reach is the same everywhere: no network, no host, no engine of the page.
const names = [
  "fetch",
  "XMLHttpRequest",
  "WebSocket",
  "Worker",
  "document",
  "window",
  "self",
  "Deno",
  "Bun",
  "require",
  "module",
  "global",
  "globalThis",
  "Intl",
  "WebAssembly",
  "SharedArrayBuffer",
  "importScripts",
  "crypto",
  "performance",
  "URL",
  "Buffer",
];
for (const name of names) console.log(name, typeof globalThis[name]);
console.log(Object.getOwnPropertyNames(globalThis).sort().join(" "));
console.log(
  [].constructor.constructor("return typeof globalThis")(),
  typeof process.binding,
  process.version !== undefined,
);
