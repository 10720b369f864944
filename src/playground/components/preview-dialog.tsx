import { Download } from "lucide-react";
import { displayPath, imageTypeOf, languageOf } from "../lib/paths.ts";
import { session } from "../session.ts";
import { view } from "../store/view.ts";
import { Dialog } from "./dialog.tsx";
import { FileContent } from "./file-content.tsx";
import { useRun, useView } from "./hooks.ts";

/** A file looked at without opening it in the editor. */
export function PreviewDialog() {
  const path = useView((state) => state.previewPath);
  const runNumber = useRun((run) => run?.number ?? 0);
  if (path === null) return null;
  const close = () => view.getState().preview(null);
  return (
    <Dialog
      title={displayPath(path)}
      isWide
      onClose={close}
      actions={
        <>
          {languageOf(path) === null && imageTypeOf(path) === null && (
            <button
              type="button"
              className="button"
              onClick={async () => {
                if (await session.open(path)) {
                  close();
                  view.getState().showPhoneView("code");
                } else view.getState().say("This file is not text, or too large for the editor.");
              }}
            >
              Open as text
            </button>
          )}
          <button type="button" className="button" onClick={() => void session.download(path)}>
            <Download size={14} aria-hidden="true" /> Download
          </button>
        </>
      }
    >
      <FileContent path={path} version={String(runNumber)} />
    </Dialog>
  );
}
