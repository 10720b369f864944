import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import axeCore from "axe-core";
import { expect, test } from "playwright/test";
import { assetFile } from "../tests/support/assets.ts";
import { Playground } from "./pages/playground.ts";

const example = (name: string) => readFile(new URL(`../examples/sales-report/${name}`, import.meta.url));
const wasm = (name: string) => readFile(new URL(`../tests/fixtures/wasi/${name}.wasm`, import.meta.url));

test.describe("a run", () => {
  test("the first visit has a working example, says what the code cannot do, and Run gives text, a chart and a file", async ({
    page,
  }) => {
    const playground = new Playground(page);
    await playground.open();
    await expect(playground.console).toContainText("It cannot reach the network");
    await playground.press();
    expect(await playground.finished()).toMatch(/^Completed exit code 0 /);
    expect(await playground.printed("stdout")).toBe(
      "North       836.60\nEast        656.70\nSouth       607.00\nWest        597.10",
    );
    await expect(playground.console.getByRole("figure", { name: "Result, SVG" })).toBeVisible();
    await expect(playground.file("totals.json")).toContainText("new");
    expect(JSON.parse(String(await playground.download("totals.json")))).toEqual({
      North: 836.6,
      East: 656.7,
      South: 607,
      West: 597.1,
    });
  });

  test("the sales report runs from the examples and gives the same bytes as everywhere", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.openExample("Sales report");
    await expect(playground.file("movies.csv")).toBeVisible();
    await playground.press();
    expect(await playground.finished()).toMatch(/^Completed exit code 0 .*4 results, 3 of them files$/);
    // The badge counts the same things.
    await expect(page.getByRole("tab", { name: /^Results/ })).toHaveText("Results4 results and files");
    for (const name of ["chart.svg", "report.html", "summary.json"]) {
      expect(await playground.download(name)).toEqual(await example(`expected/${name}`));
    }
    await playground.showTab("Results");
    await expect(page.getByRole("figure", { name: "report.html" })).toBeVisible();
  });

  test("stderr is told apart by words, not by colour only", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.run('import sys\nprint("to out")\nprint("to err", file=sys.stderr)\n');
    expect(await playground.printed("stdout")).toBe("to out");
    expect(await playground.printed("stderr")).toBe("to err");
    await expect(playground.console.getByTitle("Error output")).toHaveText("err");
  });

  test("input() asks in the console, Enter answers and Ctrl+D ends the input", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.start(
      'print("Hello,", input("Name? "))\ntry:\n    input()\nexcept EOFError:\n    print("no more")\n',
    );
    await playground.answer("Ada");
    const next = page.getByRole("textbox", { name: "Input for the program" });
    await expect(playground.console).toContainText("Hello, Ada");
    await next.press("Control+d");
    expect(await playground.finished()).toMatch(/^Completed exit code 0/);
    expect(await playground.printed("stdout")).toBe("Name? Hello, Ada\nno more");
  });

  test("the place of a keyboard reader is kept by Stop and by a dialog that closes", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    const shortcuts = page.getByRole("button", { name: "Keyboard shortcuts" });
    await shortcuts.press("Enter");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(shortcuts).toBeFocused();

    await playground.start('print("begun", flush=True)\nwhile True:\n    pass\n');
    await expect(playground.console).toContainText("begun");
    await playground.stopButton.press("Enter");
    expect(await playground.finished()).toMatch(/^Stopped exit code 130/);
    await expect(playground.stopButton).toBeDisabled();
    await expect(playground.stopButton).toBeFocused();
  });

  test("Stop ends an endless loop, and the next run works", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.start('print("begun", flush=True)\nwhile True:\n    pass\n');
    await expect(playground.console).toContainText("begun");
    await playground.stop();
    expect(await playground.finished()).toMatch(/^Stopped exit code 130/);
    expect(await playground.run("print(6 * 7)")).toMatch(/^Completed exit code 0/);
    expect(await playground.printed("stdout")).toBe("42");
  });

  test("a run past its time limit says so in numbers, marks the glass, and the next one works", async ({
    page,
  }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.setLimit("Time limit in seconds", "1");
    expect(await playground.run("while True:\n    pass\n")).toMatch(/^Timed out exit code 124/);
    await expect(playground.console).toContainText("It was still running after 1 s.");
    await expect(page.getByRole("button", { name: /^Time: .*limit reached/ })).toBeVisible();
    expect(await playground.run("print('again')")).toMatch(/^Completed exit code 0/);
    expect(await playground.printed("stdout")).toBe("again");
  });

  test("a crash is told, and the run after it says that its variables are gone", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.run("kept = 1\nprint(kept)");
    await playground.run("import os\nos.abort()");
    await expect(playground.console.getByRole("note").first()).toContainText(/variables/i);
    await playground.run("print('kept' in globals())");
    expect(await playground.printed("stdout")).toBe("False");
    await expect(playground.console.getByRole("note")).toContainText(/without its variables/);
  });

  test("a syntax error is readable and names the line", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    expect(await playground.run("x = 1\nprint((x)\n")).toMatch(/^Failed exit code 1/);
    await expect(playground.console).toContainText('File "/workspace/main.py", line 2');
    await expect(playground.console).toContainText("SyntaxError: '(' was never closed");
  });

  test("a flood of output stops at its limit, keeps what fits, and the page stays quick", async ({
    page,
  }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.setLimit("Output limit in MB", "0.5");
    expect(await playground.run("while True:\n    print('line of output')\n")).toMatch(
      /^Stopped at the output limit/,
    );
    await expect(page.getByRole("button", { name: /^Output: .*limit reached/ })).toBeVisible();
    expect(await playground.run("print('next')")).toMatch(/^Completed/);
  });

  test("variables stay between runs until Reset", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.run("answer = 42");
    await playground.run("print(answer)");
    expect(await playground.printed("stdout")).toBe("42");
    await page.getByRole("button", { name: "Reset" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
    expect(await playground.run("print(answer)")).toMatch(/^Failed exit code 1/);
    await expect(playground.console).toContainText("NameError: name 'answer' is not defined");
  });
});

