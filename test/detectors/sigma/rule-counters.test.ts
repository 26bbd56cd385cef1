import { describe, expect, it } from "vitest";
import type { LogSourceTable } from "../../../config/log-sources.ts";
import { createSigmaEngine } from "../../../detectors/sigma/engine.ts";
import { eventOf, ruleOf } from "./fixture.ts";

const TABLE: LogSourceTable = {
  families: ["flat"],
  decidedBy: ["Channel"],
  routes: [],
  fields: {},
};
const cmd = ruleOf({ s: { "Image|endswith": "\\cmd.exe", User: "SYSTEM" }, condition: "s" });
const rare = ruleOf({ s: { "Image|endswith": "\\mimikatz.exe" }, condition: "s" });

function costsAfter(events: number, now?: () => number) {
  const engine = createSigmaEngine({ rules: [cmd, rare], logSources: [TABLE], now });
  for (let at = 0; at < events; at += 1) {
    const User = at % 2 === 0 ? "SYSTEM" : "other";
    engine.match(eventOf({ Channel: `c${at % 2}`, Image: "C:\\cmd.exe", User }));
  }
  return engine.costs();
}

describe("costs", () => {
  it("count looks and hits over all log sources, and leave out what was never looked at", () => {
    expect(costsAfter(10)).toEqual([{ rule: cmd, candidates: 10, hits: 5, milliseconds: 0 }]);
  });

  it("project the time of one of 64 events", () => {
    const clock = { reads: 0 };
    const now = () => {
      clock.reads += 1;
      return clock.reads * 0.5;
    };
    const [first] = costsAfter(640, now);
    expect(clock.reads).toBe(20);
    expect(first?.milliseconds).toBe(320);
  });

  it("never read the clock for events that open no gate", () => {
    const now = () => {
      throw new Error("read");
    };
    const engine = createSigmaEngine({ rules: [rare], logSources: [TABLE], now });
    for (let at = 0; at < 200; at += 1) engine.match(eventOf({ Image: "C:\\cmd.exe" }));
    expect(engine.costs()).toEqual([]);
  });
});
