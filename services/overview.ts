// What the API tells of the running stages: rules with their hits, sources, lag.
import type { SigmaEngine } from "../detectors/sigma/engine.ts";
import packageJson from "../package.json" with { type: "json" };
import type { PipelineStatus, RulesAnswer } from "./api/schemas.ts";
import type { Bus } from "./bus/bus.ts";
import type { Activity } from "./detect/activity.ts";
import type { RuleSet } from "./rules/rule-set.ts";

const IDLE_POLL_MS = 50;

/** Loaded rules with their hits for a tenant, and what could not be loaded. */
export function rulesAnswer(
  engine: SigmaEngine,
  rules: RuleSet,
  activity: Activity,
  tenant: string,
): RulesAnswer {
  const hits = activity.hits(tenant);
  return {
    rules: engine.rules.map(({ info }) => {
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
    faults: [...rules.faults, ...engine.faults].map(({ place, code, message }) => ({
      place,
      code,
      message,
    })),
  };
}

const GROUPS = [
  ["raw", "detect"],
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

/** Resolves when everything received so far is processed. */
export async function untilIdle(bus: Bus, tenant: string): Promise<void> {
  for (const [topic, group] of GROUPS) {
    while ((await bus.lag(tenant, topic, group)).records > 0) {
      await new Promise((resolve) => setTimeout(resolve, IDLE_POLL_MS));
    }
  }
}
