import { readFile } from "node:fs/promises";
import type { Download, Locator, Page } from "playwright/test";
import { expect } from "playwright/test";

/** The playground as a reader meets it: by names and roles, never by how it is built. */
export class Playground {
  readonly page: Page;
  readonly console: Locator;
  readonly status: Locator;
  readonly files: Locator;
  readonly runButton: Locator;
  readonly stopButton: Locator;
  #runNumber = 1;

  constructor(page: Page) {
    this.page = page;
    this.console = page.getByRole("log", { name: "Console" });
    this.status = page.getByTestId("end-line");
    this.files = page.getByRole("tree", { name: "Files in the sandbox" });
    this.runButton = page
      .getByRole("group", { name: "Run controls" })
      .getByRole("button", { name: /^(Run|Starting|Running|Stopping)\b/ });
    this.stopButton = page.getByRole("button", { name: "Stop", exact: true });
  }

  async open(): Promise<void> {
    await this.page.goto("/");
    await expect(this.runButton).toBeVisible();
  }

  /** Waits until the full editor has taken over from the plain one. */
  async editorLoaded(): Promise<void> {
    await expect(this.page.getByRole("textbox", { name: /^Code of/ })).toHaveCount(0);
  }

  /** Puts code in place of what is in the open file. Works before and after Monaco has taken over. */
  async type(code: string): Promise<void> {
    const field = this.page.getByRole("tabpanel").getByRole("textbox", { name: /^Code/ });
    // For a moment, while Monaco takes over, there are two.
    await expect(field).toHaveCount(1);
    await field.first().focus();
    await this.page.keyboard.press("ControlOrMeta+a");
    // Pasted, as a reader would: typing many lines at once would have each of them indented after the one before.
    await this.page.evaluate((text) => navigator.clipboard.writeText(text), code);
    await this.page.keyboard.press("ControlOrMeta+v");
  }

  /** Types code, runs it, and waits for its end line. Answers the line's words. */
  async run(code: string): Promise<string> {
    await this.start(code);
    return this.finished();
  }

  /** Types code and starts it. */
  async start(code: string): Promise<void> {
    await this.type(code);
    await this.press();
  }

  async press(): Promise<void> {
    this.#runNumber = Number(await this.runButton.getAttribute("data-run")) + 1;
    await this.runButton.click();
  }

  /** Waits for the end of the run that was started last; answers its end line: `Completed exit code 0 12 ms`. */
  async finished(): Promise<string> {
    // A short run is over before a test can see it begin, so the button counts them.
    await expect(this.runButton).toHaveAttribute("data-run", String(this.#runNumber));
    await expect(this.runButton).toHaveAttribute("aria-disabled", "false", { timeout: 60_000 });
    return (await this.status.allInnerTexts()).join(" ").replace(/\s+/g, " ").trim();
  }

  async stop(): Promise<void> {
    await this.stopButton.click();
  }

  /** What the program printed on one stream, as shown. */
  async printed(stream: "stdout" | "stderr"): Promise<string> {
    return (await this.page.getByTestId(`${stream}-text`).allTextContents()).join("");
  }

  async answer(text: string): Promise<void> {
    const field = this.page.getByRole("textbox", { name: "Input for the program" });
    await field.fill(text);
    await field.press("Enter");
  }

  async openExample(title: string): Promise<void> {
    await this.page.getByRole("button", { name: "Examples" }).click();
    await this.page.getByRole("menuitemradio", { name: title }).click();
    const replace = this.page.getByRole("button", { name: "Replace my files" });
    if (await replace.isVisible()) await replace.click();
    await expect(this.page.getByRole("status").filter({ hasText: `“${title}” is open.` })).toBeVisible();
  }

  async newFile(name: string): Promise<void> {
    await this.page.getByRole("region", { name: "Editor" }).getByRole("button", { name: "New file" }).click();
    await this.page.getByRole("textbox", { name: "Name, with its ending" }).fill(name);
    await this.page.getByRole("button", { name: "Create" }).click();
  }

  async upload(files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
    await this.page.getByLabel("Choose files to upload").setInputFiles(files);
  }

  /** Chooses a file where the page asks for a WebAssembly module. */
  async chooseModule(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    await this.page.getByLabel("Open a WebAssembly module").setInputFiles(file);
  }

  /** What the page tells of a module that is open. */
  about(name: string): Locator {
    return this.page.getByRole("region", { name: `About ${name}` });
  }

  file(name: string): Locator {
    return this.files.getByRole("treeitem", { name: new RegExp(`^${name.replaceAll(".", "\\.")}(\\s|$)`) });
  }

  /** Downloads a file by its menu and answers its bytes. */
  async download(name: string): Promise<Buffer> {
    await this.file(name).hover();
    await this.page.getByRole("button", { name: `Actions for ${name}` }).click();
    return this.saved(() => this.page.getByRole("menuitem", { name: "Download", exact: true }).click());
  }

  /** Bytes of the download that an action starts. */
  async saved(action: () => Promise<void>): Promise<Buffer> {
    const [download] = await Promise.all([this.page.waitForEvent("download"), action()]);
    return readFile(await (download as Download).path());
  }

  /** Resolves when the sandbox's present files are in the browser's storage. */
  async keptAcrossReloads(): Promise<void> {
    await this.page.waitForFunction(async () => {
      const store = await globalThis.sandglass.SnapshotStore.open({ location: "sandglass-playground" });
      const stored = await store.load("workspace");
      const present = await globalThis.sandglass.sandbox?.snapshot();
      return stored !== undefined && present !== undefined && String(stored.bytes) === String(present.bytes);
    });
  }

  async showTab(name: "Console" | "Results" | "Trace"): Promise<void> {
    await this.page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
  }

  async setLimit(label: string, value: string): Promise<void> {
    const field = this.page.getByRole("textbox", { name: label });
    await field.fill(value);
    await field.press("Enter");
  }
}
