import { Dialog } from "./dialog.tsx";
import { RUN_KEYS } from "./run-controls.tsx";

const SHORTCUTS: readonly (readonly [keys: string, what: string])[] = [
  [RUN_KEYS, "Run, from anywhere"],
  ["Shift Escape", "Stop the run"],
  [RUN_KEYS.replace("Enter", "S"), "Write edited files to the sandbox"],
  ["F6 · Shift F6", "Next or previous part: bar, files, editor, output"],
  ["Ctrl M", "In the editor: let Tab move on instead of indenting"],
  ["Escape, then Tab", "Leave the plain editor"],
  ["Arrows, Home, End", "Move in tabs, menus and the file tree"],
  ["F2 · Delete", "In the file tree or on a tab: rename, delete"],
  ["Ctrl D", "In the console: end the program's input"],
  ["Arrows on a divider", "Resize panes"],
];

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="shortcuts">
        {SHORTCUTS.map(([keys, what]) => (
          <div key={keys} className="shortcuts__row">
            <dt>
              {keys.split(" · ").map((combination, index) => (
                <span key={combination}>
                  {index > 0 && " · "}
                  <kbd>{combination}</kbd>
                </span>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
