import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { snapshotStoreContract } from "../../client/store/snapshot-store.contract.ts";
import { openFolderPlace } from "./folder-place.ts";

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandglass-store-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const openPlace = (location?: string) => openFolderPlace(join(dir, location!));
snapshotStoreContract({ kind: "folder", openPlace, createLocation: () => randomUUID() });
