import { useEffect, useState } from "react";
import { filesFromDrop } from "../lib/dropped-files.ts";
import { view } from "../store/view.ts";
import { addFiles } from "./files-pane.tsx";

/** Takes files and folders dropped anywhere on the page, and says so while they hover. */
export function DropZone() {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth++;
      setIsOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth = Math.max(depth - 1, 0);
      if (depth === 0) setIsOver(false);
    };
    const over = (event: DragEvent) => {
      // Without this the browser would open the file instead of the page.
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setIsOver(false);
      if (event.dataTransfer === null || !hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      filesFromDrop(event.dataTransfer).then(addFiles, (error) => {
        view.getState().say(`The dropped files could not be read: ${String(error)}`);
      });
    };
    // Capturing: Monaco takes drops for itself otherwise.
    addEventListener("dragenter", enter, true);
    addEventListener("dragleave", leave, true);
    addEventListener("dragover", over, true);
    addEventListener("drop", drop, true);
    return () => {
      removeEventListener("dragenter", enter, true);
      removeEventListener("dragleave", leave, true);
      removeEventListener("dragover", over, true);
      removeEventListener("drop", drop, true);
    };
  }, []);
  if (!isOver) return null;
  return (
    <div className="drop-zone" aria-hidden="true">
      <p>Drop files or folders to put them in the sandbox</p>
    </div>
  );
}
