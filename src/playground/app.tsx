import { useEffect, useRef } from "react";
import { Group, type Layout, Panel, Separator } from "react-resizable-panels";
import { AllowedPanel } from "./components/allowed-panel.tsx";
import { Questions } from "./components/ask.tsx";
import { DropZone } from "./components/drop-zone.tsx";
import { EditorPane } from "./components/editor-pane.tsx";
import { FilesPane } from "./components/files-pane.tsx";
import { useMediaQuery, useView } from "./components/hooks.ts";
import { OutputPane } from "./components/output-pane.tsx";
import { PhoneBar } from "./components/phone-bar.tsx";
import { PreviewDialog } from "./components/preview-dialog.tsx";
import { StatusBar } from "./components/status-bar.tsx";
import { TopBar } from "./components/top-bar.tsx";
import { isRecord, loadStored, saveStored } from "./lib/storage.ts";
import { listenForShortcuts } from "./shortcuts.ts";
import { view } from "./store/view.ts";

const PHONE = "(max-width: 719px)";
const WIDE = "(min-width: 1180px)";

/** The page: three columns where there is room, a drawer for the files where there is less, one part at a time on a phone. */
export function App() {
  const isPhone = useMediaQuery(PHONE);
  const isWide = useMediaQuery(WIDE);
  useEffect(() => listenForShortcuts(), []);
  return (
    <div className={`app ${isPhone ? "app--phone" : isWide ? "app--wide" : "app--medium"}`}>
      <TopBar hasDrawer={!isPhone && !isWide} isPhone={isPhone} />
      {isPhone ? <PhoneLayout /> : isWide ? <WideLayout /> : <MediumLayout />}
      {isPhone ? <PhoneBar /> : <StatusBar />}
      <DropZone />
      <PreviewDialog />
      <Questions />
    </div>
  );
}

function WideLayout() {
  return (
    <main className="columns">
      <Group id="wide" className="panes" {...rememberLayout("layout.wide")}>
        <Panel
          id="side"
          defaultSize={256}
          minSize={200}
          maxSize={420}
          collapsible
          collapsedSize={0}
          groupResizeBehavior="preserve-pixel-size"
        >
          <SideColumn />
        </Panel>
        <Separator className="separator" aria-label="Resize files" />
        <Panel id="editor" minSize={280}>
          <EditorPane />
        </Panel>
        <Separator className="separator" aria-label="Resize output" />
        <Panel id="output" defaultSize="44%" minSize={320}>
          <OutputPane />
        </Panel>
      </Group>
    </main>
  );
}

function MediumLayout() {
  return (
    <main className="columns">
      <Drawer />
      <Group id="medium" className="panes" {...rememberLayout("layout.medium")}>
        <Panel id="editor" minSize={280}>
          <EditorPane />
        </Panel>
        <Separator className="separator" aria-label="Resize output" />
        <Panel id="output" defaultSize="48%" minSize={320}>
          <OutputPane />
        </Panel>
      </Group>
    </main>
  );
}

function PhoneLayout() {
  const current = useView((state) => state.phoneView);
  return (
    <main className="phone-main">
      {current === "code" && <EditorPane />}
      {current === "output" && <OutputPane hasGlass={false} />}
      {current === "files" && <FilesPane />}
      {current === "allowed" && <AllowedPanel />}
    </main>
  );
}

function SideColumn() {
  return (
    <Group id="side-column" orientation="vertical" {...rememberLayout("layout.side")}>
      <Panel id="files" minSize={120}>
        <FilesPane />
      </Panel>
      <Separator className="separator separator--horizontal" aria-label="Resize limits" />
      <Panel id="allowed" defaultSize={320} minSize={36} groupResizeBehavior="preserve-pixel-size">
        <AllowedPanel />
      </Panel>
    </Group>
  );
}

/** Files and limits over the editor, where there is no room beside it. */
function Drawer() {
  const isOpen = useView((state) => state.isDrawerOpen);
  const drawer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOpen) drawer.current?.querySelector<HTMLElement>("button, [tabindex='0']")?.focus();
  }, [isOpen]);
  if (!isOpen) return null;
  const close = () => view.getState().setDrawerOpen(false);
  return (
    <>
      <div className="drawer-shade" onPointerDown={close} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: listens for Escape of what is inside. */}
      <div
        ref={drawer}
        className="drawer"
        onKeyDown={(event) => {
          if (event.key === "Escape" && !event.defaultPrevented) close();
        }}
      >
        <SideColumn />
      </div>
    </>
  );
}

/** Pane sizes come back after a reload. */
function rememberLayout(key: string) {
  const stored = loadStored(key);
  const isLayout = isRecord(stored) && Object.values(stored).every((size) => typeof size === "number");
  return {
    ...(isLayout ? { defaultLayout: stored as Layout } : {}),
    onLayoutChanged: (layout: Layout) => {
      saveStored(key, layout);
    },
  };
}
