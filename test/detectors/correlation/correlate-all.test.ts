// Judging what is all there: order does not matter, levels feed each other, and what waits for its end is
// judged too.
import { describe, expect, it } from "vitest";
import {
  correlateAll,
  correlateInSteps,
  type LeveledObservation,
} from "../../../detectors/correlation/correlate-all.ts";
import { createCorrelator } from "../../../detectors/correlation/correlator.ts";
import { levelPlan } from "../../../detectors/correlation/leveled-plan.ts";
import { observationsOf } from "../../../detectors/correlation/observation.ts";
import { resolveCorrelations } from "../../../detectors/correlation/resolve.ts";
import { readRuleFile } from "../../../detectors/rule-file.ts";

const RULES = `
title: failed
name: failed
logsource: { product: windows }
detection: { s: { EventID: 4625 }, condition: s }
---
title: success
name: success
logsource: { product: windows }
detection: { s: { EventID: 4624 }, condition: s }
---
title: guessing
name: guessing
correlation: { type: event_count, rules: [failed], group-by: [user], timespan: 1m, condition: { gte: 3 } }
---
title: guessed
correlation: { type: temporal_ordered, rules: [guessing, success], group-by: [user], timespan: 5m }
---
title: seldom
correlation: { type: event_count, rules: [success], group-by: [user], timespan: 1h, condition: { lt: 2 } }
`;
const { rules, correlations } = readRuleFile(RULES, "r.yml");
const plan = levelPlan(resolveCorrelations(rules, correlations));
const LEVELS = {
  levels: plan.levels.map((level) => () => createCorrelator(level, { keysMax: 1000 })),
  observationsOf: plan.observationsOf,
};

function hit(name: string, user: string, seconds: number): LeveledObservation[] {
  const rule = rules.find(({ info }) => info.title === name);
  return plan.linksOf(rule?.info.id ?? "").flatMap(({ level, link }) => {
    const origin = { time: seconds * 1000, id: `${name}-${user}-${seconds}`, source: "dc" };
    return observationsOf(link, origin, () => user).map((observation) => ({ level, observation }));
  });
}

describe("correlateAll", () => {
  const observations = [
    ...[0, 10, 20].flatMap((at) => hit("failed", "a", at)),
    ...hit("success", "a", 30),
    ...[0, 50, 100].flatMap((at) => hit("failed", "b", at)),
    ...[30, 40].flatMap((at) => hit("success", "b", at)),
  ];
  const found = (given: readonly LeveledObservation[]) =>
    correlateAll(LEVELS, given).map((raised) => {
      const title = plan.textOf(raised)?.detector.title;
      return [title, raised.group.join(), raised.time / 1000, raised.events.length].join(" ");
    });

  it("gives the hits of all levels", () => {
    expect(found(observations)).toEqual(["guessing a 20 3", "seldom a 3630 1", "guessed a 30 4"]);
  });

  it("works in short steps where others are to get their turn, with the same hits", () => {
    const many = Array.from({ length: 500 }, (_, at) => hit("failed", `u${at % 7}`, at)).flat();
    const steps = correlateInSteps(LEVELS, many);
    let count = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) count += 1;
    expect(count).toBeGreaterThan(5);
    expect(step.value.length).toBeGreaterThan(0);
    expect(step.value).toEqual(correlateAll(LEVELS, many));
  });

  it("doesn't care for the order in which observations are given", () => {
    expect(found(observations.toReversed())).toEqual(found(observations));
  });
});
