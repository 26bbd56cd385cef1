// Sends a storm through the real chain (lines, formats, Sigma engine, privacy, signals, bus, triage, store)
// in a folder of its own, and looks at what the queue makes of it.
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { configSchema } from "../../../config/schema.ts";
import type { Signal } from "../../../detectors/detector.ts";
import { type QueueItem, readQueue } from "../../../services/api/queue.ts";
import { openEmbeddedBus } from "../../../services/bus/embedded.ts";
import { encodeSignal } from "../../../services/bus/signal-record.ts";
import { createScanThread, SCAN_TENANT } from "../../../services/cli/scan-thread.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { Store } from "../../../services/store/store.ts";
import { startTriage } from "../../../services/triage/triage.ts";
import { drawStorm, type Storm, type StormSize, stormLines } from "./storm.ts";
import { writeRules } from "./storm-detectors.ts";

const FIRST_ITEMS = 30;
const ITEMS_MAX = 500;
const PAGE = 100;
const LINES_PER_WRITE = 2000;
const FINDINGS_PER_PAGE = 500;
/**
 * An item shows an attack when it holds half of its steps, and is about little else: at least this share of its
 * findings are the attack's steps, or accumulated risk that a step of it went into.
 */
const STEPS_SHARE_MIN = 0.5;
const OWN_SHARE_MIN = 0.3;

export interface StormResult {
  readonly signals: number;
  readonly findings: number;
  readonly queueItems: number;
  /** Rank (from 1) of the first item that shows each attack; undefined: none does. */
  readonly ranks: readonly (number | undefined)[];
  readonly attacksInFirst: number;
  /** The same where findings about accumulated risk count as foreign to every attack. */
  readonly byStepsAlone: number;
  readonly detectSeconds: number;
  readonly triageSeconds: number;
  /** Of the findings in items that show an attack, those that are its own. */
  readonly purity: number;
}

