// Rows of sentences on their way from the detector through the embedded store into a training and back as a model.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBackend } from "../../../detectors/anomaly/backend.ts";
import { loadSequences, ROW_SIGNS } from "../../../detectors/templates/sequence/model.ts";
import { markOf } from "../../../services/models/day-rows.ts";
import { checkEnough } from "../../../services/models/gather-input.ts";
import { doModelTask } from "../../../services/models/model-work.ts";
import { gatherRows } from "../../../services/models/sequence-examples.ts";
import {
  createSequenceRowWriter,
  readSequenceRows,
} from "../../../services/models/sequence-rows.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { MODEL_ROWS_KIND } from "../../../services/store/model-rows.ts";
import type { Store } from "../../../services/store/store.ts";

const TENANT = "kreis";
const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2026, 2, 2);
const PACE = { signal: new AbortController().signal, turn: () => undefined };
const WINDOW = { from: BEGIN, to: BEGIN + 90 * DAY_MS };
const QUIET = { days: [], wholeDays: new Set<number>() };

let store: Store;
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "hw-rows-"));
  store = openEmbeddedStore({ dataDir });
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The third sentence of four says what the first one was. */
function row(host: string, at: number, time = BEGIN + at * 60_000) {
  const signs = Array.from({ length: ROW_SIGNS }, (_, place) => {
    const kind = ((at * 7 + (place >> 2)) >> 1) % 2;
    return [10 + kind, 20, 30 + kind, 40][place % 4] ?? 0;
  });
  return { host, source: "jobs", time, signs, isUsual: true };
}

async function keep(rows: readonly ReturnType<typeof row>[]): Promise<void> {
  const writer = createSequenceRowWriter(store, TENANT);
  for (const one of rows) writer.add(one);
  await writer.flush();
}

const kept = () => readSequenceRows(store, TENANT, WINDOW, () => false, PACE);
const many = (count: number, host = "srv1") =>
  Array.from({ length: count }, (_, at) => row(host, at));

describe("rows of sentences", () => {
  it("are kept over a restart as they were, each once, and name no host", async () => {
    await keep(many(3));
    await keep(many(5).toReversed());
    const rows = await kept();
    expect(rows).toHaveLength(5);
    const wanted = many(5).map(({ signs }) => signs.join());
    expect(rows.map(({ signs }) => signs.join()).sort()).toEqual(wanted.sort());
    const { hits } = await store.search(TENANT, MODEL_ROWS_KIND, { sort: [], limit: 10 });
    expect(JSON.stringify(hits)).not.toContain("srv1");
  });

  it("are no more of a host that writes without end", async () => {
    await keep([...many(1_000), ...many(5, "srv2")]);
    expect(await kept()).toHaveLength(205);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e308])(
    "are none of a time of %s",
    async (time) => {
      await keep([row("srv1", 1, time)]);
      expect(await kept()).toEqual([]);
    },
  );

  it("are not learnt of a host on a day of an attack", async () => {
    await keep([...many(40), ...many(30, "srv2")]);
    const count = async (attacks: Parameters<typeof gatherRows>[3]) => {
      const { learnt, heldOut } = await gatherRows(store, TENANT, WINDOW, attacks, PACE);
      return (learnt.length + heldOut.length) / ROW_SIGNS;
    };
    expect(await count(QUIET)).toBe(70);
    const entity = { type: "host", value: "SRV1" } as const;
    expect(markOf(entity, BEGIN)).toBe(markOf({ ...entity, value: "srv1" }, BEGIN));
    expect(await count({ ...QUIET, days: [{ entity, day: BEGIN }] })).toBe(30);
    expect(await count({ ...QUIET, wholeDays: new Set([BEGIN]) })).toBe(0);
  });

  it("become a model, whose worth is told", async () => {
    await keep(["srv1", "srv2", "srv3"].flatMap((host) => many(150, host)));
    const examples = await gatherRows(store, TENANT, WINDOW, QUIET, PACE);
    const input = { model: "sequence", ...examples } as const;
    checkEnough(input);
    const backend = await openBackend("wasm");
    const about = { ...input, backend: "wasm", seed: 3 } as const;
    const trained = doModelTask({ ...about, kind: "train", size: { epochs: 1 } }, backend);
    expect(trained).toMatchObject({ features: ROW_SIGNS, examples: { site: 450, own: 0 } });
    const { artefact = new Uint8Array() } = trained;
    expect(loadSequences(artefact).isKnown(20)).toBe(true);
    const judged = doModelTask({ ...about, kind: "evaluate", artefact }, backend);
    expect(judged.metrics).toEqual(trained.metrics);
    expect(judged.metrics.usual).toBeGreaterThan(50);
    expect(judged.metrics.made).toBeGreaterThan(10);
  });

  it("are refused where they are too few, and a training that is out of time ends at once", async () => {
    await keep(many(60));
    const few = {
      model: "sequence",
      ...(await gatherRows(store, TENANT, WINDOW, QUIET, PACE)),
    } as const;
    expect(() => checkEnough(few)).toThrow(expect.objectContaining({ code: "HW_TOO_FEW" }));
    await keep(["a", "b", "c"].flatMap((host) => many(100, host)));
    const examples = await gatherRows(store, TENANT, WINDOW, QUIET, PACE);
    const backend = await openBackend("wasm");
    const task = { model: "sequence", ...examples, kind: "train", size: {} } as const;
    const about = { backend: "wasm", seed: 1 } as const;
    const { artefact } = doModelTask({ ...task, ...about }, backend, () => true);
    expect(artefact?.length).toBeGreaterThan(1_000);
  });
});
