// How fast a scan is, in CPU time and beside `JSON.parse` of the same lines; how much memory it takes;
// and what taking out the identities costs. Measured on a mixed lane of recorded Windows and Linux logs.
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import { createScanThread, type ScanThread } from "../../services/cli/scan-thread.ts";
import { ecsDocument } from "../../services/normalize/ecs-document.ts";
import { createNormalizer, eventOrThrow } from "../../services/normalize/normalizer.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { createPrivacy } from "../../services/privacy/protect.ts";
import { readRuleFiles } from "../../services/rules/rule-source.ts";
import { readLinesOf } from "../support/recordings.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { cpuSeconds, spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";
import { benchWorkers } from "./scan-workers.ts";

const ROUNDS = 3;
/** Sizes of the rule sets; the last one takes all. */
const RULE_COUNTS = [100, 1000, Number.POSITIVE_INFINITY];
/** Documents held at once while privacy is measured. */
const CHUNK_LINES = 4000;
const PSEUDONYM_KEY = "5a".repeat(32);
const LANE = "sigma/lanes/mix_dev.ndjson.zst";
const RULES = "sigma/sigma/sigmahq-rules-8eaafff1.tar.gz";
const MEMORY_PROGRAM = join(dirname(fileURLToPath(import.meta.url)), "scan-memory.ts");

guardProcessRegexes();
const lane = sharedDataOrSkip("bench:scan", LANE);
const rules = sharedDataOrSkip("bench:scan", RULES);
if (lane !== undefined && rules !== undefined) await benchmark(lane, rules);

/** With the argument `workers` only what several threads gain. */
async function benchmark(lanePath: string, rulesPath: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-bench-"));
  try {
    const lines = readLinesOf(lanePath);
    const file = join(folder, "lane.ndjson");
    await benchWorkers(folder, lines, rulesPath);
    if (process.argv.includes("workers")) return;
    writeFileSync(file, `${lines.join("\n")}\n`);
    for (const count of RULE_COUNTS) {
      await benchScan(file, lines, await writeRules(folder, rulesPath, count));
    }
    await benchPrivacy(lines);
    benchMemory(folder, file, lines, rulesPath);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A folder with about `count` rules, drawn evenly over all products and kinds. */
async function writeRules(folder: string, rulesPath: string, count: number): Promise<string> {
  if (count === Number.POSITIVE_INFINITY) return rulesPath;
  const files = await readRuleFiles(rulesPath);
  const target = join(folder, `rules-${count}`);
  mkdirSync(target);
  for (let index = 0; index < count; index += 1) {
    const file = files[Math.floor((index * files.length) / count)];
    if (file !== undefined) writeFileSync(join(target, `${index}.yml`), file.text);
  }
  return target;
}

async function benchScan(file: string, lines: readonly string[], rulePath: string): Promise<void> {
  const thread = await createScanThread({
    rulePaths: [rulePath],
    minLevel: "low",
    timeZone: "UTC",
    key: PSEUDONYM_KEY,
    format: undefined,
    hitsOnly: false,
  });
  const megabytes = statSync(file).size / 1e6;
  const scans: number[] = [];
  const ratios: number[] = [];
  let result = { events: 0, hits: 0 };
  // The first round warms up and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const parse = await cpuSeconds(() => parseAll(lines));
    const scan = await cpuSeconds(async () => {
      result = await scanAll(thread, file);
    });
    if (round === 0) continue;
    scans.push(scan);
    ratios.push(scan / parse);
  }
  const more = { rules: thread.rules, ...result, rounds: ROUNDS };
  const rate = (amount: number) => spread(scans.map((seconds) => amount / seconds));
  const events = rate(lines.length);
  const bytes = rate(megabytes);
  const ratio = spread(ratios);
  printFigure("scan.events_per_cpu_s", events.median, "events/s", { range: events.range, ...more });
  printFigure("scan.mb_per_cpu_s", bytes.median, "MB/s", { range: bytes.range, ...more });
  printFigure("scan.over_json_parse", ratio.median, "ratio", { range: ratio.range, ...more });
}

function parseAll(lines: readonly string[]): void {
  let keys = 0;
  for (const line of lines) keys += typeof JSON.parse(line) === "object" ? 1 : 0;
  if (keys !== lines.length) throw new Error("the lane holds lines that are no objects");
}

async function scanAll(
  thread: ScanThread,
  file: string,
): Promise<{ events: number; hits: number }> {
  let [events, hits] = [0, 0];
  for await (const part of thread.scanFile(file, new AbortController().signal)) {
    events += part.events;
    hits += part.hits.length;
  }
  return { events, hits };
}

/** Privacy is measured on every event of the lane; making the documents is measured by itself. */
async function benchPrivacy(lines: readonly string[]): Promise<void> {
  const privacy = createPrivacy(createKeyRing(Buffer.from(PSEUDONYM_KEY, "hex")));
  const ratios: number[] = [];
  const documentRatios: number[] = [];
  let identities = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    let [parse, make, protect] = [0, 0, 0];
    identities = 0;
    for (let from = 0; from < lines.length; from += CHUNK_LINES) {
      const chunk = lines.slice(from, from + CHUNK_LINES);
      const parsed = eventsOf(chunk);
      parse += await cpuSeconds(() => parseAll(chunk));
      let documents: ReturnType<typeof ecsDocument>[] = [];
      make += await cpuSeconds(() => {
        documents = parsed.map(({ event, format }) => ecsDocument(event, format));
      });
      protect += await cpuSeconds(() => {
        for (const document of documents) {
          identities += privacy.protectDocument("bench", document).size;
        }
      });
    }
    if (round === 0) continue;
    ratios.push(protect / parse);
    documentRatios.push(make / parse);
  }
  const { median, range } = spread(ratios);
  const documents = spread(documentRatios);
  const more = { rounds: ROUNDS, events: lines.length };
  printFigure("privacy.over_parse", median, "ratio", { range, identities, ...more });
  printFigure("scan.document_over_parse", documents.median, "ratio", {
    range: documents.range,
    ...more,
  });
}

function eventsOf(lines: readonly string[]) {
  const normalizer = createNormalizer({ mappings: [] });
  return lines.map((text, index) => {
    const received = {
      id: String(index),
      idFromSender: true,
      source: "bench",
      timeZone: "UTC",
      receivedAt: Date.UTC(2026, 10, 21, 5),
      text,
    };
    const parsed = eventOrThrow(normalizer.normalize(received, "bench"));
    return parsed;
  });
}

/** Peak memory of a process of its own that scans the lane, and one that scans it twice as long. */
function benchMemory(
  folder: string,
  file: string,
  lines: readonly string[],
  rulesPath: string,
): void {
  const twice = join(folder, "twice.ndjson");
  for (let copy = 0; copy < 2; copy += 1) appendFileSync(twice, `${lines.join("\n")}\n`);
  const once = peakMebibytes(file, rulesPath);
  printFigure("scan.memory_peak_mib", once, "MiB", {
    megabytes: Math.round(statSync(file).size / 1e6),
    doubled: peakMebibytes(twice, rulesPath),
  });
}

function peakMebibytes(file: string, rulesPath: string): number {
  const child = spawnSync(process.execPath, [MEMORY_PROGRAM, file, rulesPath], {
    encoding: "utf8",
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return Number(child.stdout);
}
