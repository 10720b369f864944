import { packMessage, unpackMessage } from "./message-pack.ts";

/** The part of a port that the worker's end of a conversation uses. */
export interface WorkerPort {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: MessageListener): void;
  removeEventListener(type: "message", listener: MessageListener): void;
  start(): void;
}
type MessageListener = (event: MessageEvent) => void;

/**
 * A port whose messages are MessagePack: what a thread sends by pipe it need not understand, and what nobody has to take
 * apart and put together again on its way is there sooner. Nothing is transferred; what was sent stays the sender's.
 */
export function packedPort(port: MessagePort): WorkerPort {
  const listeners = new Map<MessageListener, MessageListener>();
  return {
    postMessage(message) {
      const bytes = packMessage(message);
      port.postMessage(bytes, [bytes.buffer]);
    },
    addEventListener(type, listener) {
      const unpacking = ({ data }: MessageEvent<Uint8Array>) =>
        listener({ data: unpackMessage(data) } as MessageEvent);
      listeners.set(listener, unpacking);
      port.addEventListener(type, unpacking);
    },
    removeEventListener(type, listener) {
      port.removeEventListener(type, listeners.get(listener) ?? listener);
      listeners.delete(listener);
    },
    start: () => port.start(),
  };
}
