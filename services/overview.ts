// What the API tells of the running stages: rules with their hits, sources, lag.
import type { CorrelationRule } from "../detectors/correlation/rule.ts";
import type { SigmaEngine } from "../detectors/sigma/engine.ts";
import type { SigmaRule } from "../detectors/sigma/rule.ts";
import packageJson from "../package.json" with { type: "json" };
import type { ReloadAnswer } from "./api/reload-schema.ts";
import type { PipelineStatus, RulesAnswer } from "./api/schemas.ts";
import type { Bus } from "./bus/bus.ts";
import type { Detection } from "./detection.ts";
import type { ActivityView, ProcessView } from "./process-status.ts";
import type { Reload } from "./rule-swap.ts";

const IDLE_POLL_MS = 50;
const DEAREST_MAX = 10;

/** Loaded rules with their hits for a tenant, what was left out, and what deserves a look. */
export function rulesAnswer(
  { engine, plan, rules, faults }: Detection,
  activity: Pick<ActivityView, "hits">,
  tenant: string,
  processes: ProcessView["processes"] = [],
): RulesAnswer {
  const hits = activity.hits(tenant);
  const filters = new Map(rules.filters.map(({ id, title }) => [id, title]));
  const correlations = plan.levels.flat();
  const joined = joinedBy(engine.rules, correlations);
  return {
    rules: [...engine.rules, ...correlations].map((rule) => {
      const { info } = rule;
      const seen = hits.get(info.id);
      return {
        ...info,
        techniques: [...info.techniques],
        tactics: [...info.tactics],
        falsePositives: [...info.falsePositives],
        references: [...info.references],
        response: [...info.response],
        hits: seen?.hits ?? 0,
        ...(seen === undefined ? {} : { lastHitAt: seen.lastHitAt }),
        isSilenced: plan.isSilenced(info.id),
        ...("logSource" in rule
          ? { filteredBy: rule.filteredBy.map((id) => filters.get(id) ?? id) }
          : { filteredBy: [], correlation: joined(rule) }),
      };
    }),
    faults: [...rules.faults, ...faults].map(({ place, code, message }) => ({
      place,
      code,
      message,
    })),
    leftOut: [...rules.leftOut],
    notes: [...rules.notes],
    costs: costsOf(engine),
    processes: processes.flatMap(({ instance, rules: state }) =>
      state === undefined ? [] : [{ name: instance, ...state }],
    ),
  };
}

function joinedBy(
  rules: readonly SigmaRule[],
  correlations: readonly CorrelationRule[],
): (rule: CorrelationRule) => NonNullable<RulesAnswer["rules"][number]["correlation"]> {
  const known = new Map<string, { readonly id: string; readonly title: string }>();
  // An id stands before a name that is the same by mistake.
  for (const { info, name } of [...rules, ...correlations]) if (name) known.set(name, info);
  for (const { info } of [...rules, ...correlations]) known.set(info.id, info);
  return (rule) => ({
    type: rule.type,
    timespanMs: rule.timespanMs,
    rules: rule.rules.map((reference) => {
      const { id, title } = known.get(reference) ?? { id: reference, title: reference };
      return { id, title };
    }),
  });
}

// Shares and means alone: how many events there were is nobody's business but their tenant's.
function costsOf(engine: Pick<SigmaEngine, "costs">): RulesAnswer["costs"] {
  const costs = engine.costs();
  const whole = costs.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return costs
    .filter(({ milliseconds }) => milliseconds > 0)
    .slice(0, DEAREST_MAX)
    .map(({ rule, candidates, milliseconds }) => ({
      ...{ id: rule.info.id, title: rule.info.title, share: milliseconds / whole },
      microseconds: (milliseconds * 1000) / Math.max(1, candidates),
    }));
}

/** What an administrator who asked for it is told. */
export function reloadAnswer(reload: Reload): ReloadAnswer {
  if (reload.kind !== "changed") return reload;
  const { added, removed, changed } = reload.change;
  const counts = { added: added.length, removed: removed.length, changed: changed.length };
  return { kind: "changed", ...counts };
}

const GROUPS = [
  ["raw", "detect"],
  ["observations", "baseline"],
  ["signals", "triage"],
] as const;

/** State of the pipeline for a tenant. */
export async function statusOf(
  tenant: string,
  bus: Bus,
  { activity, processes, silent }: ProcessView,
  startedAt: number,
  now: () => number,
): Promise<PipelineStatus> {
  const sources = activity.sources(tenant, now());
  const lag = await Promise.all(
    GROUPS.map(async ([topic, group]) => ({
      topic,
      group,
      ...(await bus.lag(tenant, topic, group)),
    })),
  );
  return {
    version: packageJson.version,
    startedAt,
    eventsPerSecond: sources.reduce((sum, source) => sum + source.eventsPerSecond, 0),
    lagMs:
      lag[0]?.records === 0 ? 0 : Math.max(0, now() - (activity.reachedAt(tenant) ?? startedAt)),
    lag,
    sources,
    processes: [...processes, ...silent].map((one) => ({
      name: one.instance,
      ...{ services: [...one.services], version: one.version },
      ...{ startedAt: one.startedAt, seenAt: one.seenAt },
      ...(one.reachedAt === undefined ? {} : { reachedAt: one.reachedAt }),
      ...(one.stuckPages === undefined ? {} : { stuckPages: one.stuckPages }),
      ...(one.watchdogAskedAt === undefined ? {} : { watchdogAskedAt: one.watchdogAskedAt }),
    })),
  };
}

/**
 * Resolves when everything received so far is processed.
 * @param pendingOf observations that wait for their time
 */
export async function untilIdle(
  bus: Bus,
  tenant: string,
  pendingOf: () => number | Promise<number>,
): Promise<void> {
  const isIdle = async () => {
    for (const [topic, group] of GROUPS) {
      if ((await bus.lag(tenant, topic, group)).records > 0) return false;
    }
    return (await pendingOf()) === 0;
  };
  while (!(await isIdle())) {
    await new Promise((resolve) => setTimeout(resolve, IDLE_POLL_MS));
  }
}
