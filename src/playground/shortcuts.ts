import { session } from "./session.ts";
import { view } from "./store/view.ts";

/** Parts of the page F6 goes through, by `data-part`, in their order. */
const PARTS = ["top", "files", "allowed", "editor", "output"] as const;

/** Listens for the page's shortcuts; returns "stop listening". Monaco never sees the keys taken here. */
export function listenForShortcuts(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key === "Enter" && !event.altKey) {
      take(event);
      void session.run();
    } else if (isCommand && event.key.toLowerCase() === "s" && !event.shiftKey && !event.altKey) {
      take(event);
      void session.save();
    } else if (event.key === "Escape" && event.shiftKey) {
      take(event);
      void session.stop();
    } else if (event.key === "F6" && !isCommand && !event.altKey) {
      take(event);
      focusNextPart(event.shiftKey ? -1 : 1);
    }
  };
  // Capturing, so that the editor does not take Ctrl+Enter for a new line first.
  addEventListener("keydown", onKeyDown, true);
  return () => removeEventListener("keydown", onKeyDown, true);
}

function take(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

function focusNextPart(step: 1 | -1): void {
  const parts = PARTS.map((name) => document.querySelector<HTMLElement>(`[data-part="${name}"]`)).filter(
    (part) => part !== null,
  );
  const current = parts.findIndex((part) => part.contains(document.activeElement));
  for (let tried = 1; tried <= parts.length; tried++) {
    const index = (current + step * tried + parts.length * 2) % parts.length;
    const target = firstFocusable(parts[index]);
    if (target !== undefined) {
      target.focus();
      return;
    }
  }
  view.getState().say("There is nothing to move to.");
}

function firstFocusable(part: HTMLElement | undefined): HTMLElement | undefined {
  if (part === undefined) return undefined;
  // The main thing of each part first, then whatever can take focus.
  const wanted = [
    "textarea",
    '[role="treeitem"][tabindex="0"]',
    '[role="log"]',
    '[role="tab"][tabindex="0"]',
    "button:not(:disabled)",
    "input, select",
  ];
  for (const selector of wanted) {
    const found = part.querySelector<HTMLElement>(selector);
    if (found !== null) return found;
  }
  return undefined;
}
