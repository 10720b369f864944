import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

describe("the project", () => {
  it("has the folders and files its readers expect", () => {
    const expected = [
      ...["src", "public", "workers", "e2e", "tests", "docs", "examples", "bench", "scripts"],
      ...["index.html", "vite.config.ts", "package.json", "tsconfig.json", "LICENSE", ".ci/run"],
    ];
    expect(expected.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });

  it("installs from whatever registry its user has: the lock file names none", () => {
    const lock: { packages: Record<string, { resolved?: string; link?: boolean }> } = JSON.parse(
      read("package-lock.json"),
    );
    const withAddress = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined);
    expect(withAddress.map(([path]) => path)).toEqual([]);
    expect(read(".npmrc")).toContain("omit-lockfile-registry-resolved=true");
  });

  it("runs nothing of its own or of others at installation", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const hooks = ["preinstall", "install", "postinstall", "prepare", "prepublish"];
    expect(hooks.filter((name) => Object.hasOwn(scripts, name))).toEqual([]);
  });

  it("offers in package.json every command its documents name", () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read("package.json"));
    const documents = ["README.md", "docs/contributing.md"].map(read).join("\n");
    const named = [...documents.matchAll(/npm (?:run ([\w:]+)|(start|test)\b)/g)].map(
      (match) => match[1] ?? match[2] ?? "",
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it("starts from scripts that are there", () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read("package.json"));
    const files = Object.values(scripts).flatMap((line) =>
      [...line.matchAll(/node (\S+\.mjs)/g)].map((match) => match[1] ?? ""),
    );
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
  });
});
