import { useEffect, useState } from "react";
import { describeFailure } from "../lib/failure.ts";
import { formatBytes } from "../lib/format.ts";
import { extensionOf, imageTypeOf } from "../lib/paths.ts";
import { tableOf } from "../lib/tables.ts";
import { session } from "../session.ts";
import { ImageView } from "./image-view.tsx";
import { JsonView } from "./json-view.tsx";
import { TableView } from "./table-view.tsx";
import { UntrustedFrame } from "./untrusted-frame.tsx";

type Content =
  | { kind: "loading" }
  | { kind: "problem"; message: string }
  | { kind: "image"; source: string }
  | { kind: "page"; type: "html" | "svg"; markup: string }
  | { kind: "json"; value: unknown }
  | { kind: "text"; text: string; isCut: boolean }
  | { kind: "bytes"; bytes: Uint8Array };

/** Text shown in a preview; the download has the rest. */
const SHOWN_CHARACTERS = 200_000;
const SHOWN_BYTES = 4096;

/** A file's content, in the form its kind asks for; pages only ever in a frame that cannot reach anything. */
export function FileContent({ path, version }: { path: string; version: string }) {
  const [content, setContent] = useState<Content>({ kind: "loading" });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` changes when the file does.
  useEffect(() => {
    let isGone = false;
    let url: string | undefined;
    session.read(path).then(
      (bytes) => {
        if (isGone) return;
        const next = contentOf(path, bytes);
        if (next.kind === "image") url = next.source;
        setContent(next);
      },
      (error) => {
        if (!isGone) setContent({ kind: "problem", message: describeFailure(error).message });
      },
    );
    return () => {
      isGone = true;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [path, version]);

  switch (content.kind) {
    case "loading":
      return <p className="console__note">Reading the file</p>;
    case "problem":
      return <p className="field__problem">{content.message}</p>;
    case "image":
      return <ImageView source={content.source} alt={path} />;
    case "page":
      return <UntrustedFrame kind={content.type} markup={content.markup} title={path} />;
    case "json": {
      const table = tableOf(content.value);
      return table === null ? <JsonView value={content.value} /> : <TableView table={table} name={path} />;
    }
    case "text":
      return (
        <>
          <pre className="result__text">{content.text}</pre>
          {content.isCut && <p className="console__note">The file goes on. Download it to read the rest.</p>}
        </>
      );
    case "bytes":
      return (
        <>
          <p className="console__note">
            Not text: {formatBytes(content.bytes.length)}
            {content.bytes.length > SHOWN_BYTES &&
              `, of which the first ${formatBytes(SHOWN_BYTES)} are shown`}
            .
          </p>
          <pre className="result__text">{hexDump(content.bytes.subarray(0, SHOWN_BYTES))}</pre>
        </>
      );
  }
}

function contentOf(path: string, bytes: Uint8Array): Content {
  const imageType = imageTypeOf(path);
  if (imageType !== null) {
    return {
      kind: "image",
      source: URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: imageType })),
    };
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { kind: "bytes", bytes };
  }
  const extension = extensionOf(path);
  if (extension === ".svg") return { kind: "page", type: "svg", markup: text };
  if (extension === ".html" || extension === ".htm") return { kind: "page", type: "html", markup: text };
  if (extension === ".json") {
    try {
      return { kind: "json", value: JSON.parse(text) };
    } catch {
      // Not JSON after all: shown as text.
    }
  }
  return { kind: "text", text: text.slice(0, SHOWN_CHARACTERS), isCut: text.length > SHOWN_CHARACTERS };
}

/** Sixteen bytes a line: offset, hexadecimal, and what is printable. */
function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += 16) {
    const row = [...bytes.subarray(offset, offset + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${offset.toString(16).padStart(8, "0")}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines.join("\n");
}
