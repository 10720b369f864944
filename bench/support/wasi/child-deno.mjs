// @ts-check
// As child-node.mjs, for our own side: `deno run … child-deno.mjs BUNDLE GUEST KIND COUNT` prints milliseconds.
import { measureGuest } from "./guest.mjs";

const { args, readFile } = /** @type {{ args: string[], readFile(path: string): Promise<Uint8Array> }} */ (
  /** @type {any} */ (globalThis).Deno
);
const [bundle = "", guest = "", kind = "", count = ""] = args;
const { openSandglass } = await import(bundle);
console.log(await measureGuest(openSandglass(await readFile(guest)), kind, Number(count)));
