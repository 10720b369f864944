import { ChevronDown, Keyboard, Monitor, Moon, PanelLeft, Sun } from "lucide-react";
import { useRef, useState } from "react";
import { inspectModule } from "../../index.browser.ts";
import { LANGUAGES } from "../../policy/languages.ts";
import { EXAMPLES, loadExample } from "../lib/examples.ts";
import { languageOf, WORKSPACE } from "../lib/paths.ts";
import { session } from "../session.ts";
import { chooseLanguage, project } from "../store/project.ts";
import { THEMES } from "../store/settings.ts";
import { view } from "../store/view.ts";
import { confirmWith } from "./ask.tsx";
import { useProject, useSettings, useView } from "./hooks.ts";
import { IconButton } from "./icon-button.tsx";
import { LANGUAGE_NAMES } from "./language-names.ts";
import { Logo } from "./logo.tsx";
import { Menu } from "./menu.tsx";
import { ResetButton, RunButton, StopButton } from "./run-controls.tsx";
import { ShortcutsDialog } from "./shortcuts.tsx";

const THEME_NAMES = { system: "System theme", light: "Light theme", dark: "Dark theme" } as const;
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

/** Name, language, Run, Stop, Reset; right: Examples, theme, shortcuts. On a phone the runs move to the thumb. */
export function TopBar({ hasDrawer, isPhone }: { hasDrawer: boolean; isPhone: boolean }) {
  const isDrawerOpen = useView((state) => state.isDrawerOpen);
  const [showsShortcuts, setShowsShortcuts] = useState(false);
  return (
    <header className="top-bar" data-part="top">
      {hasDrawer && (
        <IconButton
          icon={PanelLeft}
          label="Files and limits"
          aria-expanded={isDrawerOpen}
          onClick={() => view.getState().setDrawerOpen(!isDrawerOpen)}
        />
      )}
      <h1 className="top-bar__name">
        <Logo />
        Sandglass
      </h1>
      <LanguageChoice />
      {!isPhone && (
        <fieldset className="top-bar__run" aria-label="Run controls">
          <RunButton />
          <StopButton />
          <ResetButton />
        </fieldset>
      )}
      <div className="top-bar__right">
        <ExamplesMenu />
        {isPhone && <ResetButton />}
        <ThemeMenu />
        {!isPhone && (
          <IconButton icon={Keyboard} label="Keyboard shortcuts" onClick={() => setShowsShortcuts(true)} />
        )}
      </div>
      {showsShortcuts && <ShortcutsDialog onClose={() => setShowsShortcuts(false)} />}
    </header>
  );
}

function LanguageChoice() {
  const language = useProject((state) => (state.entryPath === null ? "python" : languageOf(state.entryPath)));
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <label className="choice">
        <span className="visually-hidden">Language</span>
        <select
          className="choice__select"
          value={language ?? "python"}
          onChange={(event) => {
            const chosen = LANGUAGES.find((name) => name === event.target.value);
            // Only the reader has a module: ask for one when none is here.
            if (chosen !== undefined && !chooseLanguage(chosen)) picker.current?.click();
          }}
        >
          {LANGUAGES.map((name) => (
            <option key={name} value={name}>
              {LANGUAGE_NAMES[name]}
            </option>
          ))}
        </select>
        <ChevronDown size={14} aria-hidden="true" className="choice__arrow" />
      </label>
      <input
        ref={picker}
        type="file"
        accept=".wasm,application/wasm"
        hidden
        aria-label="Open a WebAssembly module"
        onChange={async (event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file === undefined) return;
          const found = await inspectModule(new Uint8Array(await file.arrayBuffer()));
          if (found.kind === "not-wasm") {
            view.getState().say(`${file.name} was not opened: ${found.reason}. ${found.hint}`);
            return;
          }
          const name = file.name.endsWith(".wasm") ? file.name : `${file.name}.wasm`;
          await session.add([{ path: `${WORKSPACE}/${name}`, blob: file }]);
          project.getState().open(`${WORKSPACE}/${name}`);
          view.getState().showPhoneView("code");
        }}
      />
    </>
  );
}

function ExamplesMenu() {
  const current = useProject((state) => state.exampleId);
  return (
    <Menu
      label="Examples"
      align="end"
      className="examples"
      items={EXAMPLES.map((example) => ({
        id: example.id,
        label: example.title,
        description: example.description,
        isChecked: example.id === current,
        onSelect: async () => {
          const isSure =
            !project.getState().isEdited ||
            (await confirmWith({
              title: `Open “${example.title}”?`,
              text: "It replaces the files you have here. Download what you want to keep first.",
              confirmLabel: "Replace my files",
              isDangerous: true,
            }));
          if (!isSure) return;
          try {
            const loaded = await loadExample(example);
            await session.reset();
            project.getState().replace(loaded);
            view.getState().showPhoneView("code");
            view.getState().say(`“${example.title}” is open.`);
          } catch {
            view
              .getState()
              .say(`“${example.title}” could not be loaded. Check the connection and choose it again.`);
          }
        },
      }))}
    >
      Examples
      <ChevronDown size={14} aria-hidden="true" />
    </Menu>
  );
}

function ThemeMenu() {
  const theme = useSettings((state) => state.theme);
  const setTheme = useSettings((state) => state.setTheme);
  const Icon = THEME_ICONS[theme];
  return (
    <Menu
      label="Theme"
      align="end"
      className="menu--icon"
      items={THEMES.map((name) => ({
        id: name,
        label: THEME_NAMES[name],
        isChecked: name === theme,
        onSelect: () => setTheme(name),
      }))}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
    </Menu>
  );
}
