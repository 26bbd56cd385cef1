// Which findings stand below another one: a grave finding on a host explains lesser ones there. Pure, a
// function of the set of findings; quiet.ts looks them up and writes the result.
import type { Inhibition } from "../../config/suppression.ts";
import { levelRank } from "../../detectors/detector.ts";
import type { Finding } from "../store/finding.ts";
import { compileMatchers } from "../store/matching.ts";

/** Ids that a finding names; the gravest ones. */
const INHIBITORS_MAX = 5;

/** An inhibition of the configuration, ready to be asked. */
export interface InhibitionRule extends Pick<Inhibition, "equal"> {
  readonly withinMs: number;
  readonly fitsSource: (finding: Finding) => boolean;
  readonly fitsTarget: (finding: Finding) => boolean;
}

export function compileInhibitions(configured: readonly Inhibition[]): InhibitionRule[] {
  return configured.map(({ source, target, equal, within }) => ({
    equal,
    withinMs: within,
    fitsSource: compileMatchers(source.matchers),
    fitsTarget: compileMatchers(target.matchers),
  }));
}

/**
 * Ids of the findings among `others` that `target` stands below, the gravest first.
 *
 * A source is open and not hidden itself: what stands below it would be seen by nobody. It goes before the
 * target in the order of `compareGravity`, which is strict: nothing inhibits itself, there are no circles,
 * and above each inhibited finding there is one that is in the queue.
 */
export function inhibitorsOf(
  target: Finding,
  others: readonly Finding[],
  rules: readonly InhibitionRule[],
): string[] {
  const asked = rules.filter((rule) => rule.fitsTarget(target));
  if (asked.length === 0) return [];
  return others
    .filter((source) => canInhibit(source) && compareGravity(source, target) < 0)
    .filter((source) => asked.some((rule) => covers(rule, source, target)))
    .sort(compareGravity)
    .slice(0, INHIBITORS_MAX)
    .map(({ id }) => id);
}

/** The graver level first, then the finding that began earlier, then the id. */
function compareGravity(a: Finding, b: Finding): number {
  return (
    levelRank(b.detector.level) - levelRank(a.detector.level) ||
    a.firstEventAt - b.firstEventAt ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

function canInhibit(finding: Finding): boolean {
  const { status, silencedBy = [], exceptedBy = [], maintenanceBy = [] } = finding;
  return status !== "closed" && silencedBy.length + exceptedBy.length + maintenanceBy.length === 0;
}

function covers(rule: InhibitionRule, source: Finding, target: Finding): boolean {
  return (
    source.firstEventAt <= target.lastEventAt + rule.withinMs &&
    target.firstEventAt <= source.lastEventAt + rule.withinMs &&
    rule.fitsSource(source) &&
    rule.equal.every((type) => shareEntity(type, source, target))
  );
}

function shareEntity(type: Inhibition["equal"][number], one: Finding, other: Finding): boolean {
  const values = new Set(valuesOf(type, one));
  return valuesOf(type, other).some((value) => values.has(value));
}

function valuesOf(type: Inhibition["equal"][number], { entities }: Finding): string[] {
  return entities.filter((entity) => entity.type === type).map(({ value }) => value);
}
