// How many archived events a backtest gets through in a CPU-second: a simulated day of a county, archived
// as detection archives it, with all rules; beside it the same records given as lines.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadLogSources } from "../../config/log-sources.ts";
import { createSigmaEngine } from "../../detectors/sigma/engine.ts";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import type { Archive } from "../../services/archive/archive.ts";
import { openEmbeddedArchive } from "../../services/archive/embedded.ts";
import { archivedEvents } from "../../services/backtest/archived-events.ts";
import { givenEvents } from "../../services/backtest/given-events.ts";
import type { BacktestEvent } from "../../services/backtest/result.ts";
import { backtestRules } from "../../services/backtest/rules.ts";
import { runBacktest } from "../../services/backtest/run.ts";
import { ALONE } from "../../services/backtest/turns.ts";
import { ecsDocument } from "../../services/normalize/ecs-document.ts";
import { createNormalizer } from "../../services/normalize/normalizer.ts";
import { createRecordJoiner } from "../../services/normalize/record-joiner.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { createPrivacy } from "../../services/privacy/protect.ts";
import { loadRuleSet, STARTER_PACK } from "../../services/rules/rule-set.ts";
import { simulate } from "../../services/simulator/simulate.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { cpuSeconds, spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";

const ROUNDS = 5;
const EVENTS = 100_000;
const SEED = "rueckschau";
const TENANT = "kreis";
const HOUR_MS = 3_600_000;
const BATCH_EVENTS = 2000;
const privacy = createPrivacy(createKeyRing(Buffer.alloc(32, 7)));

guardProcessRegexes();
const rulesPath = sharedDataOrSkip("bench:backtest", "sigma/sigma/sigmahq-rules-8eaafff1.tar.gz");
if (rulesPath !== undefined) await benchmark(rulesPath);

async function benchmark(path: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-bench-"));
  const archive = openEmbeddedArchive({ dataDir: folder, onDamage: failBench });
  try {
    const options = { seed: SEED, eventsTarget: EVENTS, intrusion: true };
    const lines = [...simulate(options).records].map(({ text }) => text);
    await fill(archive, lines);
    const { rules } = await loadRuleSet([STARTER_PACK, path]);
    const engine = createSigmaEngine({ rules, logSources: loadLogSources() });
    const run = (events: AsyncIterable<BacktestEvent>, isArchived: boolean) =>
      runBacktest(events, {
        ...{ tenant: TENANT, tables: loadLogSources(), privacy, isArchived, observationsMax: 0 },
        detection: backtestRules({ rules, correlations: [] }, engine, []),
        ...{ timeZone: "Europe/Berlin", windowMs: HOUR_MS, eventsMax: Number.POSITIVE_INFINITY },
        ...{ samplesPerRuleMax: 3, turns: ALONE, signal: new AbortController().signal },
        ...{ shareAt: () => 0, unparsed: () => 0, onProgress: () => undefined },
      });
    const archived = () => run(fromArchive(archive), true);
    const given = () => run(fromLines(lines), false);
    // The first round compiles.
    const [first, second] = [await archived(), await given()];
    const rates: number[] = [];
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const own = await cpuSeconds(async () => void (await archived()));
      const live = await cpuSeconds(async () => void (await given()));
      rates.push(first.events / own);
      ratios.push(live / own);
    }
    const more = { rules: rules.length, events: first.events, seed: SEED, n: ROUNDS };
    const rate = spread(rates);
    const ratio = spread(ratios);
    printFigure("backtest.events_per_cpu_s", rate.median, "events/CPU-s", {
      ...more,
      range: rate.range,
    });
    printFigure("backtest.over_given_lines", ratio.median, "x", { ...more, range: ratio.range });
    printFigure("backtest.hits", first.hits, "hits", { ...more, given: second.hits });
  } finally {
    await archive.close();
    rmSync(folder, { recursive: true });
  }
}

function failBench(error: Error): void {
  throw error;
}

async function fill(archive: Archive, lines: readonly string[]): Promise<void> {
  let batch: Parameters<Archive["append"]>[2][number][] = [];
  let offset = 0;
  const flush = async () => {
    const [first, last] = [batch[0], batch.at(-1)];
    if (first === undefined || last === undefined) return;
    const span = { firstOffset: first.offset, lastOffset: last.offset };
    await archive.append(TENANT, { stream: "raw/0", ...span }, batch);
    batch = [];
  };
  const normalizer = createNormalizer({ mappings: [] });
  for (const text of lines) {
    const raw = { idFromSender: true, source: "simulator", timeZone: "Europe/Berlin", text };
    const receivedAt = Date.now();
    const parsed = normalizer.normalize({ ...raw, id: String(offset), receivedAt }, TENANT);
    if (!("event" in parsed)) continue;
    const { event, format } = parsed;
    const document = ecsDocument(event, format);
    privacy.protectDocument(TENANT, document);
    const { id, time, source } = event;
    batch.push({ offset, event: { id, time, source, dataClass: format.dataClass, document } });
    offset += 1;
    if (batch.length === BATCH_EVENTS) await flush();
  }
  await flush();
}

function fromArchive(archive: Archive): AsyncIterable<BacktestEvent> {
  const { signal } = new AbortController();
  const range = { from: 0, to: Number.MAX_SAFE_INTEGER };
  return archivedEvents(archive, { tenant: TENANT, range, formats: [], view: same, signal });
}

async function* fromLines(lines: readonly string[]): AsyncGenerator<BacktestEvent> {
  const given = lines.map((text, index) => ({ text, line: index + 1 }));
  yield* givenEvents("simulator", given, {
    ...{ tenant: TENANT, privacy, timeZone: "Europe/Berlin", format: undefined, view: same },
    normalizer: createNormalizer({ mappings: [] }),
    joiner: createRecordJoiner(),
    now: Date.now,
    onUnparsed: () => undefined,
  });
}

function same<Value>(value: Value): Value {
  return value;
}
