import * as Comlink from "comlink";
import type { FromWorker, WorkerApi } from "../protocol/api.ts";
import type { WorkerPort } from "../protocol/packed-port.ts";

/**
 * Exposes the engine's API on a port. Replies and events leave by the same port as two channels, so that what a run
 * printed is always there before its answer.
 *
 * @returns the way events take.
 */
export function createEndpoint(port: WorkerPort) {
  const post = (message: FromWorker, transfer: Transferable[] = []) => port.postMessage(message, transfer);
  return {
    emit: (event: Extract<FromWorker, { channel: "event" }>["event"], transfer?: Transferable[]) =>
      post({ channel: "event", event }, transfer),
    expose(api: WorkerApi): void {
      Comlink.expose(api, {
        addEventListener: port.addEventListener.bind(port) as Comlink.Endpoint["addEventListener"],
        removeEventListener: port.removeEventListener.bind(port) as Comlink.Endpoint["removeEventListener"],
        postMessage: (message: unknown, transfer?: Transferable[]) =>
          post({ channel: "reply", message }, transfer),
        start: () => port.start(),
      });
    },
  };
}
