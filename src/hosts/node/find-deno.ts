import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { SandboxError } from "../../errors.ts";

/** npm packages that carry Deno's binary for one platform each, as the package `deno` names them. */
const PLATFORM_PACKAGES: Readonly<Record<string, string>> = {
  "darwin-arm64": "@deno/darwin-arm64",
  "darwin-x64": "@deno/darwin-x64",
  "linux-arm64": "@deno/linux-arm64-glibc",
  "linux-x64": "@deno/linux-x64-glibc",
  "win32-arm64": "@deno/win32-arm64",
  "win32-x64": "@deno/win32-x64",
};

/**
 * Path of the Deno to run cages in: SANDGLASS_DENO, else the npm package `deno`, else one on PATH.
 *
 * @throws {SandboxError} `cage-unavailable` when there is none. Nothing weaker is used instead.
 */
export function findDeno(env: NodeJS.ProcessEnv = process.env): string {
  const name = process.platform === "win32" ? "deno.exe" : "deno";
  const named = env.SANDGLASS_DENO;
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw unavailable(`SANDGLASS_DENO names "${named}", and there is nothing there`);
  }
  const onPath = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const found = [fromPackage(name), ...onPath.map((dir) => join(dir, name))].find(
    (path) => path && existsSync(path),
  );
  if (found) return found;
  throw unavailable(`No Deno was found for ${process.platform} ${process.arch}`);
}

function fromPackage(name: string): string | undefined {
  const platform = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`];
  if (!platform) return undefined;
  try {
    const require = createRequire(import.meta.url);
    // The platform's package is a dependency of `deno`, which need not be visible from here.
    const fromDeno = createRequire(require.resolve("deno/package.json"));
    return join(dirname(fromDeno.resolve(`${platform}/package.json`)), name);
  } catch {
    return undefined;
  }
}

function unavailable(message: string): SandboxError {
  return new SandboxError(message, {
    code: "cage-unavailable",
    hint: "Install it with `npm install deno`, or set SANDGLASS_DENO to its path.",
  });
}
