// Finds hosts that ask for names which an algorithm made: malware looking for its server among many made
// names. A host is judged by all new names of an hour; one odd name is no alarm.
import type { Activity, DnsActivity } from "../../anomaly/activity.ts";
import type { Anomaly, AnomalyDetector } from "../../anomaly/anomaly.ts";
import { createScores } from "../../anomaly/scores.ts";
import { createTail, type Tail } from "../../anomaly/tail.ts";
import { createFairTable } from "../../fair-table.ts";
import type { EventReference } from "../../keyed.ts";
import { boundedKey, createRecentTable, hashText, type RecentTable } from "../recent-table.ts";
import { createStateWriter, readState, type StateReader, type StateWriter } from "../state.ts";
import type { DgaModel } from "./model.ts";
import { parseName } from "./name.ts";

const HOUR_MS = 3_600_000;
const STATE_VERSION = 1;
const BATCH = 1024;
const NAMES_TOLD = 5;
const EVENTS_KEPT = 10;
/** A host with so many made names in its hour gives way to others last. */
const SUSPECT_NAMES = 2;
/** Added to what is learnt, drawn from host and hour: equal values teach a tail nothing of what lies beyond. */
const EVIDENCE_NOISE = 1;
/** A name that nobody answers for counts more: most made names are not registered. */
const UNANSWERED_FACTOR = 1.5;
/** Certainty beyond which a name counts no more: one name must not be an alarm by itself. */
const LOGIT_MAX = 6;

export interface DgaOptions {
  /** Names and hosts that are remembered. */
  readonly namesMax: number;
  readonly hostsMax: number;
  /** Names from this probability on count. */
  readonly probabilityMin: number;
  /** What is less probable than this is said. */
  readonly tailMax: number;
}

const DGA_DEFAULTS: DgaOptions = {
  ...{ namesMax: 500_000, hostsMax: 50_000, probabilityMin: 0.9, tailMax: 1e-3 },
};

/** A host's hour. */
interface HostHour {
  /** Sum of the certainties of its new names. */
  evidence: number;
  made: number;
  asked: number;
  readonly names: string[];
  readonly events: EventReference[];
  source: string;
}

/** A new name that waits to be judged with others. */
type Waiting = Pick<DnsActivity, "id" | "time" | "source" | "from" | "name" | "answer">;

/** `model` judges names; it is the caller's to dispose of. */
export function createDgaDetector(
  model: Pick<DgaModel, "score">,
  options: Partial<DgaOptions> = {},
): AnomalyDetector<Activity> {
  const settings = { ...DGA_DEFAULTS, ...options };
  const known: RecentTable<true> = createRecentTable(settings.namesMax);
  const hosts = createHosts(settings.hostsMax);
  let waiting: Waiting[] = [];
  let [tail, hour] = [createTail(TAIL_OPTIONS), Number.NaN];
  const { add: note, take: takeScores } = createScores();

  const judgeWaiting = () => {
    const made = model.score(waiting.map(({ name }) => name));
    for (const [place, asked] of waiting.entries())
      addName(hosts, asked, made[place] ?? 0, settings.probabilityMin);
    waiting = [];
  };

  const advance = (time: number): readonly Anomaly[] => {
    if (!Number.isFinite(time)) return [];
    const now = Math.floor(time / HOUR_MS) * HOUR_MS;
    if (Number.isNaN(hour)) hour = now;
    if (now <= hour) return [];
    judgeWaiting();
    const said: Anomaly[] = [];
    for (const [host, seen] of hosts.entries()) {
      const probability = tail.probability(seen.evidence);
      note(probability, hour);
      if (probability > settings.tailMax) continue;
      said.push(anomalyOf(host, seen, hour, now, probability, tail.limit(settings.tailMax)));
    }
    learnHours(tail, hosts, hour, now);
    hosts.clear();
    hour = now;
    return said;
  };

  return {
    observe(input) {
      if (input.kind !== "dns" || !Number.isFinite(input.time)) return [];
      const said = advance(input.time);
      const { label, suffix } = parseName(input.name);
      const name = `${label}.${suffix}`;
      if (label === "" || suffix === "") return said;
      if (known.get(name) !== undefined) {
        known.touch(name);
        return said;
      }
      known.set(name, true);
      waiting.push({ ...input, from: boundedKey(input.from), name });
      if (waiting.length >= BATCH) judgeWaiting();
      return said;
    },
    advance,
    store() {
      judgeWaiting();
      const writer = createStateWriter(STATE_VERSION);
      writer.float(hour);
      writer.floats(tail.state());
      writer.count(known.evicted);
      writer.count(known.size);
      for (const [name] of known.entries()) writer.text(name);
      writer.count(hosts.evicted);
      writer.count(hosts.size);
      for (const [host, seen] of hosts.entries()) writeHour(writer, host, seen);
      return writer.pieces();
    },
    restore(pieces) {
      readState(pieces, STATE_VERSION, "dga", (reader) => {
        waiting = [];
        hour = reader.float();
        tail = createTail(TAIL_OPTIONS, reader.floats());
        known.clear();
        known.evicted = reader.count();
        for (let left = reader.count(); left > 0; left -= 1) known.set(reader.text(), true);
        hosts.clear();
        hosts.evicted = reader.count();
        for (let left = reader.count(); left > 0; left -= 1) hosts.set(...readHour(reader));
      });
    },
    takeScores,
    get keys() {
      return known.size + hosts.size;
    },
    get evicted() {
      return known.evicted + hosts.evicted;
    },
  };
}

