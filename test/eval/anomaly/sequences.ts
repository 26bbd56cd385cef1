// What the sequence model finds on hosts of our own making where counts of pairs of sentences find nothing, and
// what it would say of recorded sessions, alone and beside the models of counts and order.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AnomalyDetector } from "../../../detectors/anomaly/anomaly.ts";
import { openBackend, type TensorBackend } from "../../../detectors/anomaly/backend.ts";
import type { LiveSequences } from "../../../detectors/templates/sequence/live-sequences.ts";
import {
  CONTEXT_SIGNS,
  loadSequences,
  ROW_SIGNS,
  type SequenceModel,
  trainSequences,
} from "../../../detectors/templates/sequence/model.ts";
import {
  EDGE,
  markOf,
  type Sign,
  signOf,
} from "../../../detectors/templates/sequence/vocabulary.ts";
import { learnSessions } from "../../../detectors/templates/sessions/session-model.ts";
import { createLogStream, type LogLine } from "../../../detectors/templates/stream/log-stream.ts";
import type { Figure } from "../../bench/figure.ts";
import { type DrawnLine, drawJobs } from "../../detectors/templates/sequence/drawn-jobs.ts";
import { sharedDataOrSkip } from "../../support/shared-data.ts";
import { readCsv } from "../csv.ts";
import { eventsOf, isAnomalous, projected } from "./sessions.ts";

const FIRST_SEED = 5001;
const DRAWS = 1;
const WARMUP = { warmupMs: 0 };

export async function evaluateSequences(): Promise<Figure[]> {
  const backend = await openBackend("wasm");
  const draws: ReturnType<typeof judgeJobs>[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + DRAWS; seed += 1)
    draws.push(judgeJobs(seed, backend));
  const sum = (value: (draw: (typeof draws)[number]) => number) =>
    draws.reduce((total, draw) => total + value(draw), 0);
  const planted = sum((draw) => draw.planted);
  const more = { draws: DRAWS, backend: backend.name, planted };
  const figures: Figure[] = [
    {
      ...{ figure: "sequences.recall_rare_order", value: sum(({ found }) => found) / planted },
      ...{ unit: "share", more: { ...more, each: draws } },
    },
    {
      figure: "sequences.recall_rare_order_without_model",
      ...{ value: sum(({ foundWithout }) => foundWithout) / planted, unit: "share", more },
    },
    {
      figure: "sequences.false_alarms_per_1000_lines",
      value: (1000 * sum(({ falseAlarms }) => falseAlarms)) / sum(({ quiet }) => quiet),
      ...{ unit: "alarms", more },
    },
  ];
  const data = sharedDataOrSkip("eval:anomaly sequences", "anomaly/hdfs_sessions");
  return data === undefined ? figures : [...figures, ...judgeSessions(data, backend)];
}

function judgeJobs(seed: number, backend: TensorBackend) {
  const rows: Sign[][] = [];
  let model: SequenceModel | undefined;
  const live: LiveSequences = {
    state: "active",
    get model() {
      return model;
    },
    keep: ({ signs }) => void rows.push([...signs]),
  };
  const detector = createLogStream(WARMUP, live);
  const without = createLogStream(WARMUP);
  const say = (one: AnomalyDetector<LogLine>, lines: readonly DrawnLine[]) =>
    lines.filter(({ odd: _, ...line }) => one.observe(line).some(({ kind }) => kind !== MISSING));
  const past = drawJobs(seed * 10, { lines: 40_000, oddShare: 0, from: 0 });
  say(detector, past);
  say(without, past);
  const begun = process.cpuUsage();
  const artefact = trainSequences(rows, { backend, seed });
  const trainingCpu = secondsSince(begun);
  model = loadSequences(artefact);
  const quiet = drawJobs(seed * 10 + 1, { lines: 20_000, oddShare: 0, from: endOf(past) });
  const asked = process.cpuUsage();
  const falseAlarms = say(detector, quiet).length;
  const linesPerCpuSecond = Math.round(quiet.length / secondsSince(asked));
  say(without, quiet);
  const test = drawJobs(seed * 10 + 2, { lines: 20_000, oddShare: 0.02, from: endOf(quiet) });
  const jobsOf = (lines: readonly DrawnLine[]) =>
    new Set(lines.flatMap(({ odd }) => (odd === undefined ? [] : [odd.job])));
  return {
    planted: jobsOf(test).size,
    found: jobsOf(say(detector, test)).size,
    foundWithout: jobsOf(say(without, test)).size,
    ...{ quiet: quiet.length, falseAlarms, rows: rows.length, bytes: artefact.length },
    ...{ trainingCpu, linesPerCpuSecond },
  };
}

function secondsSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

/** What both detectors say alike is left out. */
const MISSING = "missing_successor";

function endOf(lines: readonly DrawnLine[]): number {
  return (lines.at(-1)?.time ?? 0) + 1000;
}

/** One session of five is held out: the highest of its scores that one in a thousand may exceed is the bar. */
function judgeSessions(data: string, backend: TensorBackend): Figure[] {
  const training = readCsv(readFileSync(join(data, "train_normal.csv"), "utf8")).map(eventsOf);
  const labelled = readCsv(readFileSync(join(data, "dev_test.csv"), "utf8"));
  const learnt = training.filter((_, at) => at % 5 !== 0).flatMap((events) => rowsOf(events));
  const model = loadSequences(trainSequences(learnt, { backend }));
  const scores = training
    .filter((_, at) => at % 5 === 0)
    .map((events) => surpriseOf(model, events))
    .sort((a, b) => b - a);
  const bar = scores[Math.floor(scores.length / 1000)] ?? 0;
  const counts = learnSessions(training);
  const score = (alerts: (events: readonly string[]) => boolean) =>
    projected(labelled.map((row) => [isAnomalous(row), alerts(eventsOf(row))]));
  const alone = score((events) => surpriseOf(model, events) > bar);
  const third = score((events) => surpriseOf(model, events) > bar || counts.score(events) >= 1);
  return [
    { figure: "sessions.f1_gru", value: alone.f1, unit: "ratio", more: alone },
    { figure: "sessions.f1_with_gru", value: third.f1, unit: "ratio", more: third },
  ];
}

function signsOf(events: readonly string[]): Sign[] {
  return [EDGE, ...events.map((event) => signOf(0, markOf(event))), EDGE];
}

function rowsOf(events: readonly string[]): Sign[][] {
  const signs = signsOf(events);
  const count = Math.max(1, Math.ceil((signs.length - ROW_SIGNS) / CONTEXT_SIGNS) + 1);
  return Array.from({ length: count }, (_, row) =>
    signs.slice(row * CONTEXT_SIGNS, row * CONTEXT_SIGNS + ROW_SIGNS),
  );
}

/** The most surprising of a session's events, its end among them. */
function surpriseOf(model: SequenceModel, events: readonly string[]): number {
  const state = model.start();
  const signs = signsOf(events);
  return signs.slice(1).reduce((most, sign, at) => {
    model.step(state, signs[at] ?? EDGE);
    return Math.max(most, model.surprise(state, sign));
  }, 0);
}
