// What models promise on every kind of store: bytes come back as they were, a promotion reaches whoever asks,
// and what stands in the shadow is counted and not heard.
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBackend } from "../../detectors/anomaly/backend.ts";
import { readArtefact, removeArtefact, writeArtefact } from "../../services/models/artefact.ts";
import { type LiveModels, startLiveModels } from "../../services/models/live-models.ts";
import { doModelTask, type ModelTask } from "../../services/models/model-work.ts";
import { emptyModel, promoted, withTrained } from "../../services/models/register.ts";
import { MODEL_COMPARISON_KIND, MODEL_KIND, type Model } from "../../services/store/model.ts";
import type { Store } from "../../services/store/store.ts";

interface Subject {
  readonly store: Store;
  readonly dispose: () => Promise<void>;
}

const TENANT = "kreis";
const MADE = ["xkqzvwpjhbtr.com", "qqzzxjvkwpy.net", "wvxkqjzzhpfd.info"];
const logger = pino({ level: "silent" });
const backend = await openBackend("wasm");
const task = (seed: number): ModelTask => ({
  ...{ kind: "train", model: "dga", backend: "wasm", seed, names: [] },
  size: { ownFamilies: 21, namesPerFamily: 20, usualMax: 1500, networks: 1, epochs: 3 },
});

/** Two small models, trained once. */
const trained = [1, 2].map((seed) => doModelTask(task(seed), backend));

