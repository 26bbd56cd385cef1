// The words that all detectors share: severity levels, what a detector says when it hits (a Match), and
// the signal and its evidence that leave detection once privacy has taken the identities out.
import type { ToldAnomaly } from "./anomaly/told-anomaly.ts";
import type { EcsDocument, LogEvent } from "./event.ts";

/** Sigma's levels, weakest first. */
export const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];

/** Rank of a level: informational 0 … critical 4. */
export function levelRank(level: Level): number {
  return LEVELS.indexOf(level);
}

/** Kinds of detectors; a finding shows which one spoke. */
type DetectorKind = "sigma" | "correlation" | "anomaly" | "integrity";

/** Which hits of a detector are one finding, instead of those on one entity within the usual window. */
export interface Suppression {
  /** ECS names or names as the rule uses them: hits with equal values in all of them are together. */
  readonly by: readonly string[];
  /** Length of the window in milliseconds of event time, aligned to 1970 UTC. */
  readonly forMs: number;
}

/** What a human needs to know of a detector to judge its hit. */
export interface DetectorInfo {
  /** Stable id: for Sigma the rule's UUID. */
  readonly id: string;
  readonly kind: DetectorKind;
  readonly title: string;
  /** What it finds and why that matters. Own rules: German. */
  readonly description: string;
  readonly level: Level;
  /** Sigma status, e.g. `stable`, `test`, `experimental`. */
  readonly status: string;
  /** ATT&CK technique ids, upper case: `T1003.001`. */
  readonly techniques: readonly string[];
  /** ATT&CK tactic short names with hyphens: `credential-access`. */
  readonly tactics: readonly string[];
  readonly falsePositives: readonly string[];
  readonly references: readonly string[];
  /** What to do, step by step (custom attribute `response`, own rules: German). */
  readonly response: readonly string[];
  /** Where the rule was read from: `pack/…/name.yml`. */
  readonly origin: string;
  readonly suppress?: Suppression | undefined;
}

/** One condition of the detector that an event fulfilled: which field, which value, against what. */
export interface MatchedField {
  /** The name that the rule uses, e.g. `CommandLine`; `keywords` for a search over all fields. */
  readonly field: string;
  /** The event's value, as text. */
  readonly value: string;
  /** What the rule asked of it, e.g. `contains`, `endswith`, `re`, `equals`, `cidr`. */
  readonly operator: string;
  /** The rule's pattern, as written. */
  readonly pattern: string;
}

/** One hit of one detector on one event, in clear, in memory. */
export interface Match {
  readonly detector: DetectorInfo;
  readonly event: LogEvent;
  /** Evidence is made on demand: most callers of a fast path never look at it. */
  readonly explain: () => readonly MatchedField[];
  /** The event's value of a field, under the name that the rule would use; undefined: it has none. */
  readonly read: (field: string) => unknown;
}

/** Things that findings are about. Never a person. */
export const ENTITY_TYPES = ["host", "account", "address", "service"] as const;
type EntityType = (typeof ENTITY_TYPES)[number];

/** A host, account, address or service; accounts of persons as pseudonyms. */
export interface Entity {
  readonly type: EntityType;
  readonly value: string;
}

/** An event as evidence: its pseudonymised ECS document. */
interface EvidenceEvent {
  readonly id: string;
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  readonly document: EcsDocument;
}

/** One hit of one detector as it leaves `detect`: pseudonymised, with a derived id. */
export interface Signal {
  /** H(detector, event ids). */
  readonly id: string;
  readonly tenant: string;
  readonly detector: DetectorInfo;
  /** Event time of the (last) event it rests on, milliseconds since 1970 UTC. */
  readonly time: number;
  /** When the signal was raised, milliseconds since 1970 UTC. */
  readonly raisedAt: number;
  /** What it is about; `entities[0]` gives the group key. */
  readonly entities: readonly Entity[];
  readonly groupKey: string;
  /** Window of the finding, where it is not the configured one: milliseconds. */
  readonly groupWindowMs?: number | undefined;
  readonly source: string;
  readonly matched: readonly MatchedField[];
  /** Of a model: what it says. */
  readonly anomaly?: ToldAnomaly | undefined;
  readonly events: readonly EvidenceEvent[];
}
