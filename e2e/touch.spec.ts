import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "playwright/test";
import { assetFile } from "../tests/support/assets.ts";
import { Playground } from "./pages/playground.ts";

/** CSS pixels that a finger needs, each way. */
const TARGET = 44;

/** Everything that can be pressed, by role and name, whose box is smaller than a finger. */
function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate((target) => {
    const pressable =
      "a[href], button, input, select, textarea, summary, [role=tab], [role=button], [role=treeitem], [role^=menuitem], [role=separator], [title^='Close the tab']";
    return [...document.querySelectorAll<HTMLElement>(pressable)]
      .filter((element) => element.checkVisibility() && !element.closest("[aria-hidden=true]"))
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width < target - 0.01 || box.height < target - 0.01)
      .map(({ element, box }) => {
        const name = element.ariaLabel || element.textContent || element.className;
        return `${element.role ?? element.tagName.toLowerCase()} "${name.trim()}" ${box.width.toFixed(1)} x ${box.height.toFixed(1)}`;
      });
  }, TARGET);
}

const SHOWS_ALL = `print("x" * 400)
class Json:
    def __init__(self, value):
        self.value = value
    def _repr_json_(self):
        return self.value
class Page:
    def _repr_svg_(self):
        return '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="2000"><rect width="9" height="9"/></svg>'
    def _repr_html_(self):
        return "<p>both</p>" * 200
display(Json([{"a": n, "b": n * n} for n in range(1500)]))
display(Json({"deep": {"er": [1, 2, {"x": 3}]}, "list": list(range(300))}))
display(Page())
open("chart.svg", "w").write(Page()._repr_svg_())
open("n", "w").write("n")
print(input("Name? "))
`;

for (const [name, options] of [
  ["a phone", { isMobile: true, hasTouch: true }],
  ["a window as narrow as a phone", {}],
] as const) {
  test(`on ${name} everything that can be pressed is a finger wide and high`, async ({
    browser,
    baseURL,
  }) => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      permissions: ["clipboard-read", "clipboard-write"],
      ...options,
      ...(baseURL ? { baseURL } : {}),
    });
    const page = await context.newPage();
    const playground = new Playground(page);
    await playground.open();
    const small: Record<string, string[]> = {};
    const measure = async (place: string) => {
      const found = await tooSmall(page);
      if (found.length > 0) small[place] = found;
    };
    const show = (part: string) =>
      page.getByRole("navigation").getByRole("button", { name: part, exact: true }).click();
    await measure("first visit");
    await page.getByRole("button", { name: "Examples" }).click();
    await measure("examples");
    await page.keyboard.press("Escape");

    await playground.start(SHOWS_ALL);
    await expect(page.getByRole("textbox", { name: "Input for the program" })).toBeVisible();
    await measure("asked for input");
    await playground.answer("Ada");
    expect(await playground.finished()).toMatch(/^Completed exit code 0/);
    await measure("console");
    await page.getByRole("log", { name: "Console" }).evaluate((element) => element.scrollTo(0, 0));
    await expect(page.getByRole("button", { name: "To the end" })).toBeVisible();
    await measure("console, scrolled up");
    await playground.showTab("Results");
    for (const button of await page.getByRole("button", { name: /^(HTML|Text)$/ }).all()) {
      await button.click();
      await measure(`results, ${await button.textContent()}`);
    }
    await playground.showTab("Trace");
    await measure("trace");

    await show("Files");
    await measure("files");
    await playground.file("n").hover();
    await page.getByRole("button", { name: "Actions for n", exact: true }).click();
    await measure("a file's menu");
    await page.getByRole("menuitem", { name: "Preview" }).click();
    await measure("preview");
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("region", { name: "Files" }).getByRole("button", { name: "New file" }).click();
    await measure("a question");
    await page.getByRole("button", { name: "Cancel" }).click();

    await show("Allowed");
    await playground.setLimit("Time limit in seconds", "1");
    await measure("allowed");
    await show("Code");
    await playground.run("while True: pass\n");
    await measure("a limit that was reached");

    const quickjs = await readFile(assetFile("quickjs.wasm"));
    await playground.chooseModule({ name: "quickjs.wasm", mimeType: "application/wasm", buffer: quickjs });
    await expect(playground.about("quickjs.wasm")).toContainText("SHA-256");
    await measure("a module");
    expect(small).toEqual({});
    await context.close();
  });
}
