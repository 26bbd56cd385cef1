// Chooses how a correlation is judged, by its type and condition.
import { eventCountJudge, valueCountJudge, valueShareJudge } from "./count-judge.ts";
import type { Judge } from "./judge.ts";
import { closingNumberJudge, isSlidingSum, slidingSumJudge } from "./number-judge.ts";
import type { CorrelationRule } from "./rule.ts";
import { orderedJudge, temporalJudge } from "./temporal-judge.ts";

/** @param groupEventsMax values of one group that are looked at, where all are needed */
export function judgeOf(rule: CorrelationRule, groupEventsMax: number): Judge {
  switch (rule.type) {
    case "event_count":
      return eventCountJudge(rule);
    case "value_count":
      return valueCountJudge(rule, groupEventsMax);
    case "temporal":
      return temporalJudge(rule);
    case "temporal_ordered":
      return orderedJudge(rule);
    case "value_percentile":
      if (rule.percentile === undefined) return valueShareJudge(rule, groupEventsMax);
      return closingNumberJudge(rule, groupEventsMax);
    case "value_sum":
    case "value_avg":
    case "value_median":
      return isSlidingSum(rule)
        ? slidingSumJudge(rule, groupEventsMax)
        : closingNumberJudge(rule, groupEventsMax);
  }
}
