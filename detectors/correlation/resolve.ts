// Joins correlations with the rules that they name: which hits become observations of which correlation,
// with which fields; in which order correlations that join each other are judged; and which rules speak no
// more for themselves.
import type { RuleFault, SigmaRule } from "../sigma/rule.ts";
import type { CorrelationRule } from "./rule.ts";

/** Correlations of correlations of correlations … */
const LEVELS_MAX = 8;

/** A hit of a rule is an observation of this correlation. */
export interface CorrelationLink {
  readonly correlation: CorrelationRule;
  /** The rule's place in the correlation's list. */
  readonly place: number;
  /** Fields of the group, as they are called in events of this rule (aliases are replaced). */
  readonly group: readonly string[];
  /** Fields of which the value is made that is counted or added up. */
  readonly values: readonly string[];
}

/** A hit of a correlation is an observation of this other one. */
export interface ParentLink {
  readonly correlation: CorrelationRule;
  /** The child's place in the correlation's list. */
  readonly place: number;
  /** Places in the group of the child's hit. */
  readonly group: readonly number[];
  readonly values: readonly number[];
}

export interface CorrelationPlan {
  /** Those without a fault, by level: level 0 joins rules only, others join correlations of lower levels. */
  readonly levels: readonly (readonly CorrelationRule[])[];
  /** By the rule's id. */
  readonly ofRule: ReadonlyMap<string, readonly CorrelationLink[]>;
  /** By the correlation's id. */
  readonly ofCorrelation: ReadonlyMap<string, readonly ParentLink[]>;
  /**
   * Ids of rules and correlations that raise no signals of their own: a correlation without
   * `generate: true` joins them.
   */
  readonly silenced: ReadonlySet<string>;
  readonly faults: readonly RuleFault[];
}

const TOO_DEEP = `correlations join each other at most ${LEVELS_MAX} levels deep`;
/** What is deeper is not looked at: it is far beyond LEVELS_MAX anyway, and the stack is finite. */
const DEPTH_MAX = 100;

type Named = SigmaRule | CorrelationRule;
type Target =
  | { readonly kind: "rule"; readonly rule: SigmaRule }
  | { readonly kind: "correlation"; readonly rule: CorrelationRule };

/** Resolves all correlations; a faulty one is left out with those that join it, the others go on. */
export function resolveCorrelations(
  rules: readonly SigmaRule[],
  correlations: readonly CorrelationRule[],
): CorrelationPlan {
  const names = namesOf(rules, correlations);
  const faults: RuleFault[] = [];
  const resolved = new Map<string, Resolved>();
  const state: State = { names, faults, resolved, pending: [], faulty: new Set() };
  for (const rule of correlations) resolveOne(rule, state);
  const levels: CorrelationRule[][] = [];
  const ofRule = new Map<string, CorrelationLink[]>();
  const ofCorrelation = new Map<string, ParentLink[]>();
  const silenced = new Set<string>();
  for (const { rule, level, targets } of resolved.values()) {
    while (levels.length <= level) levels.push([]);
    levels[level]?.push(rule);
    for (const [place, target] of targets.entries()) {
      if (!rule.generate) silenced.add(target.rule.info.id);
      if (target.kind === "rule") addTo(ofRule, target.rule, linkOf(rule, place, target.rule));
      else addTo(ofCorrelation, target.rule, parentLinkOf(rule, place, target.rule));
    }
  }
  return { levels, ofRule, ofCorrelation, silenced, faults };
}

interface Resolved {
  readonly rule: CorrelationRule;
  readonly level: number;
  readonly targets: readonly Target[];
}

interface State {
  readonly names: ReadonlyMap<string, readonly Target[]>;
  readonly faults: RuleFault[];
  readonly resolved: Map<string, Resolved>;
  /** Correlations that are being resolved: the way down to the present one. */
  readonly pending: CorrelationRule[];
  readonly faulty: Set<string>;
}

// An id names one rule; a name may by mistake be that of several.
function namesOf(
  rules: readonly SigmaRule[],
  correlations: readonly CorrelationRule[],
): ReadonlyMap<string, readonly Target[]> {
  const targets: readonly Target[] = [
    ...rules.map((rule): Target => ({ kind: "rule", rule })),
    ...correlations.map((rule): Target => ({ kind: "correlation", rule })),
  ];
  const names = new Map<string, Target[]>();
  for (const target of targets) {
    const { name } = target.rule;
    if (name === undefined) continue;
    const known = names.get(name);
    if (known === undefined) names.set(name, [target]);
    else known.push(target);
  }
  for (const target of targets) names.set(target.rule.info.id, [target]);
  return names;
}

