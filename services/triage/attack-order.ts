// The order in which the tactics of an attack usually follow each other (MITRE ATT&CK, Enterprise matrix,
// columns from left to right).

const TACTICS = [
  "reconnaissance",
  "resource-development",
  "initial-access",
  "execution",
  "persistence",
  "privilege-escalation",
  "defense-evasion",
  "credential-access",
  "discovery",
  "lateral-movement",
  "collection",
  "command-and-control",
  "exfiltration",
  "impact",
];

/** The first and the last column of a rule's tactics; undefined where it names none of ATT&CK's. */
export interface TacticSpan {
  readonly from: number;
  readonly to: number;
}

export function tacticSpan(tactics: readonly string[]): TacticSpan | undefined {
  const columns = tactics.map((tactic) => TACTICS.indexOf(tactic)).filter((at) => at >= 0);
  if (columns.length === 0) return undefined;
  return { from: Math.min(...columns), to: Math.max(...columns) };
}

/** Whether `later` can be the same step of an attack as `earlier`, or one after it. */
export function followsOn(earlier: TacticSpan | undefined, later: TacticSpan | undefined): boolean {
  return earlier === undefined || later === undefined || later.to >= earlier.from;
}
