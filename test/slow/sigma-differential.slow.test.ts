// The compiled engine against the plain evaluator: on drawn rules and events, on events near SigmaHQ's
// rules, and on every recording. Any difference is a fault of one of them.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type LogSourceTable, loadLogSources } from "../../config/log-sources.ts";
import type { LogEvent } from "../../detectors/event.ts";
import { readRuleFile } from "../../detectors/rule-file.ts";
import { createSigmaEngine, type SigmaEngine } from "../../detectors/sigma/engine.ts";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import type { SigmaRule } from "../../detectors/sigma/rule.ts";
import { createNormalizer } from "../../services/normalize/normalizer.ts";
import {
  DRAWN_READING,
  DRAWN_SHAPE,
  DRAWN_TABLE,
  detection,
  logsource,
  record,
} from "../detectors/sigma/drawn-rules.ts";
import { engineOf, eventOf } from "../detectors/sigma/fixture.ts";
import { drawFrom, nearRecord } from "../detectors/sigma/near-events.ts";
import { createPlainEngine } from "../detectors/sigma/plain-routing.ts";
import { readLinesOf, readRulePackage } from "../support/recordings.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";

const SEED = Number(process.env.HEIDEWACHT_SEED ?? 20_261_121);
const ROUNDS = 7;
const RULES = 150;
/** An engine builds its index anew after 500 events of a log source. */
const EVENTS = 800;
const SHOWN_MAX = 5;

beforeAll(() => guardProcessRegexes());

/** Counts what was compared, and keeps the first differences. */
function createTally(name: string) {
  const differences: string[] = [];
  let [pairs, hits, events] = [0, 0, 0];
  return {
    differences,
    add(event: LogEvent, asked: number, actual: readonly string[], expected: readonly string[]) {
      pairs += asked;
      hits += actual.length;
      events += 1;
      if (actual.join(" ") === expected.join(" ") || differences.length >= SHOWN_MAX) return;
      const only = (one: readonly string[], other: readonly string[]) =>
        one.filter((id) => !other.includes(id)).join(", ");
      differences.push(
        `engine only [${only(actual, expected)}], plain only [${only(expected, actual)}]: ${JSON.stringify(event.record).slice(0, 2000)}`,
      );
    },
    tell(more: Readonly<Record<string, unknown>> = {}) {
      const share = Number(((100 * hits) / pairs).toPrecision(3));
      const told = { seed: SEED, events, pairs, hits, hitsPercent: share, ...more };
      process.stderr.write(`${name}: ${JSON.stringify(told)}\n`);
      return { pairs, share };
    },
  };
}

type Tally = ReturnType<typeof createTally>;

function compare(
  event: LogEvent,
  engine: SigmaEngine,
  plain: ReturnType<typeof createPlainEngine>,
  tally: Tally,
): void {
  const actual = engine.match(event).map((match) => match.detector.id);
  const expected = plain.match(event).map((rule) => rule.info.id);
  tally.add(event, plain.rulesOf(event).length, actual, expected);
}

describe("the compiled engine on drawn rules", () => {
  it("says the same as the plain evaluator on more than a million pairs", () => {
    const tally = createTally("drawn");
    const drawn = fc.record({ title: fc.constant("Rule"), detection, logsource });
    for (let round = 0; round < ROUNDS; round += 1) {
      const seed = SEED + round;
      const rules = fc.sample(drawn, { seed, numRuns: RULES }).flatMap((one, index) => {
        const text = JSON.stringify({ ...one, id: `${index}` });
        return readRuleFile(text, "drawn.yml", DRAWN_READING).rules;
      });
      const engine = engineOf(rules, [DRAWN_TABLE]);
      const plain = createPlainEngine(rules, [DRAWN_TABLE]);
      const draw = drawFrom(seed);
      for (const one of fc.sample(record, { seed, numRuns: EVENTS })) {
        compare(eventOf(one, DRAWN_SHAPE), engine, plain, tally);
        const rule = rules[Math.floor(draw() * rules.length)];
        if (rule === undefined) continue;
        const near = { ...one, ...nearRecord(rule, draw) };
        compare(eventOf(near, DRAWN_SHAPE), engine, plain, tally);
      }
      expect(tally.differences).toEqual([]);
    }
    const { pairs, share } = tally.tell();
    expect(pairs).toBeGreaterThanOrEqual(1_000_000);
    expect(share).toBeGreaterThan(5);
    expect(share).toBeLessThan(50);
  });
});