function resolveOne(rule: CorrelationRule, state: State): Resolved | undefined {
  const { id } = rule.info;
  const known = state.resolved.get(id);
  if (known !== undefined || state.faulty.has(id)) return known;
  state.pending.push(rule);
  const targets: Target[] = [];
  let level = 0;
  let fault = state.pending.length > DEPTH_MAX ? TOO_DEEP : undefined;
  for (const reference of rule.rules) {
    if (fault !== undefined) break;
    const target = targetOf(reference, state);
    if (typeof target === "string") fault = target;
    else {
      targets.push(target);
      if (target.kind === "rule") continue;
      const child = resolveOne(target.rule, state);
      if (child === undefined) fault = `"${reference}" can't be used: it has a fault itself`;
      else level = Math.max(level, child.level + 1);
    }
  }
  state.pending.pop();
  fault ??= faultOf(rule, targets, level);
  if (fault !== undefined) {
    state.faulty.add(id);
    state.faults.push(faultAt(rule, fault));
    return undefined;
  }
  const resolved = { rule, level, targets };
  state.resolved.set(id, resolved);
  return resolved;
}

function targetOf(reference: string, state: State): Target | string {
  const found = state.names.get(reference) ?? [];
  const [target] = found;
  if (target === undefined) {
    return `"${reference}" is unknown: expected the name or id of a loaded rule or correlation`;
  }
  if (found.length > 1) {
    const places = found.map(({ rule }) => rule.place).join(", ");
    return `"${reference}" is the name of ${found.length} rules (${places}): use the id`;
  }
  const from = state.pending.findIndex(({ info }) => info.id === target.rule.info.id);
  if (from === -1) return target;
  const circle = [...state.pending.slice(from), target.rule].map(({ info }) => info.title);
  return circle.length === 2
    ? `"${reference}" is the correlation itself`
    : `goes round in a circle: ${circle.join(" → ")}`;
}

function faultOf(
  rule: CorrelationRule,
  targets: readonly Target[],
  level: number,
): string | undefined {
  if (level >= LEVELS_MAX) return TOO_DEEP;
  const ids = targets.map((target) => target.rule.info.id);
  const twice = ids.findIndex((id, place) => ids.indexOf(id) < place);
  if (twice !== -1) return `"${rule.rules[twice] ?? ""}" is named twice: name each rule once`;
  for (const [alias, fields] of rule.aliases) {
    for (const reference of fields.keys()) {
      if (!targets.some((target, place) => isCalled(target.rule, reference, rule, place))) {
        return `the alias ${alias} is for "${reference}", which is none of the rules`;
      }
    }
  }
  for (const [place, { kind, rule: child }] of targets.entries()) {
    if (kind !== "correlation") continue;
    for (const name of [...rule.groupBy, ...rule.fields]) {
      const field = fieldFor(name, rule, place, child);
      if (child.groupBy.includes(field)) continue;
      return (
        `"${rule.rules[place] ?? ""}" doesn't know ${field}: a correlation's hit has the fields of ` +
        `its group-by (${child.groupBy.join(", ")}); add it there, or name another one by an alias`
      );
    }
  }
  return undefined;
}

function faultAt(rule: CorrelationRule, message: string): RuleFault {
  const { place, info } = rule;
  return { code: "HW_RULE_INVALID", place, title: info.title, message };
}

function isCalled(target: Named, reference: string, by: CorrelationRule, place: number): boolean {
  return reference === by.rules[place] || reference === target.info.id || reference === target.name;
}

/** What a group field, value field or alias is called in the events of one of the rules. */
function fieldFor(name: string, rule: CorrelationRule, place: number, target: Named): string {
  for (const [reference, field] of rule.aliases.get(name) ?? []) {
    if (isCalled(target, reference, rule, place)) return field;
  }
  return name;
}

function linkOf(correlation: CorrelationRule, place: number, rule: SigmaRule): CorrelationLink {
  const called = (name: string) => fieldFor(name, correlation, place, rule);
  const { groupBy, fields } = correlation;
  return { correlation, place, group: groupBy.map(called), values: fields.map(called) };
}

function parentLinkOf(
  correlation: CorrelationRule,
  place: number,
  child: CorrelationRule,
): ParentLink {
  const at = (name: string) => child.groupBy.indexOf(fieldFor(name, correlation, place, child));
  const { groupBy, fields } = correlation;
  return { correlation, place, group: groupBy.map(at), values: fields.map(at) };
}

function addTo<T>(map: Map<string, T[]>, { info }: Named, link: T): void {
  const links = map.get(info.id);
  if (links === undefined) map.set(info.id, [link]);
  else links.push(link);
}
