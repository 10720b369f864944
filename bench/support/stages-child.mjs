// @ts-check
// What `sandglass run` does for a small program, telling when each stage was over: milliseconds since 1970.
const nodeAt = Date.now();
const { Sandbox } = await import("../../dist/lib/index.node.js");
const { createTasks } = await import("./sandbox-tasks.mjs");
const importedAt = Date.now();
const stages = await createTasks(Sandbox).stages(process.argv[2] === "javascript" ? "javascript" : "python");
process.stdout.write(`${JSON.stringify({ nodeAt, importedAt, stages, endAt: Date.now() })}\n`, () =>
  process.exit(),
);
