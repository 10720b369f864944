import type { ModuleImport, ModuleStructure } from "./module-reader.ts";
import { isPreview1 } from "./preview1.ts";

/** Kinds of modules that are made for a host of their own. */
export type Maker = (typeof MAKERS)[number]["kind"];

interface MakerEntry {
  kind: string;
  /** Whether one import (or the whole module) shows it. */
  isIn: (module: ModuleStructure) => boolean;
  /** Completes "it …". */
  says: string;
  /** What to do; one sentence. */
  hint: string;
}

const C_HINT = "Build it with wasi-sdk instead: clang --target=wasm32-wasi.";
const some = (test: (found: ModuleImport) => boolean) => (module: ModuleStructure) =>
  module.imports.some(test);

/**
 * Who makes modules for other hosts than WASI, by what they leave in the imports: the first that fits. A module may fit
 * several (Go's compiler for the browser also imports nothing else), so the more telling ones come first.
 */
const MAKERS = [
  {
    kind: "wasm-bindgen",
    isIn: some(
      ({ module, name }) =>
        /^(wbg$|__wbindgen_)|_bg\.(m?js|wasm)$/.test(module) || /^__(wbg|wbindgen)_/.test(name),
    ),
    says: "was made by wasm-bindgen for JavaScript, and needs the JavaScript written beside it",
    hint: "Build the program without wasm-bindgen: cargo build --target wasm32-wasip1.",
  },
  {
    kind: "go",
    isIn: some(
      ({ module, name }) => module === "gojs" || (module === "go" && /^(runtime|syscall\/js)\./.test(name)),
    ),
    says: "was made by Go for JavaScript, and needs Go's wasm_exec.js",
    hint: "Build it for WASI: GOOS=wasip1 GOARCH=wasm go build, or tinygo build -target=wasip1.",
  },
  {
    kind: "node-addon",
    isIn: some(({ module, name }) => module === "emnapi" || /^(napi|emnapi)_/.test(name)),
    says: "is an add-on for Node.js (Node-API), not a program",
    hint: "Use the package's command-line program, or another build of it.",
  },
  {
    kind: "dynamic-library",
    // Emscripten's main programs may have the section as well; they bring their memory along.
    isIn: (module) =>
      module.memory?.isImported !== false &&
      module.sections.some(({ name, isCustom }) => isCustom && /^dylink(\.0)?$/.test(name)),
    says: "is a library to be linked into another program while that runs",
    hint: "Link it into the program when that is built.",
  },
  {
    kind: "wasi-threads",
    isIn: some(({ module, name }) => module === "wasi" && name === "thread-spawn"),
    says: "starts threads (wasi-threads), which this sandbox does not have",
    hint: "Build it without threads: --target=wasm32-wasi, not wasm32-wasi-threads.",
  },
  {
    kind: "wasix",
    isIn: some(({ module }) => module.startsWith("wasix_")),
    says: "is made for WASIX, which has calls that WASI does not have",
    hint: "Build it for WASI preview 1: clang --target=wasm32-wasi, or cargo build --target wasm32-wasip1.",
  },
  {
    kind: "component-core",
    isIn: some(({ module }) => /^(wasi|cm32p2)[:|]/.test(module)),
    says: "is the inside of a component (WASI preview 2 or later)",
    hint: "Build it for preview 1: cargo build --target wasm32-wasip1, or clang --target=wasm32-wasi.",
  },
  {
    kind: "assemblyscript",
    isIn: some(
      ({ module, name, signature }) => module === "env" && name === "abort" && signature === "iiii:",
    ),
    says: "was made by AssemblyScript for JavaScript",
    hint: "Build it with the wasi-shim package (asc --config ./node_modules/@assemblyscript/wasi-shim/asconfig.json).",
  },
  {
    kind: "emscripten",
    isIn: (module) =>
      module.imports.some(
        ({ module: from, name }) =>
          from === "env" &&
          /^(_?emscripten_|invoke_|_embind_|__syscall_|__cxa_|__asyncjs__|_?abort(_js)?$|_[a-z]\w*_js$)/.test(
            name,
          ),
      ) || hasShortNames(module),
    says: "was made by Emscripten for JavaScript, and needs the JavaScript written beside it",
    hint: C_HINT,
  },
] as const satisfies readonly MakerEntry[];

/** The maker whose marks a module bears, with words for people. */
export function findMaker(module: ModuleStructure): { kind: Maker; says: string; hint: string } | undefined {
  return MAKERS.find((one) => one.isIn(module));
}

/** Emscripten's optimiser renames what comes from its JavaScript: modules and functions of one or two letters. */
function hasShortNames({ imports }: ModuleStructure): boolean {
  const others = imports.filter((one) => !isPreview1(one.module));
  return others.length > 0 && others.every(({ module, name }) => module.length === 1 && name.length <= 2);
}
