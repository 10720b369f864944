// @ts-check
/** `quickjs-emscripten` as its README shows it: a context, a `console.log` of the caller's, `evalCode()`. */
import { getQuickJS } from "quickjs-emscripten";

const QuickJS = await getQuickJS();
/** @type {(text: string) => void} */
let onLine = () => {};
/** @type {ReturnType<typeof open> | undefined} */
let kept;
/** Contexts that must not be collected. */
const held = [];

function open() {
  const vm = QuickJS.newContext();
  const log = vm.newFunction("log", (...args) => onLine(args.map((arg) => String(vm.dump(arg))).join(" ")));
  const console = vm.newObject();
  vm.setProp(console, "log", log);
  vm.setProp(vm.global, "console", console);
  console.dispose();
  log.dispose();
  return vm;
}

/**
 * @param {ReturnType<typeof open>} vm
 * @param {string} code
 */
function evaluate(vm, code) {
  vm.unwrapResult(vm.evalCode(code)).dispose();
}

/** @param {ReturnType<typeof open>} vm */
function printOnce(vm) {
  let atMs = Number.NaN;
  onLine = () => {
    atMs = performance.now();
  };
  evaluate(vm, "console.log(6 * 7)");
  return atMs;
}

/** A context that did not exist before; the engine is compiled and there. */
export function fresh() {
  const startMs = performance.now();
  const vm = open();
  const ms = printOnce(vm) - startMs;
  vm.dispose();
  return ms;
}

/** The same context again: nothing of the last run is undone. */
export function second() {
  kept ??= open();
  printOnce(kept);
  const startMs = performance.now();
  return printOnce(kept) - startMs;
}

/**
 * @param {string} _language
 * @param {string} code
 */
export function program(_language, code) {
  const vm = open();
  let printed = "";
  onLine = (line) => {
    printed += line;
  };
  evaluate(vm, code);
  vm.dispose();
  return printed;
}

/**
 * @param {string} _language
 * @param {number} count
 */
export function hold(_language, count) {
  while (held.length < count) {
    const vm = open();
    printOnce(vm);
    held.push(vm);
  }
}
