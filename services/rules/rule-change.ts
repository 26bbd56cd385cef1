// What differs between two sets of rules, by their ids: for the log, the audit chain, and to leave alone
// what did not change.
import { hash } from "node:crypto";
import type { Pace } from "./pace.ts";
import { encodeRules } from "./rule-codec.ts";
import type { RuleSet } from "./rule-set.ts";

/** Ids of rules and correlations. */
export interface RuleChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** Whether other faults are to be told than before. */
  readonly hasOtherFaults: boolean;
}

type AnyRule = RuleSet["rules"][number] | RuleSet["correlations"][number];

/** Compares by what rules say, not by the line where they stand. */
export async function changeBetween(
  before: RuleSet,
  after: RuleSet,
  pace: Pace,
): Promise<RuleChange> {
  const old = byId(before);
  const added: string[] = [];
  const changed: string[] = [];
  for (const [id, rule] of byId(after)) {
    const waiting = pace();
    if (waiting !== undefined) await waiting;
    const known = old.get(id);
    old.delete(id);
    if (known === undefined) added.push(id);
    else if (known !== rule && textOf(known) !== textOf(rule)) changed.push(id);
  }
  const hasOtherFaults = encodeRules(before.faults) !== encodeRules(after.faults);
  return { added, removed: [...old.keys()], changed, hasOtherFaults };
}

/** The same for sets that say the same, wherever and in whatever order they were read. Hexadecimal. */
export async function fingerprintOf(set: RuleSet, pace: Pace): Promise<string> {
  const texts: string[] = [];
  for (const [id, rule] of byId(set)) {
    const waiting = pace();
    if (waiting !== undefined) await waiting;
    // Where a rule was read from differs between machines.
    const text = textOf({ ...rule, info: { ...rule.info, origin: "" } });
    texts.push(hash("sha256", JSON.stringify([id, text])));
  }
  return hash("sha256", texts.sort().join());
}

function byId({ rules, correlations }: RuleSet): Map<string, AnyRule> {
  return new Map([...rules, ...correlations].map((rule) => [rule.info.id, rule]));
}

function textOf(rule: AnyRule): string {
  return encodeRules({ ...rule, place: "" });
}