test.describe("languages", () => {
  test("JavaScript imports a neighbouring file and shows a table", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.openExample("JavaScript");
    await playground.press();
    expect(await playground.finished()).toMatch(/^Completed exit code 0/);
    await expect(playground.console).toContainText("25 primes up to 100");
    await playground.showTab("Results");
    const table = page.getByRole("region", { name: "result-1, table" });
    await table.getByRole("button", { name: "gap" }).click();
    await table.getByRole("button", { name: "gap" }).click();
    await expect(table.getByRole("columnheader", { name: "gap" })).toHaveAttribute("aria-sort", "descending");
    await expect(table.getByRole("row").nth(1)).toHaveText("978");
    await page.getByRole("button", { name: "Copy as CSV" }).click();
    const csv = await page.evaluate(() => navigator.clipboard.readText());
    expect(csv.split("\r\n").slice(0, 2)).toEqual(["prime,gap", "97,8"]);
  });

  test("TypeScript runs with its types stripped", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await page.getByRole("combobox", { name: "Language" }).selectOption({ label: "TypeScript" });
    await playground.run("const n: number = 6 * 7;\nconsole.log(n as number);\n");
    expect(await playground.printed("stdout")).toBe("42");
  });

  test("a WebAssembly program reads and writes files and takes arguments", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.openExample("A compiled program");
    await playground.press();
    expect(await playground.finished()).toMatch(/^Completed exit code 0/);
    expect(await playground.printed("stdout")).toBe("4 regions");
    expect(JSON.parse(String(await playground.download("summary.json"))).rows).toBe(9);
  });

  test("a module tells what it needs before it runs, and runs from there", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.upload([
      { name: "greet.wasm", mimeType: "application/wasm", buffer: await wasm("greet") },
    ]);
    const about = playground.about("greet.wasm");
    await expect(about).toContainText("Runs here: a program for WASI preview 1.");
    await expect(about.getByRole("list", { name: "What it asks for" }).getByRole("listitem")).toHaveText([
      "Files: this workspace, and what it reads and prints",
      "Network: none",
      "Clock: none",
      "Randomness: none",
      "Arguments: none",
      "Ending itself: its exit code",
    ]);
    await expect(about).toContainText("cf207543bd29282bc8da31f8193569334809b40968a77a0b58a78d2aa5d0bd86");
    await expect(about).toContainText("128.0 KB at the start, then up to the limit");
    // By keyboard: the lists open, and hold what the module says.
    await about.getByText(/^Imports \d/).focus();
    await page.keyboard.press("Enter");
    await expect(about.getByRole("row", { name: "wasi_snapshot_preview1 fd_read files" })).toBeVisible();
    await about.getByRole("button", { name: /^Run/ }).click();
    await playground.answer("Grace");
    await expect(playground.console).toContainText("hello, Grace");
  });

  test("a module that cannot run here says why and what to do", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    const quickjs = await readFile(assetFile("quickjs.wasm"));
    await playground.upload([{ name: "quickjs.wasm", mimeType: "application/wasm", buffer: quickjs }]);
    const about = playground.about("quickjs.wasm");
    await expect(about).toContainText(
      "Does not run here: it was made by Emscripten for JavaScript, and needs the JavaScript written beside it",
    );
    await expect(about).toContainText("clang --target=wasm32-wasi");
    await expect(about.getByRole("button", { name: /^Run/ })).toHaveCount(0);

    // Run says so too, and neither it nor its shortcut starts what can only fail.
    const why = /^quickjs\.wasm does not run here: it was made by Emscripten/;
    await expect(playground.runButton).toHaveAttribute("aria-disabled", "true");
    await expect(playground.runButton).toHaveAccessibleName("Run (does not run here)");
    await expect(playground.runButton).toHaveAccessibleDescription(why);
    await expect(playground.runButton).toHaveAttribute("title", why);
    // With another file in front: the reason comes back to it.
    await playground.upload([{ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("x") }]);
    await playground.file("notes.txt").click();
    await expect(about).toHaveCount(0);
    await page.keyboard.press("ControlOrMeta+Enter");
    await expect(page.getByRole("status").filter({ hasText: why })).toBeVisible();
    await expect(about).toBeVisible();
    await expect(playground.runButton).toHaveAttribute("data-run", "0");

    // Another program runs as ever.
    await playground.file("main.py").click();
    await expect(playground.runButton).toHaveAttribute("aria-disabled", "false");
    expect(await playground.run("print('runs')")).toMatch(/^Completed exit code 0/);
  });

  test("of a module that is cut short nothing is said about what it asks for", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    const cut = (await wasm("greet")).subarray(0, 300);
    await playground.upload([{ name: "cut.wasm", mimeType: "application/wasm", buffer: cut }]);
    const about = playground.about("cut.wasm");
    await expect(about).toContainText("Does not run here: Invalid WebAssembly module at byte 300");
    await expect(about.getByText("300 bytes", { exact: true })).toBeVisible();
    await expect(about.getByRole("list", { name: "What it asks for" })).toHaveCount(0);
  });

  test("a module that needs more memory than is allowed is told both figures, and runs when more is", async ({
    page,
  }) => {
    const playground = new Playground(page);
    await playground.open();
    // (memory 320), 20 MB, and an empty _start.
    const module = Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 4, 1, 0, 0xc0, 2],
      ...[
        7,
        19,
        2,
        6,
        ...Buffer.from("memory"),
        2,
        0,
        6,
        ...Buffer.from("_start"),
        0,
        0,
        10,
        4,
        1,
        2,
        0,
        0x0b,
      ],
    );
    await playground.upload([
      { name: "big.wasm", mimeType: "application/wasm", buffer: Buffer.from(module) },
    ]);
    const about = playground.about("big.wasm");
    await expect(about).toContainText("Runs here");
    await playground.setLimit("Memory limit in MB", "16");
    await expect(about).toContainText(
      "its memory begins at 320 pages (20971520 bytes); the limit is 256 pages (16777216 bytes)",
    );
    await expect(about).toContainText("Raise the memory limit under Allowed");
    await expect(playground.runButton).toHaveAttribute("aria-disabled", "true");
    await playground.setLimit("Memory limit in MB", "64");
    await expect(playground.runButton).toHaveAttribute("aria-disabled", "false");
    await playground.press();
    expect(await playground.finished()).toMatch(/^Completed exit code 0/);
  });

  test("the module chooser says what it was given instead of a module", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.chooseModule({ name: "cat.gif", mimeType: "image/gif", buffer: Buffer.from("GIF89a") });
    await expect(page.getByRole("status").filter({ hasText: "cat.gif" })).toHaveText(
      "cat.gif was not opened: it is a GIF image, not a WebAssembly binary: it does not begin with \\0asm. Give the .wasm file a compiler wrote.",
    );
    await expect(playground.file("cat.gif.wasm")).toHaveCount(0);
    await playground.chooseModule({
      name: "greet.bin",
      mimeType: "application/octet-stream",
      buffer: await wasm("greet"),
    });
    await expect(playground.about("greet.bin.wasm")).toContainText("Runs here");
  });

  test("an uploaded module runs and asks for input", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.upload([
      { name: "greet.wasm", mimeType: "application/wasm", buffer: await wasm("greet") },
    ]);
    await playground.file("greet.wasm").click();
    await playground.press();
    await playground.answer("Grace");
    await expect(playground.console).toContainText("hello, Grace");
    await page.getByRole("button", { name: "End input" }).click();
    expect(await playground.finished()).toMatch(/^Completed exit code 0/);
    await expect(playground.console).toContainText("bye");
  });

  test("a file that only calls itself a module is refused in one sentence", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.upload([
      { name: "fake.wasm", mimeType: "application/wasm", buffer: Buffer.from("not wasm") },
    ]);
    await expect(playground.about("fake.wasm")).toContainText(
      "Does not run here: it is text, not a WebAssembly binary",
    );
    await expect(playground.runButton).toHaveAttribute("aria-disabled", "true");
    await playground.runButton.click({ force: true });
    await expect(page.getByRole("status").filter({ hasText: "fake.wasm does not run here" })).toHaveText(
      "fake.wasm does not run here: it is text, not a WebAssembly binary: it does not begin with \\0asm.",
    );
    await expect(playground.runButton).toHaveAttribute("data-run", "0");
  });
});

