import { describe, expect, test } from "vitest";
import { SandboxError } from "../../errors.ts";
import { describeFailure, missingFeature } from "./failure.ts";

describe("failures", () => {
  test("the SDK's message and hint are kept, as sentences", () => {
    const error = new SandboxError("The frame could not start its worker", {
      code: "cage-unavailable",
      hint: "Look for an extension that blocks workers.",
    });
    expect(describeFailure(error)).toEqual({
      code: "cage-unavailable",
      message: "The frame could not start its worker.",
      hint: "Look for an extension that blocks workers.",
    });
  });

  test("an asset that is missing gets a hint for readers, not for builders", () => {
    const error = new SandboxError("x answered 404.", { code: "asset-unavailable", hint: "Name assetsUrl." });
    expect(describeFailure(error).hint).toBe(
      "Check the connection and run again; what was loaded before is kept.",
    );
  });

  test("anything else is Sandglass's own fault, and says what to do", () => {
    expect(describeFailure(new TypeError("x is not a function"))).toEqual({
      code: "internal",
      message: "Sandglass itself failed. TypeError: x is not a function.",
      hint: "Your files are still in the editor. Press Reset for a fresh sandbox; if it happens again, reload the page.",
    });
    expect(describeFailure("why").message).toBe("Sandglass itself failed. why.");
  });

  test("a browser without WebAssembly or workers is told before anything is tried", () => {
    expect(missingFeature({ Worker: 1 })?.message).toBe(
      "This browser has no WebAssembly, which is what the code runs inside.",
    );
    expect(missingFeature({ WebAssembly: 1 })?.code).toBe("cage-unavailable");
    expect(missingFeature({ WebAssembly: 1, Worker: 1 })).toBe(null);
  });
});
