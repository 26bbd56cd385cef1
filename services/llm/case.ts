// What a language model may be asked about: a case made of citable items. An item is an event of the
// evidence, or what we know of a finding ourselves. The case is all that one request ever sees.
import type { EcsDocument } from "../../detectors/event.ts";

/** `summary`: of one finding. `report`, `timeline`: of an incident. `questions`: what to ask next. */
export type LlmTask = "summary" | "report" | "timeline" | "questions";

/** Something that a claim can cite. */
export interface CaseItem {
  /** `event`: every value came from a log. `finding`: every value is ours. */
  readonly kind: "event" | "finding";
  /** Id of the event or finding; never shown to the model. */
  readonly id: string;
  /** ms UTC. */
  readonly time: number;
  readonly fields: EcsDocument;
}

/** All that one request is about. */
export interface CaseInput {
  readonly task: LlmTask;
  /** Id of the finding or incident. */
  readonly subject: string;
  readonly items: readonly CaseItem[];
  /** IANA name of the zone in which times are told. */
  readonly timeZone: string;
}

/** Gives hosts, addresses and accounts names that hold within one case only. */
export interface CaseTokens {
  /** A copy with tokens in all texts. */
  document(document: EcsDocument): EcsDocument;
}

/** The name under which the model cites an item: E1, E2 … for events, F1 … for findings. */
export function labelled(items: readonly CaseItem[]): ReadonlyMap<string, CaseItem> {
  const counts = { event: 0, finding: 0 };
  const labels = new Map<string, CaseItem>();
  for (const item of items) {
    counts[item.kind] += 1;
    labels.set(`${item.kind === "event" ? "E" : "F"}${counts[item.kind]}`, item);
  }
  return labels;
}
