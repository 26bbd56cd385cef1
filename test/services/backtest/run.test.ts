// Backtests over a real archive and over lines, with rules as people write them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadLogSources } from "../../../config/log-sources.ts";
import { readRuleFile } from "../../../detectors/rule-file.ts";
import { createSigmaEngine } from "../../../detectors/sigma/engine.ts";
import type { Archive } from "../../../services/archive/archive.ts";
import { openEmbeddedArchive } from "../../../services/archive/embedded.ts";
import { archivedEvents } from "../../../services/backtest/archived-events.ts";
import { givenEvents } from "../../../services/backtest/given-events.ts";
import type { BacktestEvent, BacktestResult } from "../../../services/backtest/result.ts";
import {
  type BacktestRules,
  backtestRules,
  type RulesAndCorrelations,
  withJoined,
} from "../../../services/backtest/rules.ts";
import { type BacktestOptions, runBacktest } from "../../../services/backtest/run.ts";
import { ALONE, BESIDE_DETECTION } from "../../../services/backtest/turns.ts";
import { ecsDocument } from "../../../services/normalize/ecs-document.ts";
import { createNormalizer, eventOrThrow } from "../../../services/normalize/normalizer.ts";
import { createRecordJoiner } from "../../../services/normalize/record-joiner.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createPrivacy } from "../../../services/privacy/protect.ts";

const TENANT = "kreis";
const START = Date.parse("2026-11-20T22:00:00Z");
const HOUR_MS = 3_600_000;
const privacy = createPrivacy(createKeyRing(Buffer.alloc(32, 7)));
const tables = loadLogSources();

const RULES = `
title: Schattenkopien gelöscht
id: 6a5f1f0e-5b0c-4c1d-9a55-0d6b0a3a0001
level: high
logsource: { product: windows, category: process_creation }
detection:
  s: { Image|endswith: '\\vssadmin.exe', CommandLine|contains: 'delete shadows' }
  condition: s
---
title: Befehl von Erika
id: 6a5f1f0e-5b0c-4c1d-9a55-0d6b0a3a0002
logsource: { product: windows, category: process_creation }
detection: { s: { User|endswith: emustermann }, condition: s }
---
title: Nirgends
id: 6a5f1f0e-5b0c-4c1d-9a55-0d6b0a3a0003
logsource: { product: amiga }
detection: { s: { a: b }, condition: s }
`;

/** A process creation each half an hour; every second one deletes shadow copies on one of two hosts. */
function line(at: number): string {
  const command = at % 2 === 0 ? "vssadmin.exe delete shadows /all" : "vssadmin.exe list shadows";
  return JSON.stringify({
    ...{ EventID: 1, Channel: "Microsoft-Windows-Sysmon/Operational", EventRecordID: at },
    ...{ Computer: at % 4 === 0 ? "FS01" : "DC01", Provider_Name: "Microsoft-Windows-Sysmon" },
    UtcTime: new Date(START + (at * HOUR_MS) / 2).toISOString().replace("T", " ").slice(0, 23),
    ...{ Image: "C:\\Windows\\System32\\vssadmin.exe", CommandLine: command },
    ...{ User: "KREIS\\emustermann", ProcessId: 4711 },
  });
}

const LINES = Array.from({ length: 12 }, (_, at) => line(at));

async function openArchive(): Promise<Archive> {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-backtest-"));
  const archive = openEmbeddedArchive({ dataDir, onDamage: () => undefined });
  onTestFinished(async () => {
    await archive.close();
    rmSync(dataDir, { recursive: true });
  });
  const normalizer = createNormalizer({ mappings: [] });
  const events = LINES.map((text, offset) => {
    const raw = { id: String(offset), idFromSender: true, source: "fs", timeZone: "UTC", text };
    const receivedAt = Date.parse("2026-11-22T00:00:00Z");
    const { event, format } = eventOrThrow(normalizer.normalize({ ...raw, receivedAt }, TENANT));
    const document = ecsDocument(event, format);
    privacy.protectDocument(TENANT, document);
    const { id, time, source } = event;
    return { offset, event: { id, time, source, dataClass: "security", document } };
  });
  const lastOffset = events.length - 1;
  await archive.append(TENANT, { stream: "raw/0", firstOffset: 0, lastOffset }, events);
  return archive;
}

