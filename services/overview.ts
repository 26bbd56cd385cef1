// What the API tells of the running stages: rules with their hits, sources, lag.
import packageJson from "../package.json" with { type: "json" };
import type { ReloadAnswer } from "./api/reload-schema.ts";
import type { PipelineStatus, RulesAnswer } from "./api/schemas.ts";
import type { Bus } from "./bus/bus.ts";
import type { Activity } from "./detect/activity.ts";
import type { Detection } from "./detection.ts";
import type { Reload } from "./rule-swap.ts";

const IDLE_POLL_MS = 50;

/** Loaded rules with their hits for a tenant, and what could not be loaded. */
export function rulesAnswer(
  { engine, plan, rules, faults }: Detection,
  activity: Activity,
  tenant: string,
): RulesAnswer {
  const hits = activity.hits(tenant);
  return {
    rules: [...engine.rules, ...plan.levels.flat()].map(({ info }) => {
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
      };
    }),
    faults: [...rules.faults, ...faults].map(({ place, code, message }) => ({
      place,
      code,
      message,
    })),
  };
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
  activity: Activity,
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
  };
}

/**
 * Resolves when everything received so far is processed.
 * @param pendingOf observations that wait for their time
 */
export async function untilIdle(bus: Bus, tenant: string, pendingOf: () => number): Promise<void> {
  const isIdle = async () => {
    for (const [topic, group] of GROUPS) {
      if ((await bus.lag(tenant, topic, group)).records > 0) return false;
    }
    return pendingOf() === 0;
  };
  while (!(await isIdle())) {
    await new Promise((resolve) => setTimeout(resolve, IDLE_POLL_MS));
  }
}
