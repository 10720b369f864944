#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { runCli } from "./cli.ts";
import { nodeHost } from "./host.ts";

/** This file is `dist/lib/cli/main.cjs` in the package, and `package.json` stands at its root. */
async function readVersion(): Promise<string> {
  const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  return String((JSON.parse(text) as { version: unknown }).version);
}

// An open stdin would keep the process alive, so it is ended here; what was printed is out by then.
void runCli(process.argv.slice(2), nodeHost(), readVersion).then((exitCode) => process.exit(exitCode));
