// Live models over the embedded store.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { describeModelInput } from "../../contract/model-input.ts";
import { describeModelStore } from "../../contract/models.ts";

async function open() {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-models-"));
  const store = openEmbeddedStore({ dataDir });
  return {
    store,
    dispose: async () => {
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

describeModelStore("models in the embedded store", open);
describeModelInput("what models in the embedded store learn from", open);
