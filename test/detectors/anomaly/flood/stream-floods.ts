// Jobs that write the same lines day and night, and series of numbers, with attacks in them, while a million
// hosts that nobody saw before send lines and numbers of their own.
import { openBackend } from "../../../../detectors/anomaly/backend.ts";
import { createMetricDetector, type MetricSample } from "../../../../detectors/metrics/metrics.ts";
import type {
  LiveSequences,
  SequenceRow,
} from "../../../../detectors/templates/sequence/live-sequences.ts";
import { loadSequences, trainSequences } from "../../../../detectors/templates/sequence/model.ts";
import {
  createLogStream,
  type LogLine,
} from "../../../../detectors/templates/stream/log-stream.ts";
import { randomFrom } from "../../network/beacon/county-flows.ts";
import { FLOOD_SOURCE, type Flood } from "./flood.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** Between two lines of a job; the flood lasts four times as long. */
const STEP_MS = 150_000;
const HOSTS = ["srv1", "srv2", "srv3"];
/** After the first line of this run the flood comes. */
const FLOODED = 2001;
/** By night, where the first one was by day. */
const LATER = FLOODED + 62;
const RUNS = LATER + 40;
/** Events of attacks, and as what each is to be told. */
const ATTACKS: Readonly<Record<string, string>> = {
  ...{ [`${FLOODED}.2`]: "rare_transition", [`${FLOODED}.new`]: "new_template" },
  ...{ [`${FLOODED + 1}.2`]: "rare_order", [`${LATER}.2`]: "rare_transition" },
  ...{ [`${LATER}.new`]: "new_template", [`${LATER + 1}.2`]: "rare_order" },
};
const QUICK = { warmupLines: 100, warmupMs: 0 };

export async function lineFlood(): Promise<Flood<LogLine>> {
  const live = await learntOrders();
  return {
    create: () => createLogStream(QUICK, live),
    life: Array.from({ length: RUNS }, (_, run) => linesOf(run, true)).flat(),
    flood: (at, time) => ({
      ...{ id: `flood-${at}`, time, source: FLOOD_SOURCE, host: `h-${at}` },
      message: `service w${at} has begun`,
    }),
    ...{ begin: FLOODED * 3 * STEP_MS + 1000, until: (RUNS + 1) * 3 * STEP_MS },
    attacks: Object.keys(ATTACKS).sort(),
    attackOf({ kind, events: [event] }) {
      const id = event?.id ?? "";
      return ATTACKS[id] === kind ? id : undefined;
    },
  };
}

async function learntOrders(): Promise<LiveSequences> {
  const rows: SequenceRow[] = [];
  const keep = (row: SequenceRow) => void rows.push(row);
  const teacher = createLogStream(QUICK, { state: "none", model: undefined, keep });
  for (let run = 0; run < 900; run += 1)
    for (const line of linesOf(run, false)) teacher.observe(line);
  const signs = rows.map((row) => row.signs);
  const backend = await openBackend("wasm");
  const model = loadSequences(trainSequences(signs, { backend, steps: 100, batch: 24 }));
  return { state: "active", model, keep: () => undefined };
}

/** A job, day and night in turn as it comes; what ends a run is what began it. */
function linesOf(run: number, isAttacked: boolean): LogLine[] {
  const is = (of: number) => isAttacked && (run === FLOODED + of || run === LATER + of);
  const line = (step: number | "new", at: number, message: string): LogLine => ({
    ...{ id: `${run}.${step}`, time: (run * 3 + at) * STEP_MS, source: "backup" },
    ...{ host: HOSTS[run % HOSTS.length] ?? "", message },
  });
  // A sequence without a short period, the same on all machines.
  const isDay = (Math.imul(run, 0x9e3779b1) >>> 16) % 2 === 0;
  const [begin, other] = isDay ? ["day", "night"] : ["night", "day"];
  const copied = line(1, 1, `copied ${run} files`);
  return [
    line(0, 0, `${begin} run begins`),
    ...(is(0) ? [] : [copied]),
    line(2, 2, `${is(1) ? other : begin} run ends`),
    ...(is(0)
      ? [line("new", 2.2, `${run === LATER ? "copies deleted" : "audit log cleared"}`)]
      : []),
  ];
}

/** Two series a minute of one host; both jump while the flood lasts, and hours later. */
export function metricFlood(): Flood<MetricSample> {
  const begin = 7 * DAY_MS;
  const jumps = { during: begin + 5 * MINUTE_MS, after: begin + 200 * MINUTE_MS } as const;
  const jumpAt = (time: number) =>
    time >= jumps.during && time < jumps.during + 4 * MINUTE_MS
      ? "during"
      : time >= jumps.after && time < jumps.after + 10 * MINUTE_MS
        ? "after"
        : undefined;
  const random = randomFrom(5);
  const life = Array.from({ length: 8 * 1440 * 2 }, (_, at): MetricSample => {
    const time = Math.floor(at / 2) * MINUTE_MS;
    const [metric, level] = at % 2 === 0 ? ["load", 40] : ["requests", 300];
    const usual = level * (1 + 0.1 * (random() + random() - 1));
    return {
      ...{ id: `${metric}${time}`, time, source: "prometheus", metric },
      ...{ entity: { type: "host", value: "web1" } },
      value: jumpAt(time) === undefined ? usual : level * 9,
    };
  });
  return {
    create: () => createMetricDetector({ seriesMax: 20_000, hostsMax: 2000 }),
    ...{ life, begin, until: 8 * DAY_MS, attacks: ["after", "during"] },
    flood: (at, time) => ({
      ...{ id: `flood-${at}`, time, source: FLOOD_SOURCE, metric: `m-${at}`, value: at },
      entity: { type: "host", value: `h-${at}` },
    }),
    attackOf: ({ entity, time }) => (entity.value === "web1" ? jumpAt(time) : undefined),
  };
}
