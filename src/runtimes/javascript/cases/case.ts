import type { Language } from "../../../policy/languages.ts";
import type { MimeBundle } from "../../../protocol/api.ts";
import type { RuntimeOutcome } from "../../runtime.ts";

/** One program and everything that must come of it, byte for byte, on every host. */
export interface JavaScriptCase {
  /** A sentence about behaviour. */
  title: string;
  code: string;
  language?: Language;
  /** Files that are there beforehand, by absolute path. */
  files?: Readonly<Record<string, string>>;
  /** Programs run before in the same context, whatever comes of them. */
  before?: readonly string[];
  /** Input known beforehand. */
  stdin?: string;
  /** Lines a person types. */
  typed?: readonly string[];
  args?: readonly string[];
  envs?: Readonly<Record<string, string>>;
  expected: {
    stdout: string;
    stderr: string;
    results: readonly { bundle: MimeBundle; isMainResult: boolean }[];
    /** All but `memoryBytes`. */
    outcome: Omit<RuntimeOutcome, "memoryBytes">;
  };
}
