// What changed in a finding between the state somebody looked at and the state on the server, so that a
// conflict can be shown instead of guessed.
import type { Finding } from "../../store/finding.ts";

/** A part of a finding that another person or the pipeline changed. */
export interface FindingChange {
  readonly what: "status" | "verdict" | "signals" | "score";
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What is compared: a row of the list and a whole finding both have it. */
type Judgeable = Pick<Finding, "status" | "verdict" | "signalCount" | "score">;

/** The differences that matter for a judgement; empty when only the version moved. */
export function findingChanges(before: Judgeable, after: Judgeable): FindingChange[] {
  const rows: FindingChange[] = [
    { what: "status", before: before.status, after: after.status },
    { what: "verdict", before: before.verdict?.verdict, after: after.verdict?.verdict },
    { what: "signals", before: String(before.signalCount), after: String(after.signalCount) },
    { what: "score", before: String(before.score), after: String(after.score) },
  ];
  return rows.filter((row) => row.before !== row.after);
}
