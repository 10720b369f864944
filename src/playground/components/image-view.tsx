import { useState } from "react";

interface ImageViewProps {
  /** `data:` or `blob:` address of a raster image. */
  source: string;
  alt: string;
}

/** A picture at its natural size up to the pane; a press shows every pixel, another fits it again. */
export function ImageView({ source, alt }: ImageViewProps) {
  const [isWhole, setIsWhole] = useState(false);
  const [isBroken, setIsBroken] = useState(false);
  if (isBroken) return <p className="console__note">This picture cannot be shown: its data is damaged.</p>;
  return (
    <button
      type="button"
      className={`image${isWhole ? " image--whole" : ""}`}
      aria-pressed={isWhole}
      aria-label={`${alt}. ${isWhole ? "Fit to the pane" : "Show at full size"}`}
      onClick={() => setIsWhole(!isWhole)}
    >
      <img src={source} alt={alt} onError={() => setIsBroken(true)} />
    </button>
  );
}