function detectionOf(text: string): BacktestRules {
  const { rules, correlations, faults } = readRuleFile(text, "test.yml");
  const engine = createSigmaEngine({ rules, logSources: tables });
  return backtestRules({ rules, correlations }, engine, faults);
}

function run(
  events: AsyncIterable<BacktestEvent>,
  options: Partial<BacktestOptions> = {},
): Promise<BacktestResult> {
  return runBacktest(events, {
    ...{ tenant: TENANT, tables, privacy, isArchived: false, timeZone: "Europe/Berlin" },
    ...{ windowMs: HOUR_MS, eventsMax: 1000, samplesPerRuleMax: 3, turns: ALONE },
    detection: detectionOf(RULES),
    observationsMax: 1000,
    signal: new AbortController().signal,
    shareAt: () => 0.5,
    unparsed: () => 0,
    onProgress: () => undefined,
    ...options,
  });
}

async function* fromArchive(range = { from: 0, to: START + 100 * HOUR_MS }) {
  const { signal } = new AbortController();
  const options = { tenant: TENANT, range, signal, formats: [] };
  yield* archivedEvents(await openArchive(), { ...options, view: (event) => event });
}

function fromLines(lines: readonly string[] = LINES, onUnparsed: () => void = () => undefined) {
  const given = lines.map((text, index) => ({ text, line: index + 1 }));
  const tools = { tenant: TENANT, privacy, timeZone: "UTC", format: undefined };
  const normalizer = createNormalizer({ mappings: [] });
  return async function* () {
    yield* givenEvents("fs.log", given, {
      ...{ ...tools, normalizer, joiner: createRecordJoiner(), view: (event) => event },
      ...{ now: () => Date.parse("2026-11-22T00:00:00Z"), onUnparsed },
    });
  };
}

describe("a backtest", () => {
  it("counts hits and findings by the day of the tenant's zone", async () => {
    const { rules, events, share } = await run(fromArchive(), { isArchived: true });
    expect({ events, share }).toEqual({ events: 12, share: 1 });
    expect(rules[0]).toMatchObject({
      hits: 6,
      findings: 6,
      firstHitAt: START,
      lastHitAt: START + 5 * HOUR_MS,
      days: [
        { day: "2026-11-20", hits: 1, findings: 1 },
        { day: "2026-11-21", hits: 5, findings: 5 },
      ],
      isExact: true,
    });
  });

  it("folds hits on one host within a window into one finding", async () => {
    const { rules } = await run(fromArchive(), { windowMs: 24 * HOUR_MS });
    // Two hosts, and a midnight in UTC between their hits.
    expect(rules[0]).toMatchObject({ hits: 6, findings: 4 });
  });

  it("finds the same in the archive as in the lines, but for what asks for identities", async () => {
    const archived = await run(fromArchive(), { isArchived: true });
    const given = await run(fromLines()());
    expect(given.rules[0]?.days).toEqual(archived.rules[0]?.days);
    expect(given.rules[1]).toMatchObject({ hits: 12, isExact: true, inexactFields: [] });
    expect(archived.rules[1]).toMatchObject({ hits: 0, isExact: false, inexactFields: ["User"] });
  });

  it("shows samples without identities", async () => {
    const { rules } = await run(fromLines()());
    const samples = rules.flatMap((rule) => rule.samples);
    expect(samples).toHaveLength(6);
    expect(rules[0]?.samples[0]?.matched).toContainEqual({
      field: "CommandLine",
      value: "vssadmin.exe delete shadows /all",
      operator: "contains",
      pattern: "delete shadows",
    });
    const values = samples.flatMap(({ matched }) => matched.map(({ value }) => value));
    expect(values.join(" ")).not.toMatch(/emustermann/i);
    expect(values.join(" ")).toMatch(/konto-/);
  });

  it("tells of a rule whose log source no event reaches", async () => {
    const { rules } = await run(fromLines()());
    expect(rules.map(({ isReached }) => isReached)).toEqual([true, true, false]);
  });

  it("reads no more events than it may, and says how far it came", async () => {
    const result = await run(fromLines()(), { eventsMax: 5 });
    expect(result).toMatchObject({ events: 5, stopped: "events", share: 0.5 });
  });

  it("ends with what it has when it is cancelled", async () => {
    const stop = new AbortController();
    let read = 0;
    const events = async function* () {
      for await (const one of fromLines()()) {
        read += 1;
        if (read === 8) stop.abort();
        yield one;
      }
    };
    const result = await run(events(), { signal: stop.signal });
    expect(result).toMatchObject({ events: 7, stopped: "cancelled" });
    expect(result.rules[0]?.hits).toBe(4);
  });

  it("gives others their turn", async () => {
    const many = Array.from({ length: 3000 }, (_, at) => line(at));
    let turns = 0;
    const other = setInterval(() => {
      turns += 1;
    }, 1);
    const progress: number[] = [];
    const onProgress = (one: { events: number }) => progress.push(one.events);
    await run(fromLines(many)(), { eventsMax: 3000, turns: BESIDE_DETECTION, onProgress });
    clearInterval(other);
    expect(turns).toBeGreaterThan(3);
    expect(progress.at(-1)).toBe(3000);
    expect(progress).toEqual([...progress].sort((one, two) => one - two));
  });

  it("counts lines that no format reads and goes on", async () => {
    let unparsed = 0;
    const lines = [`{"EventID": 1`, ...LINES];
    const result = await run(
      fromLines(lines, () => {
        unparsed += 1;
      })(),
    );
    expect(unparsed).toBe(1);
    expect(result.events).toBe(12);
  });

  it("passes on what the source of the events throws", async () => {
    const broken = async function* (): AsyncGenerator<BacktestEvent> {
      yield* fromLines()();
      throw new RangeError("the disk is gone");
    };
    await expect(run(broken())).rejects.toThrow("the disk is gone");
  });
});

