// Names that change while an attack goes on: what is found is what would have been found without the change,
// and nothing is found twice.
import { describe, expect, it } from "vitest";
import {
  correlateAll,
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
correlation:
  type: event_count
  rules: [failed]
  group-by: [User]
  timespan: 1m
  condition: { gte: 4 }
---
title: chain
correlation:
  type: temporal_ordered
  rules: [guessing, success]
  group-by: [User]
  timespan: 2m
  generate: true
---
title: spray
correlation:
  type: value_count
  rules: [failed]
  group-by: [Address]
  timespan: 1m
  condition: { field: User, gte: 4 }
  generate: true
---
title: spray in windows
correlation:
  type: value_count
  rules: [failed]
  group-by: [Address]
  timespan: 1m
  condition: { field: User, eq: 3 }
  generate: true
---
title: rare
correlation:
  type: event_count
  rules: [success]
  group-by: [User]
  timespan: 1m
  condition: { lt: 2 }
  generate: true
`;
/** Seconds at which the names change, and until when both are known. */
const CHANGE = 1000;
const END = 5000;

const { rules, correlations } = readRuleFile(RULES, "r.yml");
const plan = levelPlan(resolveCorrelations(rules, correlations));

/** An event as `seconds:rule user`. */
function observed(text: string, changes: boolean): LeveledObservation[] {
  const [, seconds = "", name = "", user = ""] = /^(\d+):(\w+) (\w+)$/.exec(text) ?? [];
  const rule = rules.find(({ info }) => info.title === name);
  const time = Number(seconds) * 1000;
  const origin = { time, id: `e${seconds.padStart(5, "0")}${user}`, source: "dc" };
  const read = (one: string) => (field: string) => (field === "User" ? one : "203.0.113.9");
  const former = { begin: CHANGE * 1000, end: END * 1000, read: read(user) };
  return plan.linksOf(rule?.info.id ?? "").flatMap(({ level, link }) => {
    const observations = changes
      ? observationsOf(link, origin, read(`new-${user}`), former)
      : observationsOf(link, origin, read(user));
    return observations.map((observation) => ({ level, observation }));
  });
}

/** Hits as `rule group value from…to`, times in seconds, groups under their former names. */
function hitsOf(events: readonly string[], changes: boolean): string[] {
  const levels = plan.levels.map((level) => () => createCorrelator(level));
  const raised = correlateAll(
    { levels, observationsOf: plan.observationsOf },
    events.flatMap((one) => observed(one, changes)),
  );
  return raised.map((one) => {
    const [from, to] = [one.events.at(0), one.events.at(-1)].map((event) => event?.id.slice(1, 6));
    const group = one.group.map((name) => name.replace("new-", "")).join();
    const title = plan.textOf(one)?.detector.title;
    return `${title} ${group} ${one.value} ${from}…${to}`;
  });
}

const failed = (user: string, ...seconds: number[]) => seconds.map((at) => `${at}:failed ${user}`);

describe("a change of names", () => {
  it.each([
    ["in the middle of an attack", failed("a", 980, 990, 1010, 1020), ["guessing"]],
    [
      "between two of one account's",
      failed("a", 970, 980, 985, 990, 1001, 1002, 1003, 1004),
      ["guessing", "guessing"],
    ],
    ["shortly before an attack", failed("a", 1001, 1002, 1003, 1004), ["guessing"]],
    ["an hour before an attack", failed("a", 4601, 4602, 4603, 4604), ["guessing"]],
    ["long over", failed("a", 9601, 9602, 9603, 9604), ["guessing"]],
    ["with too few on either side", failed("a", 970, 980, 1010), []],
    ["while the former group's window ends", failed("a", 1030, 1050, 1065, 1075), ["guessing"]],
    [
      "before the second step",
      [...failed("a", 985, 988, 991, 994), "1010:success a"],
      ["guessing", "rare", "chain"],
    ],
    [
      "between first events and last step",
      [...failed("a", 985, 988, 1003, 1004), "1090:success a"],
      ["guessing", "rare", "chain"],
    ],
    [
      "before a step that comes late",
      [...failed("a", 1050, 1061, 1070, 1080), "1130:success a"],
      ["guessing", "rare", "chain"],
    ],
    [
      "while one address tries several",
      ["980:failed a", "985:failed b", "1005:failed c"],
      ["spray"],
    ],
    [
      "while one address tries many",
      ["980:failed a", "985:failed b", "1005:failed c", "1006:failed b", "1007:failed d"],
      ["spray"],
    ],
    [
      "while an address tries the same two",
      [...failed("a", 980, 1010), ...failed("b", 985, 1015)],
      [],
    ],
  ])("%s changes nothing", (_case, events, titles) => {
    const plain = hitsOf(events, false);
    expect(plain.map((hit) => hit.slice(0, hit.indexOf(" ")))).toEqual(titles);
    expect(hitsOf(events, true)).toEqual(plain);
  });
});
