// What a backtest is made of: the events that go in, how far it has come, and what came out of it.
import type { Level, MatchedField } from "../../detectors/detector.ts";
import type { EcsDocument, LogEvent } from "../../detectors/event.ts";
import type { RuleFault } from "../../detectors/sigma/rule.ts";
import type { IdentityMap } from "../privacy/privacy.ts";

/** An event on its way through a backtest. */
export interface BacktestEvent {
  readonly event: LogEvent;
  /** Its document without identities, and what was replaced in it; made for hits only. */
  readonly evidence: () => { readonly document: EcsDocument; readonly identities: IdentityMap };
}

/** How far a backtest has come. */
export interface BacktestProgress {
  readonly events: number;
  readonly hits: number;
  /** Of what there is to read, 0 to 1. */
  readonly share: number;
}

/** An event that a rule hit, or the last one of those that a correlation joined; without identities. */
export interface BacktestSample {
  readonly eventId: string;
  /** Event time, milliseconds since 1970 UTC; of a correlation's hit: when it became certain. */
  readonly time: number;
  readonly source: string;
  /** What its finding would be grouped by. */
  readonly groupKey: string;
  readonly matched: readonly MatchedField[];
}

/** A day of the tenant's time zone, `2026-11-21`. */
export interface BacktestDay {
  readonly day: string;
  readonly hits: number;
  /** Findings whose first hit was on this day. */
  readonly findings: number;
}

/** What became of one rule or correlation. */
export interface BacktestRule {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly origin: string;
  /** Of a correlation: titles of what it joins. */
  readonly joins?: readonly string[];
  /** A correlation joins it and speaks in its place: live its hits are no findings. */
  readonly isSilenced: boolean;
  readonly hits: number;
  readonly findings: number;
  readonly firstHitAt?: number;
  readonly lastHitAt?: number;
  /** Days with hits, in order. */
  readonly days: readonly BacktestDay[];
  readonly samples: readonly BacktestSample[];
  /** Whether any event can belong to its log source. */
  readonly isReached: boolean;
  /** Why it can't fire at all. */
  readonly inactive?: string;
  /** Whether the rule sees here what it would have seen live. */
  readonly isExact: boolean;
  /** Why not: fields that hold identities, of which the archive has pseudonyms only. */
  readonly inexactFields: readonly string[];
}

/** Why a backtest ended before it had read everything. */
export type BacktestStop = "cancelled" | "events";

export interface BacktestResult {
  readonly timeZone: string;
  /** Window of a finding, milliseconds. */
  readonly windowMs: number;
  readonly events: number;
  /** Event time of the first and the last event read; undefined without any. */
  readonly firstEventAt?: number;
  readonly lastEventAt?: number;
  /** Of what there was to read, 0 to 1. */
  readonly share: number;
  readonly stopped?: BacktestStop;
  /** Findings or days were too many to be kept apart: there are at least as many as told. */
  readonly isCut: boolean;
  /** Hits that correlations judged. */
  readonly observations: number;
  /** There were more hits for correlations than are judged: what came later they have not seen. */
  readonly isCorrelationCut: boolean;
  readonly hits: number;
  /** Without those of silenced rules. */
  readonly findings: number;
  /** Rules and correlations that ran; `rules` may hold fewer. */
  readonly ruleCount: number;
  readonly rules: readonly BacktestRule[];
  /** Records that no format reads. */
  readonly unparsed: number;
  /** Rules that were left out. */
  readonly faults: readonly RuleFault[];
  readonly durationMs: number;
}