const CORRELATIONS = `${RULES.replace("title: Befehl", "name: befehl\ntitle: Befehl")}---
title: Drei Befehle eines Kontos
id: 6a5f1f0e-5b0c-4c1d-9a55-0d6b0a3a0004
name: drei
level: medium
correlation: { type: event_count, rules: [befehl], group-by: [User], timespan: 61m, condition: { gte: 3 } }
---
title: Danach Schattenkopien
id: 6a5f1f0e-5b0c-4c1d-9a55-0d6b0a3a0005
level: critical
correlation:
  type: temporal
  rules: [drei, 6a5f1f0e-5b0c-4c1d-9a55-0d6b0a3a0001]
  group-by: [User]
  timespan: 1h
  generate: true
---
title: Niemand
id: 6a5f1f0e-5b0c-4c1d-9a55-0d6b0a3a0006
correlation: { type: event_count, rules: [gibtesnicht], timespan: 1h, condition: { gte: 3 } }
`;
const byTitle = ({ rules }: BacktestResult, title: string) =>
  rules.find((rule) => rule.title === title);

describe("a backtest of correlations", () => {
  // One of someone else between them, and all in the wrong order: nothing of it matters.
  const other = line(3)
    .replace("emustermann", "mmuster")
    .replace('"EventRecordID":3', '"EventRecordID":99');
  const detection = detectionOf(CORRELATIONS);

  it("counts them by day, with findings, samples and what they join", async () => {
    const result = await run(fromLines([other, ...LINES.toReversed()])(), { detection });
    // Twelve events of the account, half an hour apart: each third one makes three within 61 minutes.
    expect(byTitle(result, "Drei Befehle eines Kontos")).toMatchObject({
      ...{ hits: 4, findings: 4, level: "medium", joins: ["Befehl von Erika"] },
      days: [{ day: "2026-11-21", hits: 4, findings: 4 }],
      ...{ isReached: true, isExact: true },
    });
    const sample = byTitle(result, "Drei Befehle eines Kontos")?.samples[0];
    expect(sample?.groupKey).toMatch(/^group:KREIS\\konto-/);
    expect(sample?.eventId).not.toBe("");
    expect(sample?.matched).toMatchObject([
      { field: "event_count", value: "3", operator: "gte", pattern: "3" },
      { field: "User", operator: "group-by" },
    ]);
    expect(JSON.stringify(sample)).not.toMatch(/emustermann|mmuster/i);
  });

  it("joins correlations, and marks what others speak for without leaving it uncounted", async () => {
    const result = await run(fromLines()(), { detection });
    const chain = byTitle(result, "Danach Schattenkopien");
    expect(chain?.joins).toEqual(["Schattenkopien gelöscht", "Drei Befehle eines Kontos"]);
    expect(chain?.hits).toBeGreaterThan(0);
    expect(result.rules.map(({ title, isSilenced }) => [title, isSilenced])).toEqual([
      ["Schattenkopien gelöscht", false],
      ["Befehl von Erika", true],
      ["Nirgends", false],
      ["Drei Befehle eines Kontos", false],
      ["Danach Schattenkopien", false],
    ]);
    const silenced = byTitle(result, "Befehl von Erika");
    expect(silenced).toMatchObject({ hits: 12, isSilenced: true });
    const all = result.rules.reduce((sum, { findings }) => sum + findings, 0);
    expect(result.findings).toBe(all - (silenced?.findings ?? 0));
    expect(result.ruleCount).toBe(5);
    expect(result.faults).toMatchObject([{ title: "Niemand" }]);
  });

  it("says in the archive that what they join is not exact there", async () => {
    const result = await run(fromArchive(), { detection, isArchived: true });
    expect(byTitle(result, "Drei Befehle eines Kontos")).toMatchObject({
      ...{ hits: 0, isExact: false, inexactFields: ["User"] },
    });
  });

  it("joins by pseudonyms in the archive as by accounts in the lines", async () => {
    const text = CORRELATIONS.replace("User|endswith: emustermann", "CommandLine|contains: list");
    const options = { detection: detectionOf(text) };
    const archived = await run(fromArchive(), { ...options, isArchived: true });
    const given = await run(fromLines()(), options);
    const days = byTitle(given, "Drei Befehle eines Kontos")?.days;
    expect(days).toEqual(byTitle(archived, "Drei Befehle eines Kontos")?.days);
    expect(
      byTitle(archived, "Danach Schattenkopien")?.samples.map(({ groupKey }) => groupKey),
    ).toEqual(byTitle(given, "Danach Schattenkopien")?.samples.map(({ groupKey }) => groupKey));
  });

  it("judges no more hits than it may, says so, and counts the rules all the same", async () => {
    const result = await run(fromLines()(), { detection, observationsMax: 5 });
    expect(result.isCorrelationCut).toBe(true);
    expect(result.observations).toBeLessThanOrEqual(5);
    expect(byTitle(result, "Drei Befehle eines Kontos")?.hits).toBe(1);
    expect(byTitle(result, "Befehl von Erika")?.hits).toBe(12);
    expect((await run(fromLines()(), { detection })).isCorrelationCut).toBe(false);
  });
});

