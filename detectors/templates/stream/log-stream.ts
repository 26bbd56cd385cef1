// Anomalies in streams of log lines: a sentence that a source never wrote, a sentence after another that
// never followed it on a host, and a sentence that should have followed and did not.
import type { Anomaly, AnomalyDetector, Driver } from "../../anomaly/anomaly.ts";
import { createStateWriter, readState } from "../../network/state.ts";
import { TemplateMiner } from "../miner.ts";
import { type LiveSequences, NO_SEQUENCES } from "../sequence/live-sequences.ts";
import { type OddOrder, OrderWatch } from "../sequence/order-watch.ts";
import { markOf, type Sign, signOf } from "../sequence/vocabulary.ts";
import { readMiner, writeMiner } from "../state.ts";
import { Rates } from "./rates.ts";
import { type Missing, Successors } from "./successors.ts";

/** A line as it is looked at: its message without time, host and process, identities as pseudonyms. */
export interface LogLine {
  readonly id: string;
  /** Event time, milliseconds since 1970 UTC. */
  readonly time: number;
  /** Name of the configured source; what is usual is learnt for each. */
  readonly source: string;
  readonly host: string;
  readonly message: string;
}

export interface LogStreamOptions {
  readonly templatesMax: number;
  /** Templates, transitions and hosts that are remembered, of all sources together. */
  readonly keysMax: number;
  /** After this time what was seen counts half. */
  readonly halfLifeMs: number;
  /** A source is silent until it gave so many lines over so much time. */
  readonly warmupLines: number;
  readonly warmupMs: number;
  /** Only what is at most as probable is said. */
  readonly tailMax: number;
  /** A successor comes within this time or is missing. */
  readonly successorMs: number;
}

const DAY_MS = 86_400_000;
const LOG_STREAM_DEFAULTS: LogStreamOptions = {
  ...{ templatesMax: 20_000, keysMax: 200_000, halfLifeMs: 14 * DAY_MS },
  ...{ warmupLines: 1_000, warmupMs: DAY_MS, tailMax: 1e-3, successorMs: 60_000 },
};

const VERSION = 2;
const EXPECTED_MAX = 3;

/** A detector of streams of log lines; while a sequence model is there, of the order on each host too. */
export function createLogStream(
  options: Partial<LogStreamOptions> = {},
  live: LiveSequences = NO_SEQUENCES,
): AnomalyDetector<LogLine> {
  return new LogStream({ ...LOG_STREAM_DEFAULTS, ...options }, live);
}

class LogStream implements AnomalyDetector<LogLine> {
  readonly #options: LogStreamOptions;
  #miner: TemplateMiner;
  #templates: Rates;
  #transitions: Rates;
  #successors: Successors;
  #orders: OrderWatch;
  readonly #live: LiveSequences;
  /** Marks of templates, by their words: these are others when a template's words change. */
  readonly #marks = new WeakMap<object, number>();

  constructor(options: LogStreamOptions, live: LiveSequences) {
    this.#options = options;
    this.#live = live;
    this.#miner = new TemplateMiner(options);
    this.#templates = new Rates(options);
    this.#transitions = new Rates(options);
    this.#successors = new Successors(options);
    this.#orders = new OrderWatch(options, live);
  }

