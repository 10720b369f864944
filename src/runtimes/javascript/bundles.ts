import type { MimeBundle } from "../../protocol/api.ts";
import type { CallArguments } from "./host-calls.ts";

const FORMATS = [
  ...(["text", "html", "markdown", "svg", "png"] as const),
  ...(["jpeg", "pdf", "latex", "json", "javascript"] as const),
] satisfies readonly (keyof MimeBundle)[];

/** Deepest JSON that leaves the guest: what reads it later may recurse. */
const MAX_JSON_DEPTH = 100;

/** Reads a bundle from a guest: after the first argument, formats and their texts. Undefined when nothing is left. */
export function toMimeBundle(args: CallArguments): MimeBundle | undefined {
  const bundle: MimeBundle = {};
  for (let i = 1; i + 1 < args.count; i += 2) {
    const format = FORMATS.find((each) => each === args.text(i));
    const text = args.text(i + 1);
    if (format === undefined) continue;
    if (format !== "json") bundle[format] = text;
    else if (depthOf(text) <= MAX_JSON_DEPTH) bundle.json = JSON.parse(text);
  }
  return Object.keys(bundle).length > 0 ? bundle : undefined;
}

/** How deep brackets nest in JSON text, strings left aside. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let isText = false;
  for (let i = 0; i < json.length; i++) {
    const char = json[i];
    if (isText) {
      if (char === "\\") i++;
      else if (char === '"') isText = false;
    } else if (char === '"') isText = true;
    else if (char === "[" || char === "{") deepest = Math.max(deepest, ++depth);
    else if (char === "]" || char === "}") depth--;
  }
  return deepest;
}
