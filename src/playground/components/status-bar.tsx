import { useEffect, useRef, useState } from "react";
import { view } from "../store/view.ts";
import { useRun, useView } from "./hooks.ts";
import { statusLine } from "./status-words.ts";

const MESSAGE_SHOWN_MS = 6000;

/** The line at the foot of the page, and what screen readers hear of a run. */
export function StatusBar() {
  const words = useRun(statusLine);
  return (
    <footer className="status-bar">
      <span className="status-bar__state">{words}</span>
      <Message />
      <span className="status-bar__place">Runs in this tab. Nothing is uploaded.</span>
      <Announcer words={words} />
    </footer>
  );
}

/** On a phone there is no such line: only what has just happened, and what screen readers hear. */
export function PhoneStatus() {
  const words = useRun(statusLine);
  return (
    <>
      <Message />
      <Announcer words={words} />
    </>
  );
}

/** A short message that goes by itself, such as "Output copied." */
function Message() {
  const message = useView((state) => state.message);
  useEffect(() => {
    if (message === null) return;
    const timer = setTimeout(() => view.getState().say(null), MESSAGE_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [message]);
  return (
    <span className="status-bar__message" role="status">
      {message}
    </span>
  );
}

const ANNOUNCE_EVERY_MS = 1500;

/** Says each state once; loading figures at most every second and a half. */
function Announcer({ words }: { words: string }) {
  const [said, setSaid] = useState("");
  const lastMs = useRef(0);
  useEffect(() => {
    const waitMs = /\d of \d/.test(words)
      ? Math.max(lastMs.current + ANNOUNCE_EVERY_MS - performance.now(), 0)
      : 0;
    const timer = setTimeout(() => {
      lastMs.current = performance.now();
      setSaid(words);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <span className="visually-hidden" aria-live="polite" data-testid="announcer">
      {said === "Ready" ? "" : said}
    </span>
  );
}
