// What the metric detector remembers and how much of it.
import type { Tail } from "../anomaly/tail.ts";
import type { EventReference } from "../keyed.ts";
import type { RecentTable } from "../network/recent-table.ts";
import type { NamedSeries } from "./metric-anomaly.ts";

/** Limits of the metric detector. */
export interface MetricOptions {
  readonly seriesMax: number;
  readonly hostsMax: number;
  /** Length of the windows in which a host's metrics are looked at together, milliseconds. */
  readonly windowMs: number;
  /** Of a series heard for a shorter time nothing is said by itself, milliseconds: its tails are guesses. */
  readonly youngMs: number;
}

/** What is remembered of one host. */
export interface Host {
  /** That brought it first. */
  readonly source: string;
  readonly numbers: Float64Array;
  /** Keys of its series, in the order in which they came. */
  readonly metrics: string[];
  readonly tail: Tail;
  /** Begin of the window, and where it is quiet until after an alarm. */
  from: number;
  quietUntil: number;
  last: EventReference;
}

/** The whole state; tables are in the order in which their keys were last heard, source by source. */
export interface MetricState {
  readonly series: RecentTable<NamedSeries>;
  readonly hosts: RecentTable<Host>;
  /** When silence was last looked for, milliseconds since 1970 UTC. */
  readonly lookedAt: number;
}
