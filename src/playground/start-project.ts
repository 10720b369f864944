import { EXAMPLES, loadExample, WELCOME } from "./lib/examples.ts";
import { displayPath } from "./lib/paths.ts";
import { session } from "./session.ts";
import { keepProject, loadKeptProject, toTexts } from "./store/keep-project.ts";
import { project } from "./store/project.ts";
import { view } from "./store/view.ts";

/** Brings back what was in the editor, or the first example, and keeps it from now on. */
export function startProject(): void {
  const kept = loadKeptProject();
  if (kept === null) {
    project.getState().replace({
      texts: toTexts(WELCOME.files),
      data: {},
      tabs: WELCOME.files.slice(0, 1).map((file) => file.path),
      exampleId: WELCOME.id,
    });
  } else {
    const texts = toTexts(kept.texts);
    const tabs = kept.tabs.filter((path) => path in texts);
    project.getState().replace({
      texts,
      data: {},
      tabs: tabs.length > 0 ? tabs : kept.texts.slice(0, 1).map((file) => file.path),
      exampleId: kept.exampleId,
      isEdited: kept.isEdited,
      args: kept.args,
      activePath: kept.activePath !== null && kept.activePath in texts ? kept.activePath : null,
      entryPath: kept.entryPath !== null && kept.entryPath in texts ? kept.entryPath : null,
    });
    void bringBack(kept.missing, kept.exampleId);
  }
  keepProject((paths) => {
    view
      .getState()
      .say(
        `Too large to keep in this browser: ${paths.map(displayPath).join(", ")}. Download what you need.`,
      );
  });
}

/** Files too large for the editor's storage that came with an example are loaded from it again; others are in the sandbox's. */
async function bringBack(missing: readonly string[], exampleId: string | null): Promise<void> {
  const isInSandbox = await session.resume();
  if (missing.length === 0) return;
  const example = EXAMPLES.find((candidate) => candidate.id === exampleId);
  const loaded = example === undefined ? { texts: {}, data: {} } : await loadExample(example);
  const files = [...Object.values(loaded.texts), ...Object.values(loaded.data)].filter((file) =>
    missing.includes(file.path),
  );
  if (files.length > 0) {
    const { isEdited } = project.getState();
    project.getState().put(files);
    project.setState({ isEdited });
  }
  const lost = missing.filter((path) => !files.some((file) => file.path === path) && !isInSandbox(path));
  if (lost.length > 0) {
    view
      .getState()
      .say(`Not kept across the reload: ${lost.map(displayPath).join(", ")}. Upload again if needed.`);
  }
}
