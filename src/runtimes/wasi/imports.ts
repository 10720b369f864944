import { errnoOf, SNAPSHOT0 } from "./abi.ts";
import { fdCalls } from "./calls-fd.ts";
import { ioCalls } from "./calls-io.ts";
import { pathCalls } from "./calls-path.ts";
import { pollCalls } from "./calls-poll.ts";
import { processCalls, socketCalls } from "./calls-process.ts";
import { GuestCrashed, isEnding } from "./ended.ts";
import { type Call, throwIfStopped, type WasiProcess } from "./process.ts";
import { snapshot0Calls } from "./snapshot0.ts";
import { suspending } from "./suspension.ts";

/** The calls that may have to wait for something outside: the ones JSPI suspends. */
const WAITING_CALLS: ReadonlySet<string> = new Set(["fd_read", "poll_oneoff"]);

/** What a module is instantiated with: the calls it imports, of preview 1 or of the snapshot before it. */
export function wasiImports(
  process: WasiProcess,
  wanted: readonly { module: string; name: string }[],
): WebAssembly.Imports {
  // Looked up group by group: merging the 46 into one object took longer than instantiating a small module.
  const groups: readonly Readonly<Record<string, Call>>[] = [
    ioCalls(process),
    processCalls(process),
    fdCalls(process),
    pathCalls(process),
    pollCalls(process),
    socketCalls(process),
  ];
  const find = (name: string): Call => {
    const group = groups.find((one) => Object.hasOwn(one, name));
    // Only for a name that `assertRunnable` let pass and no group has: a mistake of ours.
    if (group === undefined) throw new Error(`${name} is not implemented`);
    return group[name]!;
  };
  const older = wanted.some(({ module }) => module === SNAPSHOT0)
    ? snapshot0Calls(find, process.memory)
    : undefined;

  const imports: Record<string, WebAssembly.ModuleImports> = {};
  for (const { module, name } of wanted) {
    const differs = module === SNAPSHOT0 && older !== undefined && Object.hasOwn(older, name);
    const call = guard(process, differs ? older[name as keyof typeof older] : find(name));
    imports[module] ??= {};
    imports[module][name] = process.canSuspend && WAITING_CALLS.has(name) ? suspending(call) : call;
  }
  return imports;
}

type HostCall = (...args: unknown[]) => number | Promise<number>;

/**
 * The border: nothing is thrown into the guest but what ends it. Every call looks whether the run is being stopped, and
 * one that comes after the end (a guest can catch what unwinds it) unwinds the guest again.
 */
function guard(process: WasiProcess, call: Call): HostCall {
  // The arguments were checked against the call's type before the module was compiled: see `assertRunnable`.
  const plain = call as HostCall;
  const answerTo = (error: unknown): number => {
    if (isEnding(error)) throw error;
    const errno = errnoOf(error);
    if (errno !== undefined) return errno;
    // Not to be survived: a guest that went on from the stack's edge could cut our calls in half again and again.
    process.ending = new GuestCrashed(error);
    throw process.ending;
  };
  // Fixed parameters spare an array on each call: four for the hot ones, nine is the most any has.
  if (call.length <= 4) {
    return (a, b, c, d) => {
      if (process.ending !== undefined) throw process.ending;
      throwIfStopped(process);
      try {
        const answer = plain(a, b, c, d);
        return typeof answer === "number" ? answer : answer.catch(answerTo);
      } catch (error) {
        return answerTo(error);
      }
    };
  }
  return (a, b, c, d, e, f, g, h, i) => {
    if (process.ending !== undefined) throw process.ending;
    throwIfStopped(process);
    try {
      const answer = plain(a, b, c, d, e, f, g, h, i);
      return typeof answer === "number" ? answer : answer.catch(answerTo);
    } catch (error) {
      return answerTo(error);
    }
  };
}
