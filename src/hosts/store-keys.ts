import type { Space } from "../client/store/place.ts";

/** What a store puts into a folder. Anything else in it is somebody else's, and left alone. */
export const STORE_KEYS: Readonly<Record<Space, RegExp>> = {
  blobs: /^[0-9a-f]{64}$/,
  names: /^s-[a-z0-9._+-]{1,200}$/,
  meta: /^[a-z]{1,20}$/,
};
