import type { SandboxCore } from "../../src/index.ts";

/** One call that has to be refused, as plain data. */
export type Attempt =
  | { call: "read" | "write" | "list" | "makeDir" | "remove" | "getInfo" | "exists"; path: string }
  | { call: "rename"; path: string; to: string }
  | { call: "importZip" | "importTar"; base64: string; path?: string }
  | { call: "runModule"; base64: string };

/** How it was answered: what was thrown, or what came back. */
export interface Answer {
  code?: string;
  message: string;
}

/**
 * Makes each call in one sandbox, and in the end lists every path there is, so that nothing can have slipped through.
 * Stands by itself: it is also sent to a page as source text.
 */
export async function attemptAll(
  create: (options: object) => Promise<SandboxCore>,
  attempts: Attempt[],
): Promise<{ answers: Answer[]; paths: string[] }> {
  const decode = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const sandbox = await create({ language: "wasi" });
  const { files } = sandbox;
  async function answer(attempt: Attempt): Promise<string> {
    switch (attempt.call) {
      case "rename":
        await files.rename(attempt.path, attempt.to);
        return "renamed";
      case "importZip":
        return JSON.stringify(await sandbox.importZip(decode(attempt.base64), attempt.path));
      case "importTar":
        return JSON.stringify(await sandbox.importTar(decode(attempt.base64), attempt.path));
      case "runModule": {
        const execution = await sandbox.runCode(decode(attempt.base64), { language: "wasi" });
        return `${execution.status} ${execution.error?.name}: ${execution.error?.value}`;
      }
      case "write":
        return JSON.stringify(await files.write(attempt.path, "x"));
      default:
        return JSON.stringify(await files[attempt.call](attempt.path));
    }
  }
  try {
    const answers: Answer[] = [];
    for (const attempt of attempts) {
      try {
        answers.push({ message: await answer(attempt) });
      } catch (error) {
        const { code, message } = error as { code?: string; message: string };
        answers.push({ ...(code === undefined ? {} : { code }), message });
      }
    }
    const listed = await files.list("/", { depth: 10 });
    return { answers, paths: listed.map(({ path }) => path).sort() };
  } finally {
    await sandbox.kill();
  }
}
