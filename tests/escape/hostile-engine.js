// An engine whose realm is owned: it answers like ours until it is given code to run, and then does what that code says.
// The code is a module with a default export that is given the means of the worker; see protocol.attacks.ts.
import { Encoder } from "@msgpack/msgpack";
import { unpackMessage } from "../../src/protocol/message-pack.ts";

const report = globalThis.postMessage.bind(globalThis);
const NO_CHANGES = { removed: [], entries: [] };
const DONE = {
  status: "completed",
  exitCode: 0,
  artifacts: [],
  usage: { stdoutBytes: 0, stderrBytes: 0, fileBytes: 0 },
  stateLost: false,
  executionCount: 1,
  changes: NO_CHANGES,
};
let createdWith;

/** As deep as one likes; what cannot be packed is sent as it is. */
function pack(message) {
  try {
    return new Encoder({ ignoreUndefined: true, useBigInt64: true, maxDepth: 1000 }).encode(message);
  } catch {
    return message;
  }
}

/** The paths in a pack of entries: each is a MessagePack string behind the key "path". */
function pathsIn(pack) {
  const text = new TextDecoder("latin1").decode(pack);
  return [...text.matchAll(/\xa4path(?:[\xa0-\xbf]|\xd9[\s\S]|\xda[\s\S]{2})(\/[^\x80-\xff]*)/g)].map(
    ([, path]) => path,
  );
}

addEventListener("message", ({ data, ports }) => {
  if (data.type === "assets")
    return data.isLast && report({ type: "assets-provided", requestId: data.requestId });
  const { isPacked } = data;
  const port = ports[0];
  port.onmessage = async ({ data: request }) => {
    const { id, path, argumentList } = isPacked ? unpackMessage(request) : request;
    const post = (message, transfer = []) => {
      port.postMessage(isPacked ? pack(message) : message, transfer);
    };
    // What is no message of ours, in the form that this port's messages have.
    const send = (value, transfer = []) => port.postMessage(value, transfer);
    const reply = (value) => post({ channel: "reply", message: { id, type: "RAW", value } });
    const args = argumentList.map((argument) => argument.value);
    const method = path.join(".");
    if (method === "create") {
      createdWith = args[0].entries.flatMap(pathsIn);
      // What the real filesystem does with a tree that is none.
      if (createdWith.some((path) => path.startsWith("/no-tree"))) {
        return reply({ ok: false, error: { code: "internal", message: "no file tree" } });
      }
      return reply({ ok: true, value: { changes: NO_CHANGES } });
    }
    if (method === "boot") return reply({ ok: true, value: { booted: true } });
    if (method !== "run") return reply({ ok: true, value: null });
    const { runId, code } = args[0];
    const event = (fields, transfer) => post({ channel: "event", event: { runId, ...fields } }, transfer);
    const print = (text) =>
      event({ type: "output", stream: "stdout", bytes: new TextEncoder().encode(text) });
    const finish = (fields) => reply({ ok: true, value: { ...DONE, ...fields } });
    const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    try {
      const attack = (await import(url)).default;
      await attack({ id, runId, post, reply, event, print, finish, report, send, DONE, createdWith });
    } catch (error) {
      print(`attack failed: ${error}`);
      finish({});
    }
  };
  report({ type: "started" });
});
