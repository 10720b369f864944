import { useEffect, useState } from "react";
import type { ModuleInspection } from "../../index.ts";
import { describeFailure } from "../lib/failure.ts";
import { inspectBlob } from "../lib/inspections.ts";
import { refusalWords } from "../lib/module-words.ts";
import { displayPath, languageOf } from "../lib/paths.ts";
import { useProject, useSettings } from "./hooks.ts";

export type InspectionState =
  | { phase: "reading" }
  | { phase: "problem"; message: string }
  | { phase: "done"; found: ModuleInspection };

/** Inspects the bytes that Run would run; again when they, or the memory there may be, change. */
export function useInspection(blob: Blob | undefined): InspectionState {
  const memoryBytes = useSettings((state) => state.limits.memoryBytes);
  const [state, setState] = useState<InspectionState>({ phase: "reading" });
  useEffect(() => {
    let isGone = false;
    setState({ phase: "reading" });
    const inspect = async () => {
      if (blob === undefined) throw new Error("The file is not there any more");
      return inspectBlob(blob, memoryBytes);
    };
    inspect().then(
      (found) => !isGone && setState({ phase: "done", found }),
      (error) => !isGone && setState({ phase: "problem", message: describeFailure(error).message }),
    );
    return () => {
      isGone = true;
    };
  }, [blob, memoryBytes]);
  return state;
}

/** Why the program that Run is for cannot run here; `null` while it can, or nobody knows yet. */
export function useRefusal(): string | null {
  const entryPath = useProject((state) => state.entryPath);
  const isModule = entryPath !== null && languageOf(entryPath) === "wasi";
  const blob = useProject((state) => (isModule ? state.data[entryPath]?.blob : undefined));
  const state = useInspection(blob);
  if (!isModule || state.phase !== "done") return null;
  return refusalWords(displayPath(entryPath), state.found);
}
