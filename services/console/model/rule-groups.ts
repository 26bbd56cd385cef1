// Which processes work with the same rules: told by the fingerprints of their rules.

export interface RulesOfProcess {
  readonly name: string;
  readonly fingerprint: string;
  readonly rules: number;
}

export interface RuleGroup {
  readonly fingerprint: string;
  readonly names: readonly string[];
  readonly rules: number;
}

/** A group for each fingerprint, the largest first; names in order. One group: all are the same. */
export function ruleGroups(processes: readonly RulesOfProcess[]): readonly RuleGroup[] {
  const byPrint = Map.groupBy(processes, ({ fingerprint }) => fingerprint);
  return [...byPrint]
    .map(([fingerprint, some]) => ({
      fingerprint,
      names: some.map(({ name }) => name).sort(),
      rules: some[0]?.rules ?? 0,
    }))
    .sort((a, b) => b.names.length - a.names.length || (a.fingerprint < b.fingerprint ? -1 : 1));
}