const data = sharedDataOrSkip("the differential test on SigmaHQ's rules", "sigma");

describe.skipIf(data === undefined)("the compiled engine on SigmaHQ's rules", () => {
  const folder = data ?? "";
  let rules: readonly SigmaRule[] = [];
  let tables: readonly LogSourceTable[] = [];
  let engine: SigmaEngine;
  let plain: ReturnType<typeof createPlainEngine>;

  beforeAll(async () => {
    const read = await readRulePackage(join(folder, "sigma/sigmahq-rules-8eaafff1.tar.gz"));
    tables = loadLogSources();
    engine = createSigmaEngine({ rules: read.rules, logSources: tables });
    rules = engine.rules;
    plain = createPlainEngine(rules, tables);
  });

  it("says the same as the plain evaluator on events near each of them, all rules asked", () => {
    const tally = createTally("near");
    const anywhere = { product: undefined, category: undefined, service: undefined };
    const all = rules.map((rule) => ({ ...rule, logSource: anywhere }));
    const together = engineOf(all);
    const walked = createPlainEngine(all, []);
    const draw = drawFrom(SEED);
    const every = 8;
    for (const rule of all.filter((_, index) => index % every === 0)) {
      compare(eventOf(nearRecord(rule, draw)), together, walked, tally);
    }
    const { pairs, share } = tally.tell({ rules: all.length, every });
    expect(tally.differences).toEqual([]);
    expect(pairs).toBeGreaterThan(1_000_000);
    // About one rule in each event: the one that it was drawn near.
    expect(share).toBeGreaterThan(0.01);
  });

  const recordings = [
    { name: "regression", files: ["regression/events.ndjson"], every: 1 },
    { name: "process creations", files: ["lanes/proc_dev.ndjson.zst"], every: 1 },
    { name: "mixed lane", files: ["lanes/mix_dev.ndjson.zst"], every: 1 },
    {
      name: "recorded attacks",
      files: (data === undefined ? [] : readdirSync(join(data, "otrf")))
        .filter((name) => name.endsWith(".zst"))
        .map((name) => `otrf/${name}`),
      every: 10,
    },
  ];
  it.each(recordings)(
    "says the same as the plain evaluator on: $name",
    ({ name, files, every }) => {
      const tally = createTally(name);
      const routing = createTally(`${name}, log sources`);
      const sources = sourceRules(rules);
      const routed = engineOf(sources, tables);
      const routedPlainly = createPlainEngine(sources, tables);
      const normalizer = createNormalizer({ mappings: [] });
      let line = 0;
      for (const file of files) {
        for (const text of readLinesOf(join(folder, file))) {
          line += 1;
          const event = parse(normalizer, text, line);
          if (event === undefined) continue;
          // The engine sees them all, so that it learns as it does in service.
          if (line % every === 0) {
            compare(event, engine, plain, tally);
            compare(event, routed, routedPlainly, routing);
          } else engine.match(event);
        }
      }
      const more = { every, of: line };
      tally.tell(more);
      routing.tell(more);
      expect(tally.differences).toEqual([]);
      expect(routing.differences).toEqual([]);
    },
  );
});

/** A rule for each log source that rules name, true for every event of it. */
function sourceRules(rules: readonly SigmaRule[]): SigmaRule[] {
  const sources = new Map(rules.map((rule) => [JSON.stringify(rule.logSource), rule]));
  return [...sources].map(([id, rule]) => ({
    ...rule,
    info: { ...rule.info, id },
    tree: { kind: "and", children: [] },
  }));
}

function parse(
  normalizer: ReturnType<typeof createNormalizer>,
  text: string,
  line: number,
): LogEvent | undefined {
  const raw = { id: `${line}`, idFromSender: true, source: "recording", timeZone: "UTC" };
  const parsed = normalizer.normalize({ ...raw, receivedAt: 0, text }, "kreis");
  return "event" in parsed ? parsed.event : undefined;
}
