import { describe, expect, test } from "vitest";
import {
  clampHeight,
  guessHtmlHeight,
  htmlFrameDocument,
  STATIC_FRAME_POLICY,
  svgFrameDocument,
  svgSize,
} from "./frames.ts";

describe("frames for untrusted output", () => {
  test("the policy forbids everything but inline styles and data: pictures and fonts", () => {
    expect(STATIC_FRAME_POLICY).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'",
    );
  });

  test.each([htmlFrameDocument, svgFrameDocument])(
    "the policy stands before anything of the guest's",
    (wrap) => {
      const hostile = `--><svg></svg><meta http-equiv="Content-Security-Policy" content="default-src *">`;
      const document = wrap(hostile);
      expect(document.indexOf(STATIC_FRAME_POLICY)).toBeGreaterThan(0);
      expect(document.indexOf(STATIC_FRAME_POLICY)).toBeLessThan(document.indexOf("-->"));
      // Nothing may open before the policy that the guest could close: no comment, no attribute, no other element's text.
      expect(document.slice(0, document.indexOf(STATIC_FRAME_POLICY))).toBe(
        '<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="',
      );
    },
  );

  test.each([
    ['<svg width="480" height="156">', { width: 480, height: 156 }],
    ["<svg viewBox='0 0 200 100'>", { width: 200, height: 100 }],
    ['<svg width="400" viewBox="0,0,200,100">', { width: 400, height: 200 }],
    ['<?xml version="1.0"?>\n<svg\n height="72pt" width="1in">', { width: 96, height: 96 }],
    ['<svg width="100%" height="100%">', null],
    ['<svg width="-5" height="1e999">', null],
    ["<p>none</p>", null],
  ])("the size of %s is read from its text", (svg, size) => {
    expect(svgSize(svg)).toEqual(size);
  });

  test("an SVG without a viewBox gets one, so that it scales instead of being cut", () => {
    expect(svgFrameDocument('<svg width="20" height="10"></svg>')).toContain(
      '<svg viewBox="0 0 20 10" width="20"',
    );
    expect(svgFrameDocument('<svg viewBox="0 0 2 1"></svg>').match(/viewBox/g)).toHaveLength(1);
  });

  test("heights are finite and clamped, whatever a document asks for", () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, -1, 1e9, 100.4].map(clampHeight)).toEqual([
      48, 48, 48, 4000, 100,
    ]);
    expect(guessHtmlHeight("<p>".repeat(100_000))).toBe(560);
    expect(guessHtmlHeight("word")).toBe(64);
  });
});
