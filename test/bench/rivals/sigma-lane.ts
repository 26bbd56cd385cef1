// Runs our engine over a lane of recorded events and prints one line of JSON with what that took, as the
// programs of the other engines beside it do. With `--routing parse` it only parses: the floor of all.
// Starts from the file's bytes; the first pass, which compiles, is told apart, and passes to warm up don't count.
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { z } from "zod";
import { loadLogSources } from "../../../config/log-sources.ts";
import { createSigmaEngine, type SigmaEngine } from "../../../detectors/sigma/engine.ts";
import { guardProcessRegexes } from "../../../detectors/sigma/regex-guard.ts";
import { windowsFlat } from "../../../services/normalize/windows/windows-flat.ts";
import { readRulePackage } from "../../support/recordings.ts";

const KIB_PER_MIB = 1024;
const LINE_FEED = 0x0a;

const taskSchema = z.object({
  rules: z.string(),
  lane: z.string(),
  repeat: z.coerce.number().int().positive(),
  threads: z.coerce.number().int().positive(),
  routing: z.enum(["own", "parse"]),
  hits: z.string().optional(),
});
type Task = z.infer<typeof taskSchema>;

/** A share of the lane: `index` of `of` equal parts. */
interface Share {
  readonly task: Task;
  readonly index: number;
  readonly of: number;
}

interface Runner {
  readonly rules: number;
  readonly events: number;
  /** Parses and matches all events of the share once; returns the hits. */
  pass(): number;
  /** One line a hit: number of the event from 0, tab, id of the rule. */
  hitList(): string[];
}

guardProcessRegexes();
if (isMainThread) await main();
// The main thread starts this file with a share.
else serve(await createRunner(workerData as Share));

async function main(): Promise<void> {
  const names = ["rules", "lane", "logsources", "repeat", "threads", "routing", "hits"];
  const { values } = parseArgs({
    options: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
  });
  if (values.lane === undefined) {
    process.stderr.write("SKIPPED sigma-lane: call it with a lane\n");
    return;
  }
  const task = taskSchema.parse(values);
  const loadFrom = cpuSeconds();
  const runner = await (task.threads === 1
    ? createRunner({ task, index: 0, of: 1 }).then(alone)
    : together(task));
  const loaded = cpuSeconds();
  await runner.pass();
  const firstPassCpuS = cpuSeconds() - loaded;
  // What runs for weeks is not judged by its first second: indexes are built anew after some hundred events
  // of a log source, and V8 compiles what runs often.
  for (let round = 1; round < task.repeat; round += 1) await runner.pass();
  const first = cpuSeconds();
  const wallFrom = performance.now();
  let hits = 0;
  for (let round = 0; round < task.repeat; round += 1) hits += await runner.pass();
  const end = cpuSeconds();
  const wallS = (performance.now() - wallFrom) / 1000;
  const peak = peakMib();
  if (task.hits !== undefined) writeFileSync(task.hits, (await runner.hitList()).join(""));
  const report = {
    rules: runner.rules,
    rejected: 0,
    load_cpu_s: loaded - loadFrom,
    first_pass_cpu_s: firstPassCpuS,
    cpu_s: end - first,
    wall_s: wallS,
    events: runner.events * task.repeat,
    hits,
    peak_mib: peak,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
  await runner.stop();
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Not `maxRSS`: that starts with the memory of the process that started this one. */
function peakMib(): number {
  const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Number(peak) / KIB_PER_MIB;
}

async function createRunner({ task, index, of }: Share): Promise<Runner> {
  const bytes = readFileSync(task.lane);
  const bounds = linesOf(bytes);
  const from = Math.floor((index * bounds.length) / of);
  const mine = bounds.slice(from, Math.floor(((index + 1) * bounds.length) / of));
  const textOf = ({ start, end }: LineBounds) => bytes.toString("utf8", start, end);
  if (task.routing === "parse") {
    const pass = () => {
      for (const line of mine) JSON.parse(textOf(line));
      return 0;
    };
    return { rules: 0, events: mine.length, pass, hitList: () => [] };
  }
  const { rules } = await readRulePackage(task.rules);
  const engine = createSigmaEngine({ rules, logSources: loadLogSources() });
  return {
    rules: engine.rules.length,
    events: mine.length,
    pass: () => mine.reduce((hits, line) => hits + match(engine, textOf(line)).length, 0),
    hitList: () =>
      mine.flatMap((line, place) =>
        match(engine, textOf(line)).map(({ detector }) => `${from + place}\t${detector.id}\n`),
      ),
  };
}

interface LineBounds {
  readonly start: number;
  readonly end: number;
}

function linesOf(bytes: Buffer): LineBounds[] {
  const bounds: LineBounds[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found === -1 ? bytes.length : found;
    if (end > start) bounds.push({ start, end });
    start = end + 1;
  }
  return bounds;
}

function match(engine: SigmaEngine, text: string) {
  const { shape } = windowsFlat;
  const record = JSON.parse(text);
  const times = { time: 0, ingestedAt: 0 };
  // As the normaliser does: keywords are searched in the text that the record was made of.
  const origin = { text, record, textRecord: record };
  return engine.match({ id: "", tenant: "", source: "", ...times, shape, ...origin });
}

interface Answers {
  readonly ready: { readonly rules: number; readonly events: number };
  readonly pass: number;
  readonly hitList: string[];
}
type Question = "pass" | "hitList" | "stop";

function serve(runner: Runner): void {
  parentPort?.on("message", (question: Question) => {
    if (question === "stop") parentPort?.close();
    else parentPort?.postMessage(runner[question]());
  });
  parentPort?.postMessage({ rules: runner.rules, events: runner.events });
}

function alone(runner: Runner) {
  return { ...runner, stop: () => undefined };
}

/** As many threads as asked, each with its own engine and its own share of the lane. */
async function together(task: Task) {
  const workers = Array.from({ length: task.threads }, (_, index) => {
    const share: Share = { task, index, of: task.threads };
    return new Worker(new URL(import.meta.url), { workerData: share });
  });
  const answers = <K extends keyof Answers>() =>
    Promise.all(
      workers.map(async (worker) => {
        const [answer]: Answers[K][] = await once(worker, "message");
        if (answer === undefined) throw new Error("a worker said nothing");
        return answer;
      }),
    );
  const ready = await answers<"ready">();
  const ask = <K extends "pass" | "hitList">(question: K) => {
    const all = answers<K>();
    for (const worker of workers) worker.postMessage(question);
    return all;
  };
  return {
    rules: ready[0]?.rules ?? 0,
    events: ready.reduce((sum, one) => sum + one.events, 0),
    pass: async () => (await ask("pass")).reduce((sum, one) => sum + one, 0),
    hitList: async () => (await ask("hitList")).flat(),
    stop: () => {
      for (const worker of workers) worker.postMessage("stop");
    },
  };
}
