// When something happened as somebody is writing it down, with how it is known, and what the server gets.
import type { Incident } from "../api/case-contract.ts";
import { berlinTime } from "./berlin-time.ts";

type Compromise = Incident["firstCompromise"];
export type Method = Compromise["method"];
type Impact = Incident["impact"]["integrity"];
type ImpactKey = keyof Incident["impact"];

export const METHOD_ORDER = ["evidence", "estimate", "unknown"] as const;
export const COMPROMISE_METHOD_ORDER = [...METHOD_ORDER, "pre_compromise"] as const;
export const IMPACT_ORDER = ["none", "limited", "significant", "unknown"] as const;
export const IMPACT_KEYS = ["confidentiality", "integrity", "availability"] as const;

export interface StatementDraft {
  /** Empty: not chosen yet. */
  readonly method: Method | "";
  /** Berlin time as a date field writes it; empty: none. */
  readonly at: string;
  readonly earliest: string;
  readonly latest: string;
  /** Ticked evidence and findings. */
  readonly chosen: readonly string[];
  /** Ids of events, separated by spaces or commas. */
  readonly others: string;
  readonly reason: string;
}

export type ImpactDraft = Readonly<Record<ImpactKey, Impact | "">>;

export const EMPTY_STATEMENT: StatementDraft = {
  ...{ method: "", at: "", earliest: "", latest: "" },
  ...{ chosen: [], others: "", reason: "" },
};
export const EMPTY_IMPACT: ImpactDraft = { confidentiality: "", integrity: "", availability: "" };

/** The statement as the server takes it. Whatever does not belong to the method is left out. */
export function statementBody(draft: StatementDraft) {
  const { method, at, earliest, latest, chosen, others, reason } = draft;
  const evidenceIds = [...new Set([...chosen, ...others.split(/[\s,;]+/)])].filter(
    (id) => id !== "",
  );
  return {
    method,
    evidenceIds,
    ...(method === "unknown" ? {} : timeOf("at", at)),
    ...(method === "estimate"
      ? { ...timeOf("earliest", earliest), ...timeOf("latest", latest) }
      : {}),
    ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
  };
}

/** The same for what has no bounds. */
export function plainStatementBody(draft: StatementDraft) {
  return statementBody({ ...draft, earliest: "", latest: "" });
}

/** A time as one key of a body, or nothing. */
export function timeOf<Key extends string>(
  key: Key,
  local: string,
): { readonly [K in Key]?: number } {
  const at = berlinTime(local);
  // A computed key of a generic type is not followed by the compiler.
  return (at === undefined ? {} : { [key]: at }) as { readonly [K in Key]?: number };
}
