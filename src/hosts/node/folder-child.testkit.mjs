// @ts-check
/**
 * A process that works on a store and is stopped at its k-th file operation, for good or until it is woken.
 *
 * node folder-child.testkit.mjs LIBRARY FOLDER TASK SIGNAL K
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { pathToFileURL } from "node:url";

const [library = "", folder = "", task = "", signal = "SIGKILL", stopAt = "0"] = process.argv.slice(2);
let operations = 0;
let isCounting = false;

/** @param {(() => void) | undefined} halfway Done when the process stops here: half of the operation. */
function count(halfway) {
  if (!isCounting) return;
  operations += 1;
  if (operations !== Number(stopAt)) return;
  halfway?.();
  if (signal === "SIGSTOP") fs.writeSync(1, "stopped\n");
  process.kill(process.pid, signal);
}

const probe = await fs.promises.open(process.execPath, "r");
const FileHandle = Object.getPrototypeOf(probe);
await probe.close();
for (const name of ["sync", "close", "writeFile"]) {
  const original = FileHandle[name];
  /** @this {import("node:fs/promises").FileHandle} @param {any[]} args */
  FileHandle[name] = function (...args) {
    const half =
      name === "writeFile" ? () => fs.writeSync(this.fd, args[0].subarray(0, args[0].length / 2)) : undefined;
    count(half);
    return original.apply(this, args);
  };
}
for (const name of /** @type {const} */ (["open", "rename", "unlink", "mkdir"])) {
  const original = /** @type {(...args: any[]) => any} */ (fs.promises[name]);
  /** @param {any[]} args */
  const counted = (...args) => {
    count(undefined);
    return original(...args);
  };
  Object.assign(fs.promises, { [name]: counted });
}
syncBuiltinESMExports();

const { SnapshotStore, Snapshot } = await import(pathToFileURL(library).href);
const store = await SnapshotStore.open({ location: folder });
isCounting = true;
if (task === "save") await store.save("a", Snapshot.parse(fs.readFileSync(`${folder}.snap`)));
if (task === "collect") await store.collectGarbage();
if (task.startsWith("churn")) {
  const seed = Number(task.slice(5));
  const snapshots = [0, 1, 2].map((n) => Snapshot.parse(fs.readFileSync(`${folder}.${n}.snap`)));
  for (let round = 0; round < 25; round += 1) {
    const name = `churn-${seed}`;
    const snapshot = snapshots[(round + seed) % 3];
    await store.save(name, snapshot);
    const loaded = await store.load(name);
    if (!Buffer.from(loaded.bytes).equals(snapshot.bytes))
      throw new Error(`round ${round}: another tree came back`);
    if (round % 2 === 0) await store.remove(name);
  }
}
console.log(operations);