export async function runStorm(seed: number, size: StormSize): Promise<StormResult> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-storm-"));
  try {
    const storm = drawStorm(seed, size);
    const detectStart = performance.now();
    const signals = await detectStorm(folder, storm, seed, size);
    const triageStart = performance.now();
    const store = openEmbeddedStore({ dataDir: folder });
    try {
      await triageStorm(folder, store, signals);
      const triageEnd = performance.now();
      return {
        signals: signals.length,
        ...(await judge(store, storm, size)),
        detectSeconds: (triageStart - detectStart) / 1000,
        triageSeconds: (triageEnd - triageStart) / 1000,
      };
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function detectStorm(
  folder: string,
  storm: Storm,
  seed: number,
  size: StormSize,
): Promise<Signal[]> {
  const rules = join(folder, "rules");
  mkdirSync(rules);
  writeRules(rules, storm.detectors);
  const file = join(folder, "storm.ndjson");
  writeLines(file, stormLines(storm, seed, size.events));
  const thread = await createScanThread({
    rulePaths: [rules],
    minLevel: "low",
    timeZone: "Europe/Berlin",
    key: "5a".repeat(32),
    format: undefined,
    hitsOnly: false,
  });
  const signals: Signal[] = [];
  for await (const part of thread.scanFile(file, new AbortController().signal)) {
    signals.push(...part.signals);
  }
  return signals;
}

function writeLines(file: string, lines: Iterable<string>): void {
  const handle = openSync(file, "w");
  let waiting: string[] = [];
  for (const line of lines) {
    waiting.push(line);
    if (waiting.length < LINES_PER_WRITE) continue;
    writeSync(handle, `${waiting.join("\n")}\n`);
    waiting = [];
  }
  writeSync(handle, `${waiting.join("\n")}\n`);
  closeSync(handle);
}

async function triageStorm(folder: string, store: Store, signals: readonly Signal[]) {
  const { detection } = configSchema.parse({ tenants: [{ id: SCAN_TENANT, name: SCAN_TENANT }] });
  const limits = { retentionMs: 1e12, retentionBytes: 1e12, backlogBytesMax: 1e12 };
  const topics = [{ name: "signals", partitions: 1, compacted: false, ...limits }];
  const bus = openEmbeddedBus({ dataDir: folder, topics, sealedTopics: [] });
  const { recordsPerBatchMax } = detection;
  for (let at = 0; at < signals.length; at += recordsPerBatchMax) {
    const part = signals.slice(at, at + recordsPerBatchMax);
    const records = part.map((one) => ({ key: undefined, value: encodeSignal(one) }));
    await bus.publish(SCAN_TENANT, "signals", records);
  }
  const logger = pino({ level: "error" });
  const stage = await startTriage(
    bus,
    store,
    [SCAN_TENANT],
    {
      findingWindowMs: detection.findingWindowHours * 3_600_000,
      inhibitions: detection.inhibitions,
      riskThreshold: detection.riskThreshold,
      recordsPerBatchMax,
      retryDelayMs: 10,
      language: "de",
      timeZoneOf: () => "Europe/Berlin",
      isCriticalHost: () => false,
    },
    logger,
  );
  while ((await bus.lag(SCAN_TENANT, "signals", "triage")).records > 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stage.close();
  await bus.close();
}

async function judge(store: Store, storm: Storm, size: StormSize) {
  const items = await readItems(store);
  const steps = new Map<string, number>();
  const wanted = new Map<number, number>();
  for (const { detector, time, attack } of storm.hits) {
    if (attack === undefined || detector === undefined) continue;
    steps.set(`${detector.id} ${time}`, attack);
    wanted.set(attack, (wanted.get(attack) ?? 0) + 1);
  }
  const none = () => Array.from({ length: size.attacks }, (): number | undefined => undefined);
  const [ranks, ranksByStepsAlone] = [none(), none()];
  const shares: number[] = [];
  const members = await Promise.all(items.map((item) => findingsOf(store, item)));
  const attacks = new Map(
    members.flat().map((finding) => [finding.id, attacksOf(finding, steps)] as const),
  );
  for (const [index, findings] of members.entries()) {
    for (const [attack, found] of ownOf(findings, attacks)) {
      if (found.steps < STEPS_SHARE_MIN * (wanted.get(attack) ?? 0)) continue;
      const share = (found.findings + found.madeOfIt) / findings.length;
      if (found.findings / findings.length >= OWN_SHARE_MIN)
        ranksByStepsAlone[attack] ??= index + 1;
      if (share < OWN_SHARE_MIN) continue;
      if (ranks[attack] === undefined) shares.push(share);
      ranks[attack] ??= index + 1;
    }
  }
  const { total: findings } = await store.search(SCAN_TENANT, FINDING_KIND, { sort: [], limit: 1 });
  return {
    findings,
    queueItems: items.length,
    ranks,
    attacksInFirst: inFirst(ranks),
    byStepsAlone: inFirst(ranksByStepsAlone),
    purity: shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length),
  };
}

function inFirst(ranks: readonly (number | undefined)[]): number {
  return ranks.filter((rank) => rank !== undefined && rank <= FIRST_ITEMS).length;
}

interface Own {
  steps: number;
  findings: number;
  /** Findings about accumulated risk that a step of the attack went into. */
  madeOfIt: number;
}

/** What of an item's findings is whose attack. @param attacks finding id → attack → its steps in there */
function ownOf(
  findings: readonly Finding[],
  attacks: ReadonlyMap<string, ReadonlyMap<number, number>>,
): Map<number, Own> {
  const own = new Map<number, Own>();
  const of = (attack: number) => {
    const known = own.get(attack) ?? { steps: 0, findings: 0, madeOfIt: 0 };
    own.set(attack, known);
    return known;
  };
  for (const { id, contributors = [] } of findings) {
    for (const [attack, count] of attacks.get(id) ?? []) {
      of(attack).steps += count;
      of(attack).findings += 1;
    }
    const parts = contributors.flatMap(({ finding }) => [...(attacks.get(finding)?.keys() ?? [])]);
    for (const attack of new Set(parts)) of(attack).madeOfIt += 1;
  }
  return own;
}

async function readItems(store: Store): Promise<QueueItem[]> {
  const items: QueueItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await readQueue(store, SCAN_TENANT, { limit: PAGE, cursor });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && items.length < ITEMS_MAX);
  return items;
}

async function findingsOf(store: Store, item: QueueItem): Promise<readonly Finding[]> {
  if (item.type === "finding") return [item.found.document];
  const page = await store.search(SCAN_TENANT, FINDING_KIND, {
    terms: { proposal: [item.found.id] },
    sort: [],
    limit: FINDINGS_PER_PAGE,
  });
  return page.hits.map((hit) => hit.document);
}

function attacksOf(finding: Finding, steps: ReadonlyMap<string, number>): Map<number, number> {
  const found = new Map<number, number>();
  for (const { time } of finding.evidence) {
    const attack = steps.get(`${finding.detector.id} ${time}`);
    if (attack !== undefined) found.set(attack, (found.get(attack) ?? 0) + 1);
  }
  return found;
}
