import type { SandboxCore } from "../../src/index.ts";
import type { Scenario } from "./scenarios.ts";

/** What a caller is left with after a run that went as badly as it could. */
export interface Aftermath {
  status: string;
  exitCode: number;
  errorName: string | null;
  stdout: string;
  stdoutBytes: number;
  artifacts: string[];
  /** Wall time of the bad run without what it took to start a language. */
  runMs: number;
  notices: string[];
  next: {
    status: string;
    /** Whether a variable set before the bad run is still there. */
    isStateKept: boolean;
    /** A file written by the run before the bad one. */
    keptFile: string;
    notices: string[];
  };
}

/** Code of each language: one variable and one file, and a look at both. */
interface Probe {
  prepare: string;
  look: string;
}

/**
 * Prepares a sandbox, runs the bad code, and looks at what the next run finds. Stands by itself: it is also sent to a
 * page as source text.
 */
export async function runScenario(
  create: (options: object) => Promise<SandboxCore>,
  scenario: Scenario,
): Promise<Aftermath> {
  const probes: Record<string, Probe> = {
    python: {
      prepare: "marker = 'here'\nwith open('/workspace/kept.txt', 'w') as file: file.write('kept')",
      look: "print('marker' in globals(), open('/workspace/kept.txt').read(), end='')",
    },
    javascript: {
      prepare:
        "globalThis.marker = 'here'; (await import('node:fs')).writeFileSync('/workspace/kept.txt', 'kept');",
      look: "process.stdout.write(('marker' in globalThis ? 'True ' : 'False ') + (await import('node:fs')).readFileSync('/workspace/kept.txt', 'utf8'))",
    },
  };
  const sandbox = await create({ language: scenario.language, limits: scenario.limits });
  try {
    const probe = probes[scenario.language === "wasi" ? "javascript" : scenario.language]!;
    const language = scenario.language === "wasi" ? "javascript" : scenario.language;
    const prepared = await sandbox.runCode(probe.prepare, { language });
    if (prepared.status !== "completed") throw new Error(`Preparing failed: ${prepared.error?.traceback}`);
    const code =
      scenario.moduleBase64 === undefined
        ? scenario.code
        : Uint8Array.from(atob(scenario.moduleBase64), (character) => character.charCodeAt(0));
    const bad = await sandbox.runCode(code, {
      language: scenario.language,
      args: scenario.args ?? [],
      timeoutMs: scenario.timeoutMs,
    });
    const next = await sandbox.runCode(probe.look, { language, timeoutMs: 60_000 });
    const [isStateKept, keptFile] = next.logs.stdout.join("").split(" ");
    const stdout = bad.logs.stdout.join("");
    return {
      status: bad.status,
      exitCode: bad.exitCode,
      errorName: bad.error?.name ?? null,
      stdout: stdout.slice(0, 200),
      stdoutBytes: bad.usage.stdoutBytes,
      artifacts: bad.artifacts.map(({ path }) => path),
      runMs: bad.usage.wallMs - (bad.usage.bootMs ?? 0),
      notices: bad.notices.map(({ code }) => code),
      next: {
        status: next.status,
        isStateKept: isStateKept === "True",
        keptFile: keptFile ?? "",
        notices: next.notices.map(({ code }) => code),
      },
    };
  } finally {
    await sandbox.kill();
  }
}