export function describeModelStore(name: string, open: () => Promise<Subject>): void {
  describe(name, () => {
    let subject: Subject;
    let store: Store;
    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });
    afterEach(() => subject.dispose());

    it("gives a model's bytes back as they were, over several parts", async () => {
      const bytes = Uint8Array.from({ length: 1_300_000 }, (_, at) => (at * 7919) >> 3);
      const artefact = await writeArtefact(store, TENANT, bytes);
      expect(Buffer.compare(await readArtefact(store, TENANT, artefact), bytes)).toBe(0);
      await removeArtefact(store, TENANT, artefact);
      await expect(readArtefact(store, TENANT, artefact)).rejects.toMatchObject({
        code: "HW_STORE_CORRUPT",
      });
    });

    it("refuses bytes that were changed", async () => {
      const artefact = await writeArtefact(store, TENANT, new Uint8Array(10));
      const other = { ...artefact, hash: artefact.hash.replace(/^./, "z") };
      await expect(readArtefact(store, TENANT, other)).rejects.toMatchObject({
        code: "HW_STORE_CORRUPT",
      });
    });

    it("asks the version in force, counts the one in the shadow, and follows promotions", async () => {
      const live = await start(store);
      const dga = live.modelsOf(TENANT).dga;
      expect(dga.state).toBe("none");
      expect([...dga.score(MADE)]).toEqual([0, 0, 0]);

      let model = await withVersion(store, undefined, 0);
      await until(() => dga.state === "shadow");
      const first = [...dga.score(MADE)];
      expect(first.every((score) => score > 0.5)).toBe(true);

      model = await put(store, promoted(model, undefined, { at: 5, actor: "a" }));
      await until(() => dga.state === "active");
      expect([...dga.score(MADE)]).toEqual(first);

      model = await withVersion(store, model, 1);
      await until(async () => (await compared(live, store, MADE)) !== undefined);
      // The active one still is the one that is heard.
      expect([...dga.score(MADE)]).toEqual(first);

      await put(store, promoted(model, undefined, { at: 6, actor: "a" }));
      await until(() => dga.score(MADE)[0] !== first[0]);
      expect(dga.state).toBe("active");
      await live.close();
      expect(dga.state).toBe("none");
    });

    it("goes on counting after a restart", async () => {
      let model = await withVersion(store, undefined, 0);
      model = await put(store, promoted(model, undefined, { at: 5, actor: "a" }));
      await withVersion(store, model, 1);
      for (const judged of [3, 6]) {
        const live = await start(store);
        live.modelsOf(TENANT).dga.score(MADE);
        await live.close();
        const found = await store.get(TENANT, MODEL_COMPARISON_KIND, "dga");
        expect(found?.document).toMatchObject({ active: 1, shadow: 2, judged });
      }
    });

    it("keeps the last model when the next can't be read, and takes the one after", async () => {
      const model = await withVersion(store, undefined, 0);
      const active = await put(store, promoted(model, undefined, { at: 5, actor: "a" }));
      const live = await start(store);
      const dga = live.modelsOf(TENANT).dga;
      const before = [...dga.score(MADE)];
      const broken = withTrained(active, versionOf(1, { hash: "gone", bytes: 5 }));
      const spoiled = await put(store, promoted(broken, undefined, { at: 6, actor: "a" }));
      // The next look comes after the one at the spoiled version.
      const other = await withVersion(store, spoiled, 1);
      expect([...dga.score(MADE)]).toEqual(before);
      await put(store, promoted(other, undefined, { at: 7, actor: "a" }));
      await until(() => dga.score(MADE)[0] !== before[0]);
      await live.close();
    });

    it("takes the version in force though the one in the shadow is damaged", async () => {
      const first = await withVersion(store, undefined, 0);
      const active = await put(store, promoted(first, undefined, { at: 5, actor: "a" }));
      await put(store, withTrained(active, versionOf(1, { hash: "gone", bytes: 5 })));
      const tensors = backend.tf.memory().numTensors;
      const live = await start(store);
      const dga = live.modelsOf(TENANT).dga;
      expect(dga.state).toBe("active");
      // Looks that fail again and again leave nothing behind.
      const loaded = backend.tf.memory().numTensors;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(backend.tf.memory().numTensors).toBe(loaded);
      await live.close();
      expect(backend.tf.memory().numTensors).toBe(tensors);
    });

    it("follows promotions while what was compared can't be stored", async () => {
      let model = await withVersion(store, undefined, 0);
      model = await put(store, promoted(model, undefined, { at: 5, actor: "a" }));
      model = await withVersion(store, model, 1);
      const full: Store = {
        ...store,
        get: store.get.bind(store),
        watch: store.watch.bind(store),
        put: () => Promise.reject(new Error("full")),
      };
      const live = await start(full);
      const dga = live.modelsOf(TENANT).dga;
      const [first] = dga.score(MADE);
      await put(store, promoted(model, undefined, { at: 6, actor: "a" }));
      await until(() => dga.score(MADE)[0] !== first);
      await live.close();
    });
  });
}

function start(store: Store): Promise<LiveModels> {
  return startLiveModels({
    ...{ store, tenants: [TENANT], backend, logger, now: Date.now, pollMs: 20 },
  });
}

function versionOf(number: number, artefact: { hash: string; bytes: number }) {
  const result = trained[number];
  if (result === undefined) throw new Error("no such model");
  const { metrics, examples, features, backend: name } = result;
  return {
    ...{ trainedAt: number, trainedBy: "a", window: { from: 0, to: 1 }, seed: number },
    ...{ metrics, examples, features, backend: name, trainingMs: 1, ...artefact },
  };
}

async function withVersion(store: Store, model: Model | undefined, number: number): Promise<Model> {
  const bytes = trained[number]?.artefact ?? new Uint8Array();
  const artefact = await writeArtefact(store, TENANT, bytes);
  return put(store, withTrained(model ?? emptyModel(TENANT, "dga"), versionOf(number, artefact)));
}

async function put(store: Store, model: Model): Promise<Model> {
  await store.put(TENANT, MODEL_KIND, model.name, model);
  return model;
}

async function compared(live: LiveModels, store: Store, names: readonly string[]) {
  live.modelsOf(TENANT).dga.score(names);
  const found = await store.get(TENANT, MODEL_COMPARISON_KIND, "dga");
  return found?.document.shadow === 2 && found.document.judged > 0 ? found : undefined;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
