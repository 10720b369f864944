import Markdown from "react-markdown";

/**
 * A guest's Markdown as elements, never as HTML text: raw HTML in it stays text, and links and pictures keep only their
 * words, because an address is a way out for data.
 */
export default function MarkdownView({ markdown }: { markdown: string }) {
  return (
    <div className="markdown">
      <Markdown
        components={{
          a: ({ children, href }) => <span title={href}>{children}</span>,
          img: ({ alt }) => <span>{alt}</span>,
        }}
      >
        {markdown}
      </Markdown>
    </div>
  );
}
