import { describe } from "vitest";
import { snapshotStoreContract } from "../../client/store/snapshot-store.contract.ts";
import { openBrowserPlace } from "./browser-place.ts";
import { openIndexedDbPlace } from "./indexed-db-place.ts";

const { storage, locks } = navigator;
const createLocation = () => crypto.randomUUID();

snapshotStoreContract({ kind: "opfs", openPlace: (location) => openBrowserPlace(location), createLocation });
snapshotStoreContract({
  kind: "indexed-db",
  openPlace: (location) => openIndexedDbPlace(indexedDB, locks, location!),
  createLocation,
});
describe("without a secure context", () => {
  snapshotStoreContract({
    kind: "indexed-db",
    openPlace: (location) => openBrowserPlace(location, { storage, locks: undefined, indexedDB }),
    createLocation,
  });
});
