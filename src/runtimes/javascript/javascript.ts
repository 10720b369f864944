import { SandboxError } from "../../errors.ts";
import { ASSETS } from "../../protocol/assets.ts";
import type { Runtime, RuntimeHost, RuntimeOutcome, RuntimeRun } from "../runtime.ts";
import { type ContextImage, GuestContext } from "./context.ts";
import { LEAST_MEMORY_BYTES } from "./engine.ts";
import { openContextImage } from "./image.ts";
import { createTypeStripper, type TypeStripper } from "./typescript.ts";

/**
 * JavaScript and TypeScript on QuickJS. Each context is an engine of its own: its variables, its memory limit, its
 * modules; contexts share nothing but the filesystem.
 *
 * - A program with `import`, `export` or `import.meta` is a module, any other a sloppy script with `require`; both may
 *   await at the top. What a program declares at its top level is there for the next one of the context, live, and may
 *   be declared again.
 * - The value of the last expression statement is the main result; a promise gives what it is fulfilled with.
 * - A run ends as in node: when nothing is pending any more, at `process.exit`, or at an uncaught error or rejection.
 * - `process.argv[0]` is "javascript" and `process.platform` is "wasi": programs that ask take their POSIX ways.
 * - Dates are UTC, and words and numbers for people are English, on every host.
 */
export function createJavaScriptRuntime(host: RuntimeHost): Runtime {
  let engine: WebAssembly.Module | undefined;
  /** What a context starts from; without one it evaluates the bootstrap. */
  let image: ContextImage | undefined;
  let bootInfo: Runtime["bootInfo"];
  let stripper: TypeStripper | undefined;
  const contexts = new Map<string, GuestContext>();
  /** Started before anybody asked for it. */
  let ready: Promise<GuestContext> | undefined;

  const startStripper = async (): Promise<void> => {
    host.progress("Loading TypeScript");
    stripper = await createTypeStripper(await host.loadAsset(ASSETS.stripTypesWasm));
  };
  const startStripperIfThere = async (): Promise<void> => {
    const bytes = await host.loadOptionalAsset(ASSETS.stripTypesWasm);
    if (bytes) stripper = await createTypeStripper(bytes);
  };

  const boot = async (): Promise<void> => {
    if (engine) return;
    const { memoryBytes } = host.limits;
    if (memoryBytes < LEAST_MEMORY_BYTES) {
      throw new SandboxError(
        `limits.memoryBytes is ${memoryBytes}; JavaScript needs at least ${LEAST_MEMORY_BYTES}`,
        { code: "invalid-argument", hint: "Raise limits.memoryBytes; the default is 536870912." },
      );
    }
    host.progress("Starting JavaScript");
    engine =
      (await host.loadCompiled?.(ASSETS.quickjsWasm)) ??
      (await WebAssembly.compile((await host.loadAsset(ASSETS.quickjsWasm)) as Uint8Array<ArrayBuffer>));
    await openImage();
    await prepareContext().catch(() => {});
    // There only when TypeScript is wanted.
    await startStripperIfThere();
  };

  const openImage = async (): Promise<void> => {
    const file = await host.loadOptionalAsset(ASSETS.javascriptSnapshot);
    if (file === undefined) return noteSlower("this build has no snapshot");
    const opened = openContextImage(file, engine!);
    if (opened.image === undefined) return noteSlower(opened.note);
    image = opened.image;
    bootInfo = { fromSnapshot: true };
  };
  const noteSlower = (note: string): void => {
    image = undefined;
    bootInfo = { fromSnapshot: false, note };
  };

  const createContext = async (): Promise<GuestContext> => {
    const create = (from: ContextImage | undefined) =>
      GuestContext.create(host, engine!, () => stripper, from);
    try {
      return await create(image);
    } catch (error) {
      if (!image) throw error;
      // Where that fails as well, it was not the snapshot's fault.
      const context = await create(undefined);
      noteSlower(`the snapshot did not load: ${error instanceof Error ? error.message : String(error)}`);
      return context;
    }
  };

  const prepareContext = (): Promise<GuestContext> => {
    const context = createContext();
    ready = context;
    // Where there is no memory for it, the run that needs it tries again, and tells.
    context.catch(() => {
      if (ready === context) ready = undefined;
    });
    return context;
  };

  const contextFor = async (contextId: string): Promise<GuestContext> => {
    const known = contexts.get(contextId);
    if (known) return known;
    await boot();
    const context = await (ready ?? prepareContext());
    ready = undefined;
    contexts.set(contextId, context);
    return context;
  };

  return {
    boot,
    get bootInfo() {
      return bootInfo;
    },
    async run(run, io, contextId): Promise<RuntimeOutcome> {
      const context = await contextFor(contextId);
      if (!stripper && run.language === "typescript") await startStripper();
      if (!stripper && mayImportTypes(run)) await startStripperIfThere();
      const outcome = await context.run(run, io);
      if (outcome.stateLost) contexts.delete(contextId);
      return outcome;
    },
    async ready() {
      await (ready ?? prepareContext());
    },
    disposeContext(contextId) {
      contexts.delete(contextId);
    },
    async reset() {
      contexts.clear();
      // The next run's context starts as soon as this has been answered.
      if (engine && !ready) setTimeout(() => prepareContext().catch(() => {}));
      return true;
    },
    dispose() {
      contexts.clear();
      ready = undefined;
    },
  };
}

/** Whether a JavaScript program may import TypeScript files: it names files at all. The stripper starts in 50 ms. */
function mayImportTypes(run: RuntimeRun): boolean {
  return typeof run.code === "string" && /["'](?:\.{1,2}\/|\/|file:)/.test(run.code);
}
