// The rules that hit most, for dashboards. Only the first few: a series for each of thousands of rules
// would cost more than it tells; the rules page has them all.
import { Gauge, type Registry } from "prom-client";
import type { Activity } from "./activity.ts";

const RULES_SHOWN = 10;

/** Registers the gauge; it is filled when it is asked for. Hits are those since the start, of all tenants. */
export function registerRuleMetrics(
  registry: Registry,
  activity: Pick<Activity, "hits">,
  tenants: readonly string[],
): void {
  new Gauge({
    name: "heidewacht_detect_rule_hits",
    help: `Hits since the start of the ${RULES_SHOWN} rules that hit most`,
    labelNames: ["rule"],
    registers: [registry],
    collect() {
      this.reset();
      const sums = new Map<string, number>();
      for (const tenant of tenants) {
        for (const [rule, { hits }] of activity.hits(tenant)) {
          sums.set(rule, (sums.get(rule) ?? 0) + hits);
        }
      }
      const most = [...sums].sort(([, a], [, b]) => b - a).slice(0, RULES_SHOWN);
      for (const [rule, hits] of most) this.set({ rule }, hits);
    },
  });
}
