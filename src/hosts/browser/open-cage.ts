import type { Cage, CageRequest } from "../../client/cage.ts";
import { SandboxError } from "../../errors.ts";
import { ASSETS, type AssetName } from "../../protocol/assets.ts";
import type { AssetDelivery, FrameStart } from "../../protocol/control.ts";
import { cageStart } from "../cage-start.ts";
import { SupervisorLink } from "../supervisor-link.ts";
import { type AssetStore, getAssetStore } from "./assets.ts";

/** The frame's document and worker start in 50–200 ms; a browser that blocks them never answers. */
const START_TIMEOUT_MS = 15_000;

/** Beside the library's own files in the package: dist/lib/hosts/browser/ → dist/assets/. */
const DEFAULT_ASSETS_URL = new URL(/* @vite-ignore */ "../../../assets/", import.meta.url);

/**
 * Opens an opaque-origin frame whose own policy allows no network, with a classic blob worker in it. Every byte it gets
 * comes by message.
 *
 * @throws {SandboxError} `cage-unavailable` when this is no page, or the browser blocks frame or worker.
 */
export async function openBrowserCage(request: CageRequest): Promise<Cage> {
  refuseUnsupported();
  const store = storeOf(request.assetsUrl);
  // The frame's process starts meanwhile.
  const loading = store.load([ASSETS.engine], request.onProgress);
  loading.catch(() => {});
  const frameUrl = await store.getUrl(ASSETS.browserCage);

  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.setAttribute("referrerpolicy", "no-referrer");
  if (globalThis.crossOriginIsolated) frame.setAttribute("allow", "cross-origin-isolated");
  frame.setAttribute("aria-hidden", "true");
  frame.tabIndex = -1;
  frame.title = "Sandglass cage";
  // display:none, not off-screen: the frame never paints, and its messages are delivered all the same.
  frame.style.display = "none";
  frame.src = frameUrl.href;

  const control = new MessageChannel();
  const worker = new MessageChannel();
  const link = new SupervisorLink({
    tell: (message, transfer = []) => control.port1.postMessage(message, transfer),
    destroy() {
      control.port1.close();
      worker.port1.close();
      frame.remove();
    },
  });
  control.port1.onmessage = ({ data }) => link.receive(data);
  const provide: Cage["provide"] = (names, onProgress) =>
    link.provide(names, async (missing, requestId) => {
      const deliver = (assets: Record<string, Blob>, rest: { absent: string[]; isLast: boolean }) =>
        control.port1.postMessage({ type: "assets", requestId, assets, ...rest } satisfies AssetDelivery);
      const arrived = new Set<AssetName>();
      try {
        await store.load(missing, onProgress, (name, content) => {
          arrived.add(name);
          deliver({ [name]: content }, { absent: [], isLast: false });
        });
      } finally {
        // Also when one could not be loaded: what will not come must not be waited for.
        deliver({}, { absent: missing.filter((name) => !arrived.has(name)), isLast: true });
      }
    });

  frame.addEventListener(
    "load",
    async () => {
      const assets = await loading.catch(() => undefined);
      if (!assets) return;
      const start: FrameStart = { type: "start", engine: assets.get(ASSETS.engine)!, ...cageStart(request) };
      // The frame's origin is opaque: there is no origin to name but "*", and only its own document can be in it.
      frame.contentWindow?.postMessage(start, "*", [control.port2, worker.port2]);
    },
    { once: true },
  );
  // A page whose policy forbids the frame loads an error page in its place, which never answers.
  const onViolation = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent) => {
    if (effectiveDirective === "frame-src" && frame.src.startsWith(blockedURI)) {
      link.end("died", `the page's policy forbids it (${effectiveDirective})`);
    }
  };
  document.addEventListener("securitypolicyviolation", onViolation);
  document.body.append(frame);
  provide(request.assets ?? [], request.onProgress).catch(() => {});
  try {
    const closed = link.closed.then(({ detail }) => Promise.reject(blocked(detail)));
    await Promise.race([loading, closed]);
    await within(START_TIMEOUT_MS, Promise.race([link.ready, closed]));
  } catch (error) {
    link.end("died", "the frame did not start");
    throw error;
  } finally {
    document.removeEventListener("securitypolicyviolation", onViolation);
  }

  const cage: Cage = {
    description: "an opaque-origin frame without network, with a blob worker in it",
    canInterrupt: link.canInterrupt,
    onMessage: undefined,
    post: (message, transfer = []) => worker.port1.postMessage(message, transfer),
    provide,
    hold() {},
    letGo() {},
    interrupt: () => link.interrupt(),
    ping: () => link.ping(),
    kill: () => link.end("killed", "the cage was killed"),
    closed: link.closed,
  };
  worker.port1.onmessage = ({ data }) => cage.onMessage?.(data);
  // Shared memory, say: no message of ours looks like that.
  for (const port of [control.port1, worker.port1]) {
    port.onmessageerror = () => link.end("protocol-violation", "the frame sent what cannot be received");
  }
  return cage;
}

/** Whether a cage with these assets can be opened without loading any: the copies of an earlier visit are there. */
export async function isAtHand(
  assets: readonly AssetName[],
  assetsUrl: string | URL | undefined,
): Promise<boolean> {
  // What cannot even be asked for is not at hand.
  return storeOf(assetsUrl)
    .hasCopies([ASSETS.engine, ...assets])
    .catch(() => false);
}

function storeOf(assetsUrl: string | URL | undefined): AssetStore {
  const base = new URL(assetsUrl ?? DEFAULT_ASSETS_URL, document.baseURI);
  base.search = "";
  base.hash = "";
  return getAssetStore(new URL(base.href.endsWith("/") ? base.href : `${base.href}/`));
}

function refuseUnsupported(): void {
  const missing = [
    ["a document", typeof document === "object"],
    ["WebAssembly", typeof WebAssembly === "object"],
    ["Worker", typeof Worker === "function"],
    ["MessageChannel", typeof MessageChannel === "function"],
  ].flatMap(([name, isThere]) => (isThere ? [] : [name]));
  if (missing.length === 0) return;
  throw new SandboxError(`This browser has no ${missing.join(", no ")}, which the sandbox needs`, {
    code: "cage-unavailable",
    hint: "Use a current Chromium, Firefox or Safari, and call from a page.",
  });
}

function blocked(detail: string): SandboxError {
  return new SandboxError(`The sandbox's frame or its worker could not start: ${detail}`, {
    code: "cage-unavailable",
    hint: "Look for an extension or a policy of the page (frame-src, child-src) that blocks frames or blob workers.",
  });
}

function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(blocked(`it did not answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
