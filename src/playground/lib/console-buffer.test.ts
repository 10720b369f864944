import { describe, expect, test } from "vitest";
import { ConsoleBuffer } from "./console-buffer.ts";

function shown(buffer: ConsoleBuffer) {
  return buffer.items.map((item) =>
    item.kind === "text" ? `${item.stream}:${item.text}` : `result:${item.index}`,
  );
}

describe("ConsoleBuffer", () => {
  test("pieces of one stream join, and the order across streams and results is kept", () => {
    const buffer = new ConsoleBuffer();
    buffer.append("stdout", "a");
    buffer.append("stdout", "b\n");
    buffer.append("stderr", "oops\n");
    buffer.addResult(0);
    buffer.append("stdout", "c");
    expect(shown(buffer)).toEqual(["stdout:ab\n", "stderr:oops\n", "result:0", "stdout:c"]);
  });

  test("a carriage return replaces the open line, CR LF is a line end even when it comes in two pieces", () => {
    const buffer = new ConsoleBuffer();
    buffer.append("stdout", "kept\r");
    buffer.append("stdout", "\n10 %\r20 %\r");
    buffer.append("stdout", "30 %\n");
    expect(shown(buffer)).toEqual(["stdout:kept\n30 %\n"]);
  });

  test("terminal colours are dropped, also when a sequence arrives in two pieces", () => {
    const buffer = new ConsoleBuffer();
    buffer.append("stdout", "\x1b[31mred\x1b[0m \x1b[3");
    buffer.append("stdout", "2mgreen\x1b]0;title\x07\n");
    expect(shown(buffer)).toEqual(["stdout:red green\n"]);
  });

  test("markup stays text", () => {
    const buffer = new ConsoleBuffer();
    buffer.append("stdout", "<img src=x onerror=alert(1)>\n");
    expect(shown(buffer)).toEqual(["stdout:<img src=x onerror=alert(1)>\n"]);
  });

  test("long output is cut into blocks at line ends, and nothing of it is lost", () => {
    const buffer = new ConsoleBuffer();
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}\n`).join("");
    buffer.append("stdout", lines);
    const texts = buffer.items.map((item) => (item.kind === "text" ? item.text : ""));
    expect(texts.join("")).toBe(lines);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.every((text) => text.endsWith("\n") && text.length <= 8192)).toBe(true);
  });

  test("one endless line is cut without splitting a character", () => {
    const buffer = new ConsoleBuffer();
    const line = `x${"😀".repeat(10_000)}`;
    buffer.append("stdout", line);
    const texts = buffer.items.map((item) => (item.kind === "text" ? item.text : ""));
    expect(texts.join("")).toBe(line);
    expect(texts.every((text) => text.isWellFormed())).toBe(true);
  });

  test("more than fits the page leaves from the top and is counted", () => {
    const buffer = new ConsoleBuffer();
    const piece = `${"y".repeat(1023)}\n`;
    for (let count = 0; count < 3 * 1024; count++) buffer.append("stdout", piece);
    const kept = buffer.items.reduce((sum, item) => sum + (item.kind === "text" ? item.text.length : 0), 0);
    expect(kept + buffer.droppedCharacters).toBe(3 * 2 ** 20);
    expect(kept).toBeLessThanOrEqual(2 * 2 ** 20);
  });

  test("items that are complete keep their identity, so that only the last one is drawn again", () => {
    const buffer = new ConsoleBuffer();
    buffer.append("stdout", "a\n");
    buffer.append("stderr", "b\n");
    const [first] = buffer.items;
    buffer.append("stderr", "c\n");
    expect(buffer.items[0]).toBe(first);
  });
});
