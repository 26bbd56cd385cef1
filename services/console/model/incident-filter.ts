// Which incidents the list shows: what the server is asked, and what the screen leaves out of its answer.
import type { IncidentRow } from "../api/case-contract.ts";
import { type AddressSpan, readSpan } from "./address-span.ts";
import { LEVEL_ORDER } from "./queue-search.ts";

export const STATUS_ORDER = ["open", "closed"] as const;
export const VERDICT_ORDER = [
  "true_positive",
  "undetermined",
  "benign_true_positive",
  "false_positive",
] as const satisfies readonly IncidentRow["verdict"][];
export const CATEGORY_ORDER = [
  "malicious_code",
  "intrusion",
  "intrusion_attempt",
  "information_gathering",
  "availability",
  "information_content_security",
  "fraud",
  "abusive_content",
  "vulnerable",
  "other",
] as const satisfies readonly IncidentRow["category"][];

export interface IncidentFilter extends AddressSpan {
  readonly status?: IncidentRow["status"] | undefined;
  readonly verdict?: IncidentRow["verdict"] | undefined;
  readonly severity?: IncidentRow["severity"] | undefined;
  readonly category?: IncidentRow["category"] | undefined;
  readonly text?: string | undefined;
  readonly mine?: boolean | undefined;
  /** Only those that lack something for a KPI. */
  readonly missing?: boolean | undefined;
  /** Only those whose next time limit is over. */
  readonly overdue?: boolean | undefined;
}

/** Whether the next time limit of an incident is over, ms UTC. */
export function isOverdue({ nextDue }: Pick<IncidentRow, "nextDue">, now: number): boolean {
  return nextDue !== undefined && nextDue.dueAt < now;
}

/** What is left of the server's rows. */
export function narrowed(
  rows: readonly IncidentRow[],
  { missing = false, overdue = false }: IncidentFilter,
  now: number,
): IncidentRow[] {
  return rows.filter((row) => (!missing || row.missing > 0) && (!overdue || isOverdue(row, now)));
}

/** The filter from an address; what does not belong there is left out. */
export function readIncidentFilter(raw: Readonly<Record<string, unknown>>): IncidentFilter {
  const one = <T extends string>(name: string, known: readonly T[]) => {
    const found = known.find((value) => value === raw[name]);
    return found === undefined ? {} : { [name]: found };
  };
  const flag = (name: string) => (raw[name] === true ? { [name]: true } : {});
  return {
    ...one("status", STATUS_ORDER),
    ...one("verdict", VERDICT_ORDER),
    ...one("severity", LEVEL_ORDER),
    ...one("category", CATEGORY_ORDER),
    ...(typeof raw.text === "string" && raw.text !== "" ? { text: raw.text.slice(0, 500) } : {}),
    ...flag("mine"),
    ...flag("missing"),
    ...flag("overdue"),
    ...readSpan(raw),
  };
}