test.describe("files", () => {
  test("an uploaded CSV is read by the program, and what it writes comes down again", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.upload([
      { name: "numbers.csv", mimeType: "text/csv", buffer: Buffer.from("n\n1\n2\n39\n") },
    ]);
    await expect(playground.file("numbers.csv")).toBeVisible();
    await playground.run(
      'rows = open("numbers.csv").read().split()[1:]\ntotal = sum(map(int, rows))\nopen("out/total.txt", "w").write(str(total)) if __import__("os").makedirs("out") is None else 0\n',
    );
    await expect(playground.file("total.txt")).toContainText("new");
    expect(String(await playground.download("total.txt"))).toBe("42");
    const zip = await playground.saved(() =>
      page.getByRole("button", { name: "Download all as a ZIP file" }).click(),
    );
    expect(zip.subarray(0, 4)).toEqual(Buffer.from("PK\x03\x04"));
  });

  test("files dropped anywhere on the page are taken", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["one,two\n"], "dropped.csv", { type: "text/csv" }));
      return transfer;
    });
    const area = page.getByRole("region", { name: "Output", exact: true });
    await area.dispatchEvent("dragenter", { dataTransfer: dropped });
    await expect(page.getByText("Drop files or folders to put them in the sandbox")).toBeVisible();
    await area.dispatchEvent("drop", { dataTransfer: dropped });
    await playground.run('print(open("dropped.csv").read())');
    expect(await playground.printed("stdout")).toBe("one,two\n");
  });

  test("files can be made, renamed and deleted, and a reload brings the editor back", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.newFile("helper.py");
    await playground.type("VALUE = 7\n");
    await playground.file("helper.py").focus();
    await page.keyboard.press("F2");
    await page.getByRole("textbox", { name: "New name" }).fill("lib/helper.py");
    await page.getByRole("button", { name: "Rename", exact: true }).click();
    await expect(playground.file("lib")).toBeVisible();
    await playground.file("main.py").click();
    await playground.run("from lib.helper import VALUE\nprint(VALUE)");
    expect(await playground.printed("stdout")).toBe("7");
    await page.reload();
    await expect(playground.file("helper.py")).toBeVisible();
    await playground.press();
    await playground.finished();
    expect(await playground.printed("stdout")).toBe("7");
    await playground.file("orders.csv").focus();
    await page.keyboard.press("Delete");
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect(playground.file("orders.csv")).toHaveCount(0);
  });

  test("what a run wrote is there after a reload, until Reset", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.run('open("kept.bin", "wb").write(bytes(range(256)))\nprint("written")');
    await expect(playground.file("kept.bin")).toBeVisible();
    await playground.keptAcrossReloads();
    await page.reload();
    await expect(playground.file("kept.bin")).toBeVisible();
    // What is typed in the very moment the editor changes has a test of its own.
    await playground.editorLoaded();
    await playground.run('print(sum(open("kept.bin", "rb").read()))');
    expect(await playground.printed("stdout")).toBe("32640");
    await page.getByRole("button", { name: "Reset", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
    await expect(playground.file("kept.bin")).toHaveCount(0);
    await page.reload();
    await playground.editorLoaded();
    await playground.run('import os\nprint(os.path.exists("kept.bin"))');
    expect(await playground.printed("stdout")).toBe("False");
  });

  test("a name that leaves the workspace is refused where it is typed", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await page.getByRole("region", { name: "Editor" }).getByRole("button", { name: "New file" }).click();
    await page.getByRole("textbox", { name: "Name, with its ending" }).fill("../escape.py");
    await expect(page.getByRole("dialog").getByRole("alert")).toHaveText(
      "Files stay inside the workspace: .. is not allowed in a name.",
    );
  });
});

