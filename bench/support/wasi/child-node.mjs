// @ts-check
// One measurement in a process of its own: `node child-node.mjs SIDE GUEST FOLDER KIND COUNT` prints milliseconds.
// SIDE is a peer's name, or the path of the bundle of our own.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { measureGuest } from "./guest.mjs";
import { PEERS } from "./peers.mjs";

const [side = "", guest = "", folder = "", kind = "", count = ""] = process.argv.slice(2);
const bytes = readFileSync(guest);
const peer = PEERS[side];
const run = peer
  ? await peer(await WebAssembly.compile(bytes), folder)
  : (await import(pathToFileURL(side).href)).openSandglass(new Uint8Array(bytes));
console.log(await measureGuest(run, kind, Number(count)));
