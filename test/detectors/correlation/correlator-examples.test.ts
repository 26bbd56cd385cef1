// The examples of detectors/correlation/README.md, and the plainest case of each type.
import { describe, expect, it } from "vitest";
import { createCorrelator } from "../../../detectors/correlation/correlator.ts";
import type { Observation, Raised } from "../../../detectors/keyed.ts";
import { correlation } from "./random-rules.ts";

const NAMES = ["a", "b", "c"];

/** Events as `seconds:rule` or `seconds:rule=value`, one second written once for several rules. */
function observationsOf(text: string): Observation[] {
  return text.split(" ").map((word) => {
    const [, seconds = "", name = "", value] = /^([\d.]+):(\w)(?:=(.*))?$/.exec(word) ?? [];
    const place = { detector: "c", key: "k", group: ["PC1"], source: "s" };
    const id = `e${seconds.padStart(4, "0")}`;
    return { ...place, time: Number(seconds) * 1000, id, rule: NAMES.indexOf(name), value };
  });
}

/** Hits as `time from value/count events…`, times in seconds. */
function hitsOf(body: object, text: string): string[] {
  const rule = correlation("c", { rules: NAMES, timespan: "5m", ...body });
  const correlator = createCorrelator([rule]);
  const raised: Raised[] = observationsOf(text).flatMap((one) => [...correlator.observe(one)]);
  raised.push(...correlator.advance(1e12));
  return raised.map(({ time, from, value, count, events }) => {
    const rests = events.map((one) => `${one.time / 1000}${NAMES[one.rule]}`).join(" ");
    return `${time / 1000} ${from / 1000} ${value}/${count} ${rests}`;
  });
}

const count = (condition: object) => ({ type: "event_count", condition });
const values = (condition: object) => ({
  type: "value_count",
  condition: { field: "f", ...condition },
});
const numbers = (type: string, condition: object) => ({
  type,
  condition: { field: "f", ...condition },
});
const temporal = (condition?: unknown) => ({ type: "temporal", condition });
const ordered = (condition?: unknown) => ({ type: "temporal_ordered", condition });

describe("a correlation", () => {
  it.each([
    [
      "counts in a window that slides",
      count({ gte: 3 }),
      "0:a 180:b 300:a 360:a",
      ["360 60 3/3 180b 300a 360a"],
    ],
    [
      "begins anew after a hit",
      count({ gt: 1 }),
      "0:a 1:a 2:a 3:a 4:a",
      ["1 -299 2/2 0a 1a", "3 -297 2/2 2a 3a"],
    ],
    [
      "counts an event for each rule that it hits",
      count({ gte: 2 }),
      "7:a 7:b",
      ["7 -293 2/2 7a 7b"],
    ],
    [
      "judges what more can undo when the window closes",
      { ...count({ eq: 2 }), timespan: "1m" },
      "0:a 30:a 60:a",
      ["60 0 2/2 0a 30a"],
    ],
    [
      "knows ranges",
      count({ gt: 1, lte: 3 }),
      "0:a 1:a 2:a 400:a 700:a 701:a 702:a 703:a",
      ["300 0 3/3 0a 1a 2a"],
    ],
    [
      "counts different values by their newest events",
      values({ gte: 3 }),
      "0:a=x 100:a=y 200:b=x 310:a=z",
      ["310 10 3/3 100a 200b 310a"],
    ],
    [
      "counts few different values",
      values({ lte: 1 }),
      "0:a=x 1:a=x 400:a=x 401:a=y",
      ["300 0 1/2 0a"],
    ],
    [
      "adds up",
      numbers("value_sum", { gt: 10 }),
      "0:a=4 100:a=6 200:a=1",
      ["200 -100 11/3 0a 100a 200a"],
    ],
    ["forgets what left the sum", numbers("value_sum", { gte: 10 }), "0:a=4 300:a=6 301:a=3", []],
    ["adds up to little", numbers("value_sum", { lt: 0 }), "0:a=4 1:a=-5", ["300 0 -1/2 0a 1a"]],
    [
      "takes the average",
      numbers("value_avg", { gt: 500 }),
      "0:a=900 1:a=101 400:a=900 401:a=100",
      ["300 0 500.5/2 0a 1a"],
    ],
    [
      "takes the median",
      numbers("value_median", { gte: 2.5 }),
      "0:a=4 1:a=1 2:a=3 3:a=2 4:b=none",
      ["300 0 2.5/4 0a 1a 2a 3a"],
    ],
    [
      "takes a percentile",
      numbers("value_percentile", { percentile: 90, gte: 9.1 }),
      Array.from({ length: 10 }, (_, at) => `${at}:a=${10 - at}`).join(" "),
      [`300 0 9.1/10 ${Array.from({ length: 10 }, (_, at) => `${at}a`).join(" ")}`],
    ],
    [
      "finds rare values",
      numbers("value_percentile", { lte: 25 }),
      "0:a=cmd 1:a=cmd 2:a=odd 3:a=cmd",
      ["300 0 25/1 2a"],
    ],
    ["joins rules in any order", temporal(), "0:b 1:a 2:b 299:c", ["299 -1 3/3 1a 2b 299c"]],
    ["does not join what is too far apart", temporal(), "0:a 1:b 300:c", []],
    [
      "is content with some of the rules",
      temporal({ gte: 2 }),
      "0:a 1:a 2:c",
      ["2 -298 2/2 1a 2c"],
    ],
    [
      "takes conditions over rules",
      temporal("a and (b or c)"),
      "0:b 1:c 2:a",
      ["2 -298 3/3 0b 1c 2a"],
    ],
    [
      "sees that a rule did not hit",
      temporal("a and b and not c"),
      "0:a 1:b 400:a 401:b 402:c",
      ["300 0 2/2 0a 1b"],
    ],
    ["wants an order", ordered(), "0:a 1:c 2:b 3:a 4:c", ["4 -296 3/3 0a 2b 4c"]],
    ["takes the newest chain", ordered(), "0:a 1:b 2:a 3:b 4:b 5:c", ["5 -295 3/3 2a 4b 5c"]],
    [
      "lets one event be two steps",
      ordered("a and b and c"),
      "0:a 9:b 9:c",
      ["9 -291 3/3 0a 9b 9c"],
    ],
    ["wants an order of some", ordered("a and (b or c)"), "0:c 1:b 2:a 3:c", ["3 -297 2/2 2a 3c"]],
    [
      "wants an order without a rule",
      ordered("a and b and not c"),
      "0:b 1:a 2:b 400:a 401:b 402:c",
      ["300 0 2/3 1a 2b"],
    ],
  ])("%s", (_, body, events, hits) => {
    expect(hitsOf(body, events)).toEqual(hits);
  });

  it("names the ten oldest and the ten newest events", () => {
    const events = Array.from({ length: 50 }, (_, at) => `${at}:a`).join(" ");
    const named = [...Array(10).keys(), ...Array.from({ length: 10 }, (_, at) => 40 + at)];
    const rests = named.map((at) => `${at}a`).join(" ");
    expect(hitsOf(count({ gte: 50 }), events)).toEqual([`49 -251 50/50 ${rests}`]);
    expect(hitsOf(count({ eq: 50 }), events)).toEqual([`300 0 50/50 ${rests}`]);
  });
});
