import { createStore } from "zustand/vanilla";

export const OUTPUT_TABS = ["console", "results", "trace"] as const;
export type OutputTab = (typeof OUTPUT_TABS)[number];

/** On a phone one part of the page is shown at a time. */
export const PHONE_VIEWS = ["code", "output", "files", "allowed"] as const;
export type PhoneView = (typeof PHONE_VIEWS)[number];

/** Which parts of the page are in front. */
export interface ViewStore {
  outputTab: OutputTab;
  phoneView: PhoneView;
  isDrawerOpen: boolean;
  /** Path shown in the preview dialog. */
  previewPath: string | null;
  /** A short message at the foot of the page, such as "Copied". */
  message: string | null;
  showOutput(tab: OutputTab): void;
  showPhoneView(view: PhoneView): void;
  setDrawerOpen(isOpen: boolean): void;
  preview(path: string | null): void;
  say(message: string | null): void;
}

export const view = createStore<ViewStore>((set) => ({
  outputTab: "console",
  phoneView: "code",
  isDrawerOpen: false,
  previewPath: null,
  message: null,
  showOutput: (outputTab) => set({ outputTab, phoneView: "output" }),
  showPhoneView: (phoneView) => set({ phoneView }),
  setDrawerOpen: (isDrawerOpen) => set({ isDrawerOpen }),
  preview: (previewPath) => set({ previewPath }),
  say: (message) => set({ message }),
}));