test.describe("untrusted output", () => {
  const probes = (url: string) => `
    <h1>hostile page</h1>
    <script>parent.document.title = "owned"; fetch("${url}/script")</script>
    <img src="${url}/img.png" onerror="parent.document.title='owned'">
    <style>@import url("${url}/import.css"); body { background: url("${url}/bg.png") }
      @font-face { font-family: leak; src: url("${url}/font.woff2") } h1 { font-family: leak }</style>
    <link rel="stylesheet" href="${url}/link.css"><link rel="prefetch" href="${url}/prefetch"><link rel="dns-prefetch" href="${url}">
    <iframe src="${url}/frame"></iframe><object data="${url}/object"></object><embed src="${url}/embed">
    <video src="${url}/video" poster="${url}/poster"></video><audio src="${url}/audio"></audio>
    <meta http-equiv="refresh" content="0;url=${url}/refresh"><base href="${url}/">
    <form action="${url}/form"><button autofocus>send</button></form>
    <svg><image href="${url}/svg.png"/><use href="${url}/use.svg#x"/></svg>
    <a href="${url}/ping" ping="${url}/ping" target="_top">link</a>
    <a href="${url}/stay">stay</a>`;

  test("HTML a program shows reaches neither the network nor this page; the same HTML in a bare page does", async ({
    page,
    context,
  }) => {
    const asked: string[] = [];
    const host = "http://127.0.0.1:41799";
    await context.route(`${host}/**`, (route) => {
      asked.push(new URL(route.request().url()).pathname);
      return route.fulfill({ status: 200, contentType: "text/plain", body: "" });
    });
    const playground = new Playground(page);
    await playground.open();
    const html = JSON.stringify(probes(`${host}/framed`));
    await playground.run(
      `class Page:\n    def _repr_html_(self):\n        return ${html}\ndisplay(Page())\nopen("page.html", "w").write(Page()._repr_html_())\n`,
    );
    const result = playground.console.getByRole("figure", { name: "Result, HTML" }).frameLocator("iframe");
    await expect(result.getByRole("heading", { name: "hostile page" })).toBeVisible();
    await playground.showTab("Results");
    const file = page.getByRole("figure", { name: "page.html" }).frameLocator("iframe");
    await expect(file.getByRole("heading", { name: "hostile page" })).toBeVisible();
    // Following a link is the one thing left to a frame without scripts.
    await file.getByRole("link", { name: "stay" }).click();
    await expect(file.getByRole("heading", { name: "hostile page" })).toHaveCount(0);

    // The mirror: the same probes in a page of their own do reach the network, so they are alive; and they give the
    // framed ones all the time they need.
    const bare = await context.newPage();
    await bare.setContent(probes(`${host}/bare`));
    await expect.poll(() => asked.filter((path) => path.startsWith("/bare/")).length).toBeGreaterThan(5);
    expect(asked.filter((path) => path.startsWith("/framed/"))).toEqual([]);
    expect(await page.title()).toBe("Sandglass");
  });
});

