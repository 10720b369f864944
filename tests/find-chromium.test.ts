import { describe, expect, it } from "vitest";
import { findChromium } from "../scripts/find-chromium.mjs";

type World = NonNullable<Parameters<typeof findChromium>[0]>;

interface Machine {
  /** Files that are there and start. */
  usable?: string[];
  /** Files that are there and do not start. */
  broken?: string[];
  /** What a command, once run, makes usable: by its first words. */
  installs?: Record<string, string>;
  world?: Partial<World>;
}

/** A machine of which nothing is real but the search itself; `ran` lists the installers it started. */
function machine({ usable = [], broken = [], installs = {}, world = {} }: Machine) {
  const present = new Set(usable);
  const ran: string[] = [];
  const fake: World = {
    env: { PATH: "/opt/bin" },
    platform: "linux",
    uid: 1000,
    isExecutable: (path) => present.has(path) || broken.includes(path),
    isDebian: () => true,
    playwrightPath: async () => "/cache/chrome",
    run: (command, args) => {
      if (args[0] === "--version") return present.has(command);
      const line = [command, ...args].join(" ").replace(/^.*cli\.js/, "playwright");
      ran.push(line);
      const made = Object.entries(installs).find(([words]) => line.startsWith(words))?.[1];
      if (made) present.add(made);
      return made !== undefined;
    },
    say: () => {},
    ...world,
  };
  return { fake, ran };
}

describe("findChromium", () => {
  it("takes CHROMIUM_PATH before everything else", async () => {
    const { fake } = machine({
      usable: ["/mine", "/usr/bin/chromium"],
      world: { env: { CHROMIUM_PATH: "/mine" } },
    });
    expect(await findChromium(fake)).toBe("/mine");
  });

  it("refuses a CHROMIUM_PATH that does not start instead of taking another browser silently", async () => {
    const { fake } = machine({
      usable: ["/usr/bin/chromium"],
      world: { env: { CHROMIUM_PATH: "/mine" } },
    });
    await expect(findChromium(fake)).rejects.toThrow(
      "CHROMIUM_PATH is /mine, which is not a browser that starts here.",
    );
  });

  it("takes the system's from PATH without installing anything", async () => {
    const { fake, ran } = machine({ usable: ["/opt/bin/google-chrome", "/cache/chrome"] });
    expect(await findChromium(fake)).toBe("/opt/bin/google-chrome");
    expect(ran).toEqual([]);
  });

  it("looks among macOS applications on macOS only", async () => {
    const app = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    const mac = machine({ usable: [app, "/cache/chrome"], world: { platform: "darwin" } });
    expect(await findChromium(mac.fake)).toBe(app);
    const linux = machine({ usable: [app, "/cache/chrome"] });
    expect(await findChromium(linux.fake)).toBe("/cache/chrome");
  });

  it("passes over a system browser that is there but does not start", async () => {
    const { fake } = machine({ broken: ["/usr/bin/chromium-browser"], usable: ["/cache/chrome"] });
    expect(await findChromium(fake)).toBe("/cache/chrome");
  });

  it("downloads Playwright's own when there is none", async () => {
    const { fake, ran } = machine({ installs: { "playwright install": "/cache/chrome" } });
    expect(await findChromium(fake)).toBe("/cache/chrome");
    expect(ran).toEqual(["playwright install chromium"]);
  });

  it("falls back to apt as root on Debian when the download fails", async () => {
    const { fake, ran } = machine({
      installs: { "apt-get install": "/usr/bin/chromium" },
      world: { uid: 0 },
    });
    expect(await findChromium(fake)).toBe("/usr/bin/chromium");
    expect(ran).toEqual([
      "playwright install chromium",
      "apt-get update",
      "apt-get install -y --no-install-recommends chromium",
    ]);
  });

  it.each([
    ["not root", { uid: 1000 }],
    ["not Debian", { uid: 0, isDebian: () => false }],
  ])("says in one line what to install when all fails and the user is %s", async (_why, world) => {
    const { fake, ran } = machine({ world });
    const error = await findChromium(fake).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toBe(
      "No Chromium was found and none could be installed: install one (Debian: `sudo apt-get install chromium`; " +
        "anywhere: `npx playwright install --with-deps chromium`) or set CHROMIUM_PATH to yours, then run this again.",
    );
    expect(ran).toEqual(["playwright install chromium"]);
  });

  it("installs nothing when told not to", async () => {
    const { fake, ran } = machine({
      installs: { "playwright install": "/cache/chrome" },
      world: { env: { SANDGLASS_NO_INSTALL: "1" } },
    });
    await expect(findChromium(fake)).rejects.toThrow("No Chromium was found");
    expect(ran).toEqual([]);
  });
});
