// The shape of an incident's story, in hours from its first alarm on; what makes it a diary stands beside it.
import type { Incident } from "../../store/incident.ts";
import type { AlarmKindName } from "./alarm-kinds.ts";

type Impact = Incident["impact"]["integrity"];

/** An action: its title, and days from the first alarm until it is due and done; without the last: open. */
export type Measure = readonly [title: string, dueDays: number, doneDays?: number];

/** How an incident, or a part of one that was split, went on. */
export interface Outcome {
  /** Of a part: its title, and which alarms are its own. */
  readonly title?: string;
  readonly alarms?: readonly number[];
  /** When it was contained; missing: not yet, or nobody knows. */
  readonly contained?: number;
  /** Hours for which a service was down because of that. */
  readonly downtime?: number;
  /** Confidentiality, integrity, availability. */
  readonly impact?: readonly [Impact, Impact, Impact];
  /** When the damage began, may lie before the first alarm. */
  readonly damage?: number;
  /** When the service was back; missing: it is not yet. */
  readonly recovered?: number;
  readonly measures: readonly Measure[];
  readonly reopened?: {
    readonly after: number;
    readonly reason: string;
    readonly recovered: number;
    readonly measure: Measure;
  };
}

export interface Story extends Outcome {
  readonly key: string;
  /** Days before today, and the hour of that day. */
  readonly day: number;
  readonly hour: number;
  readonly title: string;
  readonly description: string;
  readonly severity: Incident["severity"];
  readonly category: Incident["category"];
  /** Alarms, and minutes after the first one. Empty: people noticed it themselves. */
  readonly raised: readonly (readonly [kind: AlarmKindName, minutes: number])[];
  /** Hours before the first alarm; of an estimate with its bounds. */
  readonly compromise:
    | { readonly method: "evidence"; readonly before: number }
    | {
        readonly method: "estimate";
        readonly before: number;
        readonly earliest: number;
        readonly latest: number;
      }
    | { readonly method: "unknown" | "pre_compromise" };
  /** Minutes from the first alarm until it was judged. */
  readonly triage: number;
  /** Who was paged: answered by the first one, or only after it was passed on. */
  readonly paged?: "answered" | "escalated";
  readonly exercise?: boolean;
  /** What it turned out to be, where that is no attack. */
  readonly verdict?: Exclude<Incident["verdict"], "true_positive">;
  /** Hours until the authority was told; missing: it need not be. */
  readonly reported?: number;
  /** Key of the story that took it over, and when. */
  readonly merged?: { readonly into: string; readonly after: number };
  readonly split?: { readonly after: number; readonly parts: readonly Outcome[] };
}