test.describe("the page", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [name, viewport] of [
      ["desktop", { width: 1440, height: 900 }],
      ["tablet", { width: 1024, height: 768 }],
      ["phone", { width: 390, height: 844 }],
    ] as const) {
      test(`has no serious accessibility fault in the ${colorScheme} theme on a ${name}`, async ({
        browser,
        baseURL,
      }) => {
        const page = await browser.newPage({
          colorScheme,
          viewport,
          // A colour on its way to another one has no contrast of its own.
          reducedMotion: "reduce",
          ...(baseURL ? { baseURL } : {}),
        });
        const playground = new Playground(page);
        await playground.open();
        await page.evaluate(axeCore.source);
        const faults = async () =>
          page.evaluate(async () => {
            const { axe } = globalThis as unknown as {
              axe: {
                run(options: object): Promise<{
                  violations: { id: string; impact: string; nodes: { target: string[] }[] }[];
                }>;
              };
            };
            const { violations } = await axe.run({ iframes: false });
            return violations
              .filter(({ impact }) => impact === "serious" || impact === "critical")
              .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
          });
        expect(await faults()).toEqual([]);
        await playground.press();
        await playground.finished();
        expect(await faults()).toEqual([]);
        for (const tab of ["Results", "Trace"] as const) {
          await playground.showTab(tab);
          expect(await faults()).toEqual([]);
        }
        const greet = fileURLToPath(new URL("../tests/fixtures/wasi/greet.wasm", import.meta.url));
        for (const [module, file] of [
          ["quickjs.wasm", assetFile("quickjs.wasm")],
          ["greet.wasm", greet],
        ] as const) {
          const buffer = await readFile(file);
          await playground.chooseModule({ name: module, mimeType: "application/wasm", buffer });
          await expect(playground.about(module)).toContainText("SHA-256");
          await playground
            .about(module)
            .getByText(/^Imports \d/)
            .click();
          expect(await faults()).toEqual([]);
        }
        if (name === "phone") {
          for (const part of ["Files", "Allowed"]) {
            await page.getByRole("navigation").getByRole("button", { name: part }).click();
            expect(await faults()).toEqual([]);
          }
        }
        expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(colorScheme);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        await page.close();
      });
    }
  }

  test("on a phone the code runs under the thumb and the output comes to the front", async ({
    browser,
    baseURL,
  }) => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
      ...(baseURL ? { baseURL } : {}),
    });
    const page = await context.newPage();
    const playground = new Playground(page);
    await playground.open();
    const first = page.getByText("It cannot reach the network, this page, or your files.");
    await expect(first).toBeVisible();
    await playground.run("print('on a phone')");
    expect(await playground.printed("stdout")).toBe("on a phone");
    await page.getByRole("navigation").getByRole("button", { name: "Code" }).click();
    await expect(first).toHaveCount(0);
    await page.getByRole("navigation").getByRole("button", { name: "Output" }).click();
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("button, select, [role=tab]")]
        .filter((element) => element.checkVisibility())
        .map((element) => ({
          name: element.ariaLabel ?? element.textContent ?? "",
          height: element.getBoundingClientRect().height,
        }))
        .filter(({ height, name }) => height < 44 && !/result|file/.test(name)),
    );
    expect(small).toEqual([]);
    for (const part of ["Files", "Allowed", "Code", "Output"]) {
      await page.getByRole("navigation").getByRole("button", { name: part }).click();
      await expect(page.getByRole("navigation").getByRole("button", { name: part })).toHaveAttribute(
        "aria-current",
        "page",
      );
    }
    await context.close();
  });

  test("a screen reader meets the buttons that open a file chooser, and not the choosers beside them", async ({
    page,
  }) => {
    const playground = new Playground(page);
    await playground.open();
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const names = nodes.filter(({ ignored }) => !ignored).map(({ name }) => name?.value);
    expect(names.filter((name) => /^Choose|^Open a/.test(String(name)))).toEqual([]);
    expect(names).toContain("Upload");
    // And the choosers open all the same.
    for (const item of ["Upload files", "Upload a folder"]) {
      await page.getByRole("button", { name: "Upload" }).click();
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("menuitem", { name: item }).click();
      await chooser;
    }
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("combobox", { name: "Language" }).selectOption({ label: "WebAssembly" });
    await chooser;
  });

  test("a limit that is not valid loses its sign, says what is wrong and what holds meanwhile", async ({
    page,
  }) => {
    const playground = new Playground(page);
    await playground.open();
    const field = page.getByRole("textbox", { name: "Time limit in seconds" });
    const sign = () =>
      page
        .getByRole("region", { name: "Allowed" })
        .getByRole("listitem")
        .first()
        .evaluate((item) => getComputedStyle(item, "::before").content);
    expect(await sign()).toContain("✓");
    await field.fill("abc");
    // Nothing is said while the reader still types; but nothing is called right either.
    expect(await sign()).not.toContain("✓");
    await expect(field).toHaveAttribute("aria-invalid", "false");
    await field.press("Enter");
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(
      "Write a number of seconds above 0. Until then it is 30 s.",
    );
    await field.fill("9999999999");
    await expect(field).toHaveAccessibleDescription(
      "The time limit goes from 0.001 to 2,147,483 seconds. Until then it is 30 s.",
    );
    expect(await sign()).not.toContain("✓");
    await field.fill("12");
    await expect(field).toHaveAttribute("aria-invalid", "false");
    await expect(field).toHaveAccessibleDescription("");
    expect(await sign()).toContain("✓");
    await field.press("Enter");
    await expect(page.getByRole("region", { name: "Used of what is allowed" })).toContainText("up to 12 s");
  });

  test("results that are higher than the pane keep their height", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.run('for _ in range(8):\n    display("line\\n" * 40)\n');
    await playground.showTab("Results");
    const cards = page.getByRole("figure", { name: "Result, Text" });
    await expect(cards).toHaveCount(8);
    const isWhole = await cards.evaluateAll((all) =>
      all.map((card) => card.scrollHeight <= card.clientHeight),
    );
    expect(isWhole).toEqual(Array(8).fill(true));
  });

  test("everything needed for a run can be done by keyboard", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.newFile("keys.py");
    await playground.type("print(input('? '))");
    await page.keyboard.press("ControlOrMeta+Enter");
    const field = page.getByRole("textbox", { name: "Input for the program" });
    await expect(field).toBeVisible();
    // The reader was typing in the editor, so the page must not have taken the caret away; F6 goes to the output.
    for (
      let step = 0;
      step < 6 && !(await field.evaluate((node) => node === document.activeElement));
      step++
    ) {
      await page.keyboard.press("F6");
      await page.keyboard.press("Tab");
    }
    await expect(field).toBeFocused();
    await page.keyboard.type("typed");
    await page.keyboard.press("Enter");
    expect(await playground.finished()).toMatch(/^Completed/);
    await expect(playground.console).toContainText("typed");
  });

  test("the theme can be chosen and is kept", async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await page.getByRole("button", { name: "Theme" }).click();
    await page.getByRole("menuitemradio", { name: "Dark theme" }).click();
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe("dark");
    await page.reload();
    expect(await theme()).toBe("dark");
  });

  test("typing works before the editor has loaded, and nothing typed is lost when it arrives", async ({
    page,
  }) => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(/monaco-editor.*\.js/, async (route) => {
      await held;
      await route.continue();
    });
    const playground = new Playground(page);
    await playground.open();
    await playground.run("print('before')");
    expect(await playground.printed("stdout")).toBe("before");
    await page.getByRole("textbox", { name: "Code of main.py" }).press("ControlOrMeta+End");
    await page.keyboard.type("\nprint('typed early')");
    release();
    await playground.editorLoaded();
    await page.keyboard.type("\nprint('typed late')");
    await playground.press();
    await playground.finished();
    expect(await playground.printed("stdout")).toBe("before\ntyped early\ntyped late");
  });

  test("the page is usable before any runtime and the full editor are there", async ({ page }) => {
    const asked: string[] = [];
    // Nothing of what comes later ever arrives.
    await page.route(/\/assets\/|monaco-editor.*\.js/, (route) => {
      asked.push(new URL(route.request().url()).pathname);
    });
    const playground = new Playground(page);
    await playground.open();
    const editor = page.getByRole("textbox", { name: "Code of main.py" });
    await expect(editor).toHaveValue(/^import csv/);
    await expect(playground.runButton).toHaveAttribute("aria-disabled", "false");
    expect(asked.filter((path) => path.startsWith("/assets/"))).toEqual([]);
    await editor.press("ControlOrMeta+End");
    await page.keyboard.type("# typed");
    await expect(editor).toHaveValue(/# typed$/);
    await expect(playground.file("main.py")).toBeVisible();
  });

  test("on a later visit the language is there before anybody asks, and nothing is loaded for it", async ({
    page,
  }) => {
    const cages = page.locator("iframe[title='Sandglass cage']");
    const playground = new Playground(page);
    await playground.open();
    await playground.editorLoaded();
    await expect(cages).toHaveCount(0);
    await playground.run("print(1)");
    // Files that are kept would open a sandbox by themselves. The end line goes when they are gone.
    await page.getByRole("button", { name: "Reset", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
    await expect(playground.status).toHaveCount(0);
    const kept = () =>
      page.evaluate(async () => (await (await caches.open("sandglass-assets")).keys()).length);
    await expect.poll(kept).toBe(7);
    const asked: string[] = [];
    page.on("request", (request) => {
      const name = /\/assets\/([\w-]+)/.exec(request.url())?.[1];
      if (name !== undefined) asked.push(name);
    });
    // Until then it is the page before that asks, for a spare of its own.
    page.on("framenavigated", (frame) => {
      if (frame === page.mainFrame()) asked.length = 0;
    });
    await page.reload();
    await expect(cages).toHaveCount(1);
    await playground.editorLoaded();
    expect(asked.sort()).toEqual(["cage", "manifest"]);
    await playground.run("print(6 * 7)");
    expect(await playground.printed("stdout")).toBe("42");
  });

  test("a language is loaded when it is needed, and no other", async ({ page }) => {
    const asked = new Set<string>();
    page.on("request", (request) => {
      const name = /\/assets\/([^?]+)/.exec(request.url())?.[1];
      if (name !== undefined) asked.add(name.replace(/\.[0-9a-f]{8,}(?=\.)/, ""));
    });
    const playground = new Playground(page);
    await playground.open();
    await playground.editorLoaded();
    expect([...asked]).toEqual([]);
    await page.getByRole("combobox", { name: "Language" }).selectOption({ label: "JavaScript" });
    await playground.run("console.log(6 * 7)");
    expect(await playground.printed("stdout")).toBe("42");
    const languages = ["pyodide.asm.wasm", "python-snapshot.bin", "quickjs.wasm", "strip-types.wasm"];
    expect(languages.filter((name) => asked.has(name))).toEqual(["quickjs.wasm"]);
    await page.getByRole("combobox", { name: "Language" }).selectOption({ label: "Python" });
    await playground.run("print(1)");
    expect(languages.filter((name) => asked.has(name))).toEqual([
      "pyodide.asm.wasm",
      "python-snapshot.bin",
      "quickjs.wasm",
    ]);
  });

  test("a page without WebAssembly says what is missing and what to do", async ({ page }) => {
    await page.addInitScript(() => {
      Reflect.deleteProperty(globalThis, "WebAssembly");
    });
    const playground = new Playground(page);
    await playground.open();
    await playground.runButton.click();
    await expect(playground.console.getByRole("alert")).toContainText("This browser has no WebAssembly");
    await expect(playground.console.getByRole("alert")).toContainText("cage-unavailable");
  });

  test("assets that cannot be loaded are a readable failure, and the next run works", async ({ page }) => {
    await page.route("**/assets/manifest.json", (route) => route.abort());
    const playground = new Playground(page);
    await playground.open();
    await playground.runButton.click();
    await expect(playground.console.getByRole("alert")).toContainText("could not be loaded");
    await page.unroute("**/assets/manifest.json");
    expect(await playground.run("print('back')")).toMatch(/^Completed/);
  });

  test("the page asks nobody but its own server for anything", async ({ page }) => {
    const origins = new Set<string>();
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http")) origins.add(url.origin);
    });
    const playground = new Playground(page);
    await playground.open();
    await playground.run("print(1)");
    await playground.editorLoaded();
    expect([...origins]).toEqual([new URL(page.url()).origin]);
  });

  test("the SDK is on globalThis.sandglass", async ({ page }) => {
    await new Playground(page).open();
    const text = await page.evaluate(async () => {
      const sandbox = await globalThis.sandglass.Sandbox.create({ assetsUrl: "/assets/" });
      const execution = await sandbox.runCode("6 * 7");
      await sandbox.kill();
      return execution.text;
    });
    expect(text).toBe("42");
  });
});
