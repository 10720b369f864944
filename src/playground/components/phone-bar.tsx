import { Code, FolderTree, ShieldCheck, Terminal } from "lucide-react";
import { isBusy } from "../store/run.ts";
import { PHONE_VIEWS, type PhoneView, view } from "../store/view.ts";
import { Glass } from "./glass.tsx";
import { useRun, useRunCount, useView } from "./hooks.ts";
import { RunButton, StopButton } from "./run-controls.tsx";
import { PhoneStatus } from "./status-bar.tsx";

const ITEMS: Readonly<Record<PhoneView, { name: string; icon: typeof Code }>> = {
  code: { name: "Code", icon: Code },
  output: { name: "Output", icon: Terminal },
  files: { name: "Files", icon: FolderTree },
  allowed: { name: "Allowed", icon: ShieldCheck },
};

/** Under the thumb: Run or Stop, the glass, and the four parts of the page. */
export function PhoneBar() {
  const current = useView((state) => state.phoneView);
  const busy = useRun(isBusy);
  const isFirstVisit = useRunCount() === 0 && current === "code";
  return (
    <div className="phone-bar">
      <PhoneStatus />
      {/* What the console says at first is one part away here. */}
      {isFirstVisit && (
        <p className="phone-bar__first">
          The code runs in this tab. It cannot reach the network, this page, or your files.
        </p>
      )}
      <fieldset className="phone-bar__run" aria-label="Run controls">
        <RunButton isLarge />
        {busy && <StopButton isLarge />}
      </fieldset>
      <Glass />
      <nav className="phone-bar__nav" aria-label="Parts of the page">
        {PHONE_VIEWS.map((name) => {
          const { name: label, icon: Icon } = ITEMS[name];
          return (
            <button
              key={name}
              type="button"
              className="phone-bar__item"
              aria-current={name === current ? "page" : undefined}
              onClick={() => view.getState().showPhoneView(name)}
            >
              <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
              {label}
            </button>
          );
        })}
      </nav>
    </div>
  );
}
