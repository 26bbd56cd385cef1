// What detect tells of how far it is: clocks that never run ahead of receipt, progress behind observations,
// and idleness once.
import { describe, expect, it } from "vitest";
import { AppError } from "../../../config/errors.ts";
import type { OutgoingRecord } from "../../../services/bus/bus.ts";
import { decodeObservation } from "../../../services/bus/observation-record.ts";
import { partitionOf } from "../../../services/bus/partition.ts";
import { createRawProgress } from "../../../services/detect/raw-progress.ts";

const PARTITIONS = 3;
/** The first assignment: later than what was known before, even within the same millisecond. */
const SINCE = 1_000_001;

function setUp() {
  let now = 1_000_000;
  const progress = createRawProgress({ partitions: PARTITIONS, idleMs: 5000, now: () => now });
  progress.assigned("kreis", [0]);
  const said = (records: readonly OutgoingRecord[]) =>
    records.map(({ value }) => decodeObservation(value));
  return {
    progress,
    said,
    pass: (ms: number) => {
      now += ms;
    },
    batch(times: readonly number[], hasObservations: boolean) {
      progress.begin("kreis", 0);
      for (const time of times) progress.reach("kreis", 0, time, now);
      return progress.end("kreis", 0, hasObservations);
    },
  };
}

/** Keeps what was published; can be full. */
function createRecorder() {
  const recorder = {
    taken: [] as OutgoingRecord[],
    full: false,
    async publish(_tenant: string, _topic: string, records: readonly OutgoingRecord[]) {
      if (recorder.full) throw new AppError("HW_BUSY", "the backlog is full");
      recorder.taken.push(...records);
    },
  };
  return recorder;
}

describe("raw progress", () => {
  it("is told to every partition behind observations", () => {
    const { batch, said } = setUp();
    const records = batch([5000, 7000, 6000], true);
    expect(records.map(({ key = "" }) => partitionOf(key, PARTITIONS))).toEqual([0, 1, 2]);
    expect(said(records)[0]).toMatchObject({ kind: "progress", origin: "raw/0", clock: 7000 });
  });

  it("takes what claims to be from the future as now", () => {
    const { batch, said } = setUp();
    expect(said(batch([99_000_000], true))[0]).toMatchObject({ clock: 1_000_000 });
  });

  it("is told seldom where nothing was observed, and never back", () => {
    const { batch, pass, said } = setUp();
    expect(batch([5000], false)).toHaveLength(PARTITIONS);
    expect(batch([6000], false)).toEqual([]);
    pass(1000);
    expect(said(batch([5500], false))[0]).toMatchObject({ clock: 6000 });
    expect(batch([4000], true)).toEqual([]);
  });

  it("is told again when the batch failed", () => {
    const { batch, progress } = setUp();
    expect(batch([5000], true)).toHaveLength(PARTITIONS);
    progress.failed("kreis", 0);
    expect(batch([5000], true)).toHaveLength(PARTITIONS);
  });

  it("calls a partition idle once, not while a batch is at hand, and again after its next records", async () => {
    const { batch, progress, pass, said } = setUp();
    const bus = createRecorder();
    const idle = async () => {
      bus.taken.length = 0;
      await progress.tick(bus);
      return said(bus.taken).map((record) => record.kind);
    };
    batch([5000], true);
    expect(await idle()).toEqual([]);
    pass(5000);
    expect(await idle()).toEqual(["idle", "idle", "idle"]);
    expect(await idle()).toEqual([]);
    progress.begin("kreis", 0);
    pass(9000);
    expect(await idle()).toEqual([]);
    progress.reach("kreis", 0, 8000, 9e9);
    progress.end("kreis", 0, false);
    pass(5000);
    expect(await idle()).toEqual(["idle", "idle", "idle"]);
  });

  it("says it again when the bus did not take it", async () => {
    const { progress, pass } = setUp();
    const bus = createRecorder();
    pass(5000);
    bus.full = true;
    await expect(progress.tick(bus)).rejects.toMatchObject({ code: "HW_BUSY" });
    bus.full = false;
    await progress.tick(bus);
    expect(bus.taken).toHaveLength(PARTITIONS);
  });

  it("calls nothing idle whose batch failed and comes again", async () => {
    const { batch, progress, pass } = setUp();
    const bus = createRecorder();
    batch([5000], true);
    progress.failed("kreis", 0);
    pass(60_000);
    await progress.tick(bus);
    expect(bus.taken).toEqual([]);
    expect(batch([5000], true)).toHaveLength(PARTITIONS);
    pass(5000);
    await progress.tick(bus);
    expect(bus.taken).toHaveLength(PARTITIONS);
  });

  it("calls nothing idle whose batch began while the bus refused a tick", async () => {
    const { progress, pass } = setUp();
    const bus = createRecorder();
    pass(5000);
    bus.full = true;
    const tick = progress.tick(bus);
    progress.begin("kreis", 0);
    await expect(tick).rejects.toMatchObject({ code: "HW_BUSY" });
    bus.full = false;
    pass(5000);
    await progress.tick(bus);
    expect(bus.taken).toEqual([]);
  });

  it("is waited for again where a process takes over, and called idle again later", async () => {
    const { progress, pass, said } = setUp();
    const bus = createRecorder();
    pass(5000);
    const records = progress.assigned("kreis", [0]);
    expect(records.map(({ key = "" }) => partitionOf(key, PARTITIONS))).toEqual([0, 1, 2]);
    expect(said(records)[0]).toMatchObject({ kind: "present", origin: "raw/0" });
    await progress.tick(bus);
    expect(bus.taken).toEqual([]);
    pass(5000);
    await progress.tick(bus);
    expect(said(bus.taken)[0]).toMatchObject({ kind: "idle", origin: "raw/0" });
  });

  it("forgets a partition that went to another process", async () => {
    const { progress, pass } = setUp();
    const bus = createRecorder();
    progress.revoked("kreis", [0]);
    pass(60_000);
    await progress.tick(bus);
    expect(bus.taken).toEqual([]);
  });

  it("says when the partition was assigned and numbers what it says, so that older words don't count", async () => {
    const { batch, progress, pass, said } = setUp();
    const bus = createRecorder();
    const byOf = (records: readonly OutgoingRecord[]) => {
      const [first] = said(records);
      return first === undefined || first.kind === "observation" ? undefined : first.by;
    };
    expect(byOf(batch([5000], true))).toEqual({ since: SINCE, turn: 2 });
    // Without a word of the bus that it went to another process meanwhile.
    expect(byOf(progress.assigned("kreis", [0]))).toEqual({ since: SINCE + 1, turn: 1 });
    pass(5000);
    await progress.tick(bus);
    expect(byOf(bus.taken)).toEqual({ since: SINCE + 1, turn: 2 });
  });

  it("calls nothing idle because the process itself stood still", async () => {
    const { progress, pass } = setUp();
    const bus = createRecorder();
    pass(60_000);
    progress.stoodStill();
    await progress.tick(bus);
    expect(bus.taken).toEqual([]);
    pass(5000);
    await progress.tick(bus);
    expect(bus.taken).toHaveLength(PARTITIONS);
  });
});
