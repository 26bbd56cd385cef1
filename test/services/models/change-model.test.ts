// Changes of one register by several at once: none is lost, and each has its entry.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { changeModel } from "../../../services/models/change-model.ts";
import { emptyModel } from "../../../services/models/register.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { MODEL_KIND, type Model } from "../../../services/store/model.ts";

function open() {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-change-model-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const count = (present: Model | undefined): Model => {
    const model = present ?? emptyModel("kreis", "dga");
    return { ...model, next: model.next + 1 };
  };
  const change = (next: (present: Model | undefined) => Model) =>
    changeModel({
      ...{ store, tenant: "kreis", name: "dga", action: "model.train", at: 1, actor: "a", next },
    });
  return { store, change, count };
}

it("loses none of several changes at once", async () => {
  const { store, change, count } = open();
  await Promise.all([1, 2, 3, 4].map(() => change(count)));
  expect((await store.get("kreis", MODEL_KIND, "dga"))?.document.next).toBe(5);
  expect(await store.readAudit("kreis", 1, 10)).toHaveLength(4);
});

it("passes on what a change refuses, and writes nothing of it", async () => {
  const { store, change, count } = open();
  await change(count);
  const refusing = () => {
    throw new RangeError("no");
  };
  await expect(change(refusing)).rejects.toThrow(RangeError);
  expect((await store.get("kreis", MODEL_KIND, "dga"))?.version).toBe(1);
  expect(await store.readAudit("kreis", 1, 10)).toHaveLength(1);
});