/** A flood of hosts pushes out those of its own source, and first those that asked for no made names. */
function createHosts(hostsMax: number): RecentTable<HostHour> {
  return createFairTable(hostsMax, ({ made }) => made >= SUSPECT_NAMES);
}

/** Behind the judgement of all: what infects many at once must not become the usual while it is looked at. */
function learnHours(tail: Tail, hosts: RecentTable<HostHour>, hour: number, now: number): void {
  for (const [host, { evidence }] of hosts.entries())
    tail.learn(evidence + (EVIDENCE_NOISE * hashText(host, hour)) / 2 ** 32, now);
}

/** Hours of hosts in which something new was asked for are one stream. */
const TAIL_OPTIONS = { warmup: 200, bodyMax: 256, peaksMax: 128 };

function addName(
  hosts: RecentTable<HostHour>,
  { id, time, source, from, name, answer }: Waiting,
  probability: number,
  probabilityMin: number,
): void {
  let seen = hosts.get(from);
  if (seen === undefined) {
    seen = { evidence: 0, made: 0, asked: 0, names: [], events: [], source };
    hosts.set(from, seen);
  } else hosts.touch(from);
  seen.asked += 1;
  if (!(probability >= probabilityMin)) return;
  const logit = Math.min(LOGIT_MAX, Math.log(probability / (1 - probability)));
  seen.made += 1;
  seen.evidence += logit * (answer === "NXDOMAIN" ? UNANSWERED_FACTOR : 1);
  if (seen.names.length < NAMES_TOLD) seen.names.push(name);
  if (seen.events.length < EVENTS_KEPT) seen.events.push({ id, time, rule: 0 });
}

function anomalyOf(
  host: string,
  seen: HostHour,
  from: number,
  time: number,
  tail: number,
  limit: number,
): Anomaly {
  return {
    ...{ detector: "dga", kind: "made_names", entity: { type: "address", value: host } },
    ...{ from, time, tail, events: [...seen.events], source: seen.source },
    drivers: [
      {
        ...{ feature: "dga.evidence", seen: Math.round(seen.evidence * 10) / 10, expected: 0 },
        ...{ limit: Number.isFinite(limit) ? limit : undefined, against: "all", share: 1 },
      },
      {
        ...{ feature: "dga.made_names", seen: seen.made, expected: 0 },
        ...{ against: "all", share: 0 },
      },
      {
        ...{ feature: "dga.examples", seen: seen.names.join(" "), expected: undefined },
        ...{ against: "all", share: 0 },
      },
    ],
  };
}

function writeHour(writer: StateWriter, host: string, seen: HostHour): void {
  writer.text(host);
  writer.float(seen.evidence);
  writer.count(seen.made);
  writer.count(seen.asked);
  writer.text(seen.source);
  writer.count(seen.names.length);
  for (const name of seen.names) writer.text(name);
  writer.count(seen.events.length);
  for (const event of seen.events) {
    writer.text(event.id);
    writer.float(event.time);
  }
}

function readHour(reader: StateReader): [string, HostHour] {
  const host = reader.text();
  const evidence = reader.float();
  const made = reader.count();
  const asked = reader.count();
  const source = reader.text();
  const names = Array.from({ length: reader.count() }, () => reader.text());
  const events = Array.from({ length: reader.count() }, () => ({
    ...{ id: reader.text(), time: reader.float(), rule: 0 },
  }));
  return [host, { evidence, made, asked, source, names, events }];
}
