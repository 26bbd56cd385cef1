// Two processes with triage whose partition moves to and fro: what one remembers of an entity must not be
// older than what the other has written meanwhile.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import type { Signal } from "../../../detectors/detector.ts";
import type { Bus, ConsumeOptions } from "../../../services/bus/bus.ts";
import { encodeSignal } from "../../../services/bus/signal-record.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import type { Store } from "../../../services/store/store.ts";
import { startTriage } from "../../../services/triage/triage.ts";
import { findingsIn, HOUR_MS, runStage, stageSignal } from "./stage.ts";

const TENANT = "kreis";

/** A process with triage that is given its partition and its batches by hand. */
async function startProcess(store: Store, logger = pino({ level: "silent" })) {
  const asked: ConsumeOptions[] = [];
  const bus: Pick<Bus, "consume"> = {
    async consume(_tenants, options) {
      asked.push(options);
      return { pause: () => undefined, resume: () => undefined, close: async () => undefined };
    },
  };
  const options = {
    ...{ findingWindowMs: HOUR_MS, inhibitions: [], riskThreshold: 0, recordsPerBatchMax: 100 },
    ...{ retryDelayMs: 10, language: "de" as const, timeZoneOf: () => "Europe/Berlin" },
    isCriticalHost: () => false,
  };
  // The stage only consumes.
  await startTriage(bus as Bus, store, [TENANT], options, logger);
  return {
    gap: (from: number, to: number) =>
      asked[0]?.onGap?.({ tenant: TENANT, topic: "signals", partition: 0, from, to }),
    assign: () => asked[0]?.onAssigned?.(TENANT, [0]),
    handle: (offset: number, signal: Signal) => {
      const record = { partition: 0, offset, key: undefined, value: encodeSignal(signal) };
      const records = [{ ...record, headers: {}, appendedAt: 0 }];
      const batch = { tenant: TENANT, topic: "signals", partition: 0, records };
      return asked[0]?.handle(batch, AbortSignal.timeout(60_000));
    },
  };
}

function openStore(): Store {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-handover-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  return store;
}

it("says which signals went before they became findings", async () => {
  const log: unknown[] = [];
  const logger = pino({}, { write: (line: string) => log.push(JSON.parse(line)) });
  const process = await startProcess(openStore(), logger);
  process.gap(5, 12);
  expect(log).toMatchObject([{ level: 50, topic: "signals", partition: 0, from: 5, to: 12 }]);
});

it("gives the scores of one process that had everything", async () => {
  const store = openStore();
  const one = stageSignal("a", "FS01", "high", 0);
  const other = stageSignal("b", "FS01", "high", 1);
  const again = stageSignal("a", "FS01", "high", 2);
  const [first, second] = [await startProcess(store), await startProcess(store)];
  await first.assign();
  await first.handle(0, one);
  await second.assign();
  await second.handle(1, other);
  await first.assign();
  await first.handle(2, again);
  const scores = (await findingsIn(store)).map(({ id, score }) => [id, score]);
  const whole = (await runStage([[one, other, again]])).map(({ id, score }) => [id, score]);
  expect(scores).toEqual(whole);
});