  observe(line: LogLine): readonly Anomaly[] {
    if (!Number.isFinite(line.time)) return [];
    const { source, host } = line;
    const template = this.#miner.observe(line.message);
    const before = this.#successors.last(source, host);
    const anomalies = this.#missing(this.#successors.observe(line, template));
    const isKnown = this.#templates.isKnown(source, String(template));
    const tail = this.#templates.learn(source, String(template), line.time);
    if (tail <= this.#options.tailMax) {
      const driver = driverOf("templates.new", this.#textOf(template), undefined);
      anomalies.push(anomalyOf("new_template", line, tail, driver));
    }
    const odd = this.#orders.observe(line, this.#signOf(source, template));
    if (before === undefined) return anomalies;
    const pair = `${this.#miner.resolve(before.template) ?? before.template}>${template}`;
    const pairTail = this.#transitions.learn(source, pair, line.time);
    // A new sentence always follows something that it never followed: that is said already.
    if (isKnown && pairTail <= this.#options.tailMax) {
      const usual = this.#successors.usualAfter(source, before.template, EXPECTED_MAX);
      const expected = usual.map((id) => this.#textOf(id));
      const driver = driverOf("templates.transition", this.#textOf(template), expected);
      anomalies.push(
        anomalyOf("rare_transition", { ...line, from: before.time }, pairTail, driver),
      );
    } else if (odd !== undefined && this.#live.state === "active") {
      const driver = driverOf("templates.order", this.#textOf(template), this.#texts(source, odd));
      anomalies.push(anomalyOf("rare_order", { ...line, from: odd.from }, odd.tail, driver));
    }
    return anomalies;
  }

  advance(time: number): readonly Anomaly[] {
    return this.#missing(this.#successors.advance(time));
  }

  store(): readonly Uint8Array[] {
    const writer = createStateWriter(VERSION);
    writeMiner(writer, this.#miner);
    for (const part of this.#parts) part.write(writer);
    return writer.pieces();
  }

  restore(pieces: readonly Uint8Array[]): void {
    const fresh = new LogStream(this.#options, this.#live);
    readState(pieces, VERSION, "templates", (reader) => {
      readMiner(reader, fresh.#miner);
      for (const part of fresh.#parts) part.read(reader);
    });
    this.#miner = fresh.#miner;
    this.#templates = fresh.#templates;
    this.#transitions = fresh.#transitions;
    this.#successors = fresh.#successors;
    this.#orders = fresh.#orders;
  }

  get keys(): number {
    return this.#parts.reduce((sum, part) => sum + part.size, this.#miner.table.size);
  }

  get evicted(): number {
    return this.#parts.reduce((sum, part) => sum + part.evicted, this.#miner.table.evicted);
  }

  get #parts() {
    return [this.#templates, this.#transitions, this.#successors, this.#orders];
  }

  #signOf(source: string, template: number): Sign {
    const words = this.#miner.table.byId.get(template)?.words;
    if (words === undefined) return signOf(markOf(source), 0);
    const mark = this.#marks.get(words) ?? markOf(this.#textOf(template));
    this.#marks.set(words, mark);
    return signOf(markOf(source), mark);
  }

  /** What was expected, as texts: looked for among all templates, as this is rarely asked. */
  #texts(source: string, { expected }: OddOrder): readonly string[] {
    const found = new Map<Sign, string>();
    for (const id of this.#miner.table.byId.keys()) {
      const sign = this.#signOf(source, this.#miner.resolve(id) ?? id);
      if (expected.includes(sign)) found.set(sign, this.#textOf(id));
    }
    return expected.flatMap((sign) => found.get(sign) ?? []);
  }

  #textOf(template: number): string {
    return this.#miner.text(template) ?? "";
  }

  #missing(found: readonly Missing[]): Anomaly[] {
    return found
      .filter(({ tail }) => tail <= this.#options.tailMax)
      .map((missing) => {
        const expected = [this.#textOf(missing.successor)];
        const driver = driverOf("templates.successor", this.#textOf(missing.template), expected);
        return anomalyOf("missing_successor", missing, missing.tail, driver);
      });
  }
}

function driverOf(feature: string, seen: string, expected: readonly string[] | undefined): Driver {
  return { feature, seen, expected, against: "own", share: 1 };
}

function anomalyOf(
  kind: string,
  at: { id: string; time: number; from?: number; source: string; host: string },
  tail: number,
  driver: Driver,
): Anomaly {
  return {
    detector: "templates",
    kind,
    entity: { type: "host", value: at.host },
    from: at.from ?? at.time,
    time: at.time,
    tail,
    drivers: [driver],
    events: [{ id: at.id, time: at.time, rule: 0 }],
    source: at.source,
  };
}