describe("the rules of a backtest", () => {
  const loaded = readRuleFile(CORRELATIONS, "loaded.yml");
  const titles = (one: RulesAndCorrelations) =>
    [...one.rules, ...one.correlations].map(({ info }) => info.title);

  it("are with a correlation all that it joins, through others too", () => {
    const correlations = loaded.correlations.filter(({ info }) => info.level === "critical");
    expect(titles(withJoined({ rules: [], correlations }, loaded))).toEqual([
      ...["Schattenkopien gelöscht", "Befehl von Erika"],
      ...["Danach Schattenkopien", "Drei Befehle eines Kontos"],
    ]);
  });

  it("are without a correlation those that were asked for", () => {
    const rules = loaded.rules.slice(0, 1);
    expect(titles(withJoined({ rules, correlations: [] }, loaded))).toEqual([
      "Schattenkopien gelöscht",
    ]);
  });

  it("are those that are given where a loaded one has the same name", () => {
    const text = CORRELATIONS.replace("Befehl von Erika", "Anders").replace("0a3a0002", "0a3a0012");
    expect(titles(withJoined(readRuleFile(text, "given.yml"), loaded))).not.toContain(
      "Befehl von Erika",
    );
  });

  it("end where correlations go round in a circle", () => {
    const circle = CORRELATIONS.replace("rules: [befehl]", "rules: [Danach, drei]");
    const { correlations } = readRuleFile(circle, "circle.yml");
    expect(titles(withJoined({ rules: [], correlations }, loaded))).toHaveLength(4);
  });
});
