// The stage writes rows of figures beside its documents, and they say the same.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, onTestFinished } from "vitest";
import { openEmbeddedStore } from "../../../../services/store/embedded.ts";
import type { Store } from "../../../../services/store/store.ts";
import { describeRows } from "./written-rows.ts";

async function openStore(): Promise<Store> {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-rows-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  return store;
}

describe("rows of figures", () => {
  describeRows(openStore);
});
