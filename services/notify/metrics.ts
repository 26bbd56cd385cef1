// The figures of paging: what was handed over and what failed, how late, which channels are left alone, and
// what waits for an answer. None is about a person.
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Priority } from "../../config/paging.ts";
import type { CircuitState } from "../llm/circuit.ts";

const LATENESS_BUCKETS_S = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600];
const CIRCUIT: Readonly<Record<CircuitState, number>> = { closed: 0, half_open: 1, open: 2 };

/** What becomes of answers; they come in where channels listen and where the API does. */
export interface AnswerMetrics {
  answered(via: string, result: "taken" | "repeated" | "unknown_page" | "unknown_sender"): void;
}

export interface NotifyMetrics extends AnswerMetrics {
  handedOver(channel: string, priority: Priority, lateMs: number): void;
  failed(channel: string, kind: string, isForGood: boolean): void;
  circuit(channel: string, state: CircuitState): void;
  ended(reason: string): void;
  storeAway(isAway: boolean): void;
  /** Of the program: in a finding's work, in the making of a page, in a round of looking. */
  ownFault(where: "finding" | "page" | "round"): void;
}

/** What is read when somebody asks for the figures. */
export interface ReadByMetrics {
  readonly openEscalations: () => number;
  readonly stuckFindings: () => number;
  readonly clockAheadMs: () => number;
}

export function createNotifyMetrics(registry: Registry, about: ReadByMetrics): NotifyMetrics {
  const shared = { registers: [registry] };
  const handedOver = new Counter({
    ...shared,
    name: "heidewacht_paging_handed_over_total",
    help: "Pages that a channel has taken",
    labelNames: ["channel", "priority"],
  });
  const failures = new Counter({
    ...shared,
    name: "heidewacht_paging_failures_total",
    help: "Attempts to hand a page over that failed, by kind; given_up: for good",
    labelNames: ["channel", "kind", "given_up"],
  });
  const lateness = new Histogram({
    ...shared,
    name: "heidewacht_paging_lateness_seconds",
    help: "From when a page was due until a channel had taken it",
    labelNames: ["channel"],
    buckets: LATENESS_BUCKETS_S,
  });
  const circuit = new Gauge({
    ...shared,
    name: "heidewacht_paging_circuit",
    help: "0 closed, 1 one page tries, 2 open: repetitions are held back",
    labelNames: ["channel"],
  });
  const ended = new Counter({
    ...shared,
    name: "heidewacht_paging_ended_total",
    help: "Escalations that ended, by reason; exhausted: nobody has acknowledged",
    labelNames: ["reason"],
  });
  const away = new Gauge({
    ...shared,
    name: "heidewacht_paging_store_away",
    help: "1 while the store is away and no step can begin",
  });
  new Gauge({
    ...shared,
    name: "heidewacht_paging_open_escalations",
    help: "Findings about which somebody is being called and nobody has acknowledged",
    collect() {
      this.set(about.openEscalations());
    },
  });
  const ownFaults = new Counter({
    ...shared,
    name: "heidewacht_paging_program_faults_total",
    help: "Faults of the program in paging, by where: a finding's work, a page's making, a round",
    labelNames: ["where"],
  });
  new Gauge({
    ...shared,
    name: "heidewacht_paging_stuck_findings",
    help: "Findings that can't be paged about because of a fault of the program",
    collect() {
      this.set(about.stuckFindings());
    },
  });
  new Gauge({
    ...shared,
    name: "heidewacht_paging_clock_ahead_seconds",
    help: "How far the wall clock is ahead of the clock that paging goes by",
    collect() {
      this.set(about.clockAheadMs() / 1000);
    },
  });
  return {
    handedOver(channel, priority, lateMs) {
      handedOver.inc({ channel, priority });
      lateness.observe({ channel }, Math.max(0, lateMs) / 1000);
    },
    failed: (channel, kind, isForGood) =>
      failures.inc({ channel, kind, given_up: String(isForGood) }),
    circuit: (channel, state) => circuit.set({ channel }, CIRCUIT[state]),
    ended: (reason) => ended.inc({ reason }),
    ...createAnswerMetrics(registry),
    ownFault: (where) => ownFaults.inc({ where }),
    storeAway: (isAway) => away.set(isAway ? 1 : 0),
  };
}

/** The same counter for all who ask within a process. */
export function createAnswerMetrics(registry: Registry): AnswerMetrics {
  const name = "heidewacht_paging_answers_total";
  const known = registry.getSingleMetric(name);
  const answers =
    known instanceof Counter
      ? known
      : new Counter({
          ...{ name, registers: [registry] },
          help: "Answers that came by a channel, by what became of them",
          labelNames: ["via", "result"],
        });
  return { answered: (via, result) => answers.inc({ via, result }) };
}
