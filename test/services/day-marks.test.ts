// Verdicts mark days for the anomaly detectors: true ones, also of several findings, until the last of them is
// withdrawn; and what is published is heard by them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { AppError } from "../../config/errors.ts";
import type { OutgoingRecord } from "../../services/bus/bus.ts";
import { decodeObservations } from "../../services/bus/observation-block.ts";
import { createDayMarks } from "../../services/day-marks.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import type { Finding } from "../../services/store/finding.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import { createTriageLink } from "../../services/triage-link.ts";
import { findingOf } from "./api/fixture.ts";

const TENANT = "kreis";
const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 10, 16, 11);
const NOW = Date.UTC(2026, 10, 20, 8);

function setUp(tick = 1) {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-marks-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  const records: OutgoingRecord[] = [];
  const line = { isDown: false };
  const publish = async (_tenant: string, topic: string, all: readonly OutgoingRecord[]) => {
    if (line.isDown) throw new AppError("HW_BUSY", "full");
    expect(topic).toBe("observations");
    records.push(...all);
  };
  let now = NOW;
  const marks = {
    store,
    bus: { publish },
    now: () => (now += tick),
    logger: pino({ enabled: false }),
  };
  const processOf = () =>
    createTriageLink(store, {
      ...{ inhibitions: [], riskThreshold: 0, onChanged: createDayMarks(marks) },
    });
  const [first, second] = [processOf(), processOf()];
  /** Changes a finding, and gives the marks that this brings about: day of it, and what of it. */
  const offsets: number[] = [];
  const change = async (id: string, changes: Partial<Finding>, link = first) => {
    const document = findingOf(id, { firstEventAt: NOON, lastEventAt: NOON, ...changes });
    const known = await store.get(TENANT, FINDING_KIND, id);
    if (known === undefined) await store.create(TENANT, FINDING_KIND, id, document);
    else await store.replace(TENANT, FINDING_KIND, id, document, known.version);
    await link.findingChanged(TENANT, id);
    return records.splice(0).flatMap(({ value }) =>
      decodeObservations(value).flatMap((one) => {
        if (one.kind !== "observation") return [];
        expect(one.observation.time).toBeGreaterThan(NOW);
        offsets.push(one.offset);
        const [day, mark] = one.observation.group;
        return [[(Number(day) - NOON) / DAY_MS, mark]];
      }),
    );
  };
  return { store, change, offsets, line, second };
}

const judged = (verdict: "true_positive" | "false_positive") => {
  return { status: "closed", verdict: { verdict, at: 1, by: "acc-1" } } as const;
};

it("marks the days of a true finding, and takes it back with the last of them", async () => {
  const { change } = setUp();
  const { verdict } = judged("true_positive");
  expect(await change("a", {})).toEqual([]);
  expect(await change("a", judged("false_positive"))).toEqual([]);
  expect(await change("a", judged("true_positive"))).toEqual([[0, "incident"]]);
  expect(await change("b", judged("true_positive"))).toEqual([[0, "incident"]]);
  expect(await change("b", { verdictHistory: [verdict] })).toEqual([[0, "incident"]]);
  expect(await change("a", { verdictHistory: [verdict] })).toEqual([[0, ""]]);
});

it("marks a day again that another process has taken back in between", async () => {
  const { change, second } = setUp();
  const { verdict } = judged("true_positive");
  expect(await change("a", judged("true_positive"))).toEqual([[0, "incident"]]);
  expect(await change("a", { verdictHistory: [verdict] }, second)).toEqual([[0, ""]]);
  expect(await change("b", judged("true_positive"))).toEqual([[0, "incident"]]);
});

it("marks every day of a long finding, as far as a week", async () => {
  const { change } = setUp();
  const two = await change("a", { ...judged("true_positive"), lastEventAt: NOON + DAY_MS });
  expect(two).toEqual([
    [0, "incident"],
    [1, "incident"],
  ]);
  const long = { ...judged("true_positive"), lastEventAt: NOON + 300 * DAY_MS };
  expect((await change("b", long)).map(([day]) => day)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it("marks the day on which clocks are put forward, which has only 23 hours", async () => {
  const { change } = setUp();
  // From Saturday 23:30 to Monday 08:00; Sunday has 23 hours.
  const times = {
    firstEventAt: Date.UTC(2026, 2, 28, 22, 30),
    lastEventAt: Date.UTC(2026, 2, 30, 6),
  };
  const marked = await change("a", { ...judged("true_positive"), ...times });
  const days = marked.map(([day]) => new Date(NOON + Number(day) * DAY_MS).toISOString());
  expect(days.map((day) => day.slice(0, 10))).toEqual(["2026-03-28", "2026-03-29", "2026-03-30"]);
});

it("knows the attack of a day though the day after had very many", async () => {
  const { change, store } = setUp();
  for (let n = 0; n < 60; n += 1) {
    const time = NOON + DAY_MS - n;
    const next = { ...judged("true_positive"), firstEventAt: time, lastEventAt: time };
    await store.create(TENANT, FINDING_KIND, `next${n}`, findingOf(`next${n}`, next));
  }
  expect(await change("a", judged("true_positive"))).toEqual([[0, "incident"]]);
});

it("gives marks of one moment different places, so that none counts as a repetition", async () => {
  const { change, offsets } = setUp(0);
  const { verdict } = judged("true_positive");
  expect(await change("a", judged("true_positive"))).toEqual([[0, "incident"]]);
  expect(await change("a", { verdictHistory: [verdict] })).toEqual([[0, ""]]);
  expect(offsets[1]).toBeGreaterThan(offsets[0] ?? Number.NaN);
});

it.each([
  ["no time at all", Number.NaN],
  ["the end of the calendar", 8.64e15],
  ["beyond any calendar", 1e300],
])("marks at most a week for a finding that lasts to %s", async (_title, lastEventAt) => {
  const { change } = setUp();
  const marked = await change("a", { ...judged("true_positive"), lastEventAt });
  expect(marked.length).toBeLessThanOrEqual(8);
});

it("goes on where a mark can't be published, and says it again with the next change", async () => {
  const { change, line } = setUp();
  line.isDown = true;
  expect(await change("a", judged("true_positive"))).toEqual([]);
  line.isDown = false;
  expect(await change("a", judged("true_positive"))).toEqual([[0, "incident"]]);
});
