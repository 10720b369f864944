import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { displayPath } from "../lib/paths.ts";
import { session } from "../session.ts";
import { project } from "../store/project.ts";
import { useMediaQuery, useProject } from "./hooks.ts";
import { PlainEditor, type PlainEditorHandle } from "./plain-editor.tsx";

/** Monaco's own advice: it does not support phones. They get the plain editor. */
const PHONE = "(pointer: coarse) and (max-width: 820px)";

const loadMonaco = () => import("./monaco-editor.tsx");
const MonacoEditor = lazy(loadMonaco);

/**
 * The editor of one text file. A plain text field stands here at once and takes typing; Monaco is loaded when the page
 * is quiet, mounts behind it, and takes over text, selection and focus in one step.
 */
export function CodeEditor({ path }: { path: string }) {
  const content = useProject((state) => state.texts[path]?.content ?? "");
  const isPhone = useMediaQuery(PHONE);
  const [isWanted, setIsWanted] = useState(false);
  const [isMounted, setIsMounted] = useState(false);
  const plain = useRef<PlainEditorHandle>(null);

  useEffect(() => {
    if (isPhone) return;
    let isGone = false;
    const load = async () => {
      // Whoever has pressed Run waits for the program, not for colours.
      await session.settled();
      if (isGone) return;
      await loadMonaco();
      if (!isGone) setIsWanted(true);
    };
    // Not there (offline, blocked): the plain editor stays, and everything else works.
    const handle = requestIdle(() => void load().catch(() => {}));
    return () => {
      isGone = true;
      cancelIdle(handle);
    };
  }, [isPhone]);

  const edit = (text: string) => {
    project.getState().edit(path, text);
    session.warm();
  };
  const showsMonaco = isWanted && !isPhone;
  return (
    <div className="code-editor" data-editor={showsMonaco && isMounted ? "monaco" : "plain"}>
      {showsMonaco && (
        <div className="code-editor__monaco">
          <Suspense fallback={null}>
            <MonacoEditor
              path={path}
              content={content}
              onEdit={edit}
              takeOver={() => plain.current?.handOver() ?? null}
              onMounted={() => setIsMounted(true)}
            />
          </Suspense>
        </div>
      )}
      {!(showsMonaco && isMounted) && (
        <PlainEditor
          key={path}
          ref={plain}
          label={`Code of ${displayPath(path)}`}
          content={content}
          onEdit={edit}
        />
      )}
    </div>
  );
}

type IdleHandle = { idle: number } | { timer: ReturnType<typeof setTimeout> };

function requestIdle(work: () => void): IdleHandle {
  // Safari has no requestIdleCallback.
  if (typeof requestIdleCallback === "function")
    return { idle: requestIdleCallback(work, { timeout: 1500 }) };
  return { timer: setTimeout(work, 300) };
}

function cancelIdle(handle: IdleHandle): void {
  if ("idle" in handle) cancelIdleCallback(handle.idle);
  else clearTimeout(handle.timer);
}
