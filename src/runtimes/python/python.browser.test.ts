import { beforeAll, describe, expect, test } from "vitest";
import { PYTHON_CASES } from "./python.cases.ts";
import type { ObservedRun } from "./python.testkit.ts";

interface Answer {
  observed: Record<string, ObservedRun[]>;
  bootInfo: { fromSnapshot: boolean; note?: string };
  bootMs: number[];
}

describe.each([
  ["restored from a snapshot", true],
  ["booted plainly", false],
])("python in Chromium, %s", (_how, snapshot) => {
  let answer: Answer;

  beforeAll(async () => {
    const worker = new Worker(new URL("./python.worker.testkit.ts", import.meta.url), { type: "module" });
    answer = await new Promise<Answer>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage({ snapshot });
    });
    worker.terminate();
    console.info(`Python boots in Chromium, ${_how}: ${answer.bootMs.join(", ")} ms`);
  }, 300_000);

  test("says how it booted", () => {
    expect(answer.bootInfo).toEqual(
      snapshot ? { fromSnapshot: true } : { fromSnapshot: false, note: "this build has no snapshot" },
    );
  });

  for (const one of PYTHON_CASES) {
    test(one.title, () => {
      expect(answer.observed[one.title]).toEqual(one.runs.map((run) => run.expect));
    });
  }
});
