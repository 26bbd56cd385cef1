// The list of sources joins what is configured with what was seen, and finds one word for each.
import { describe, expect, it } from "vitest";
import type { SourceReport } from "../../services/detect/source-monitor.ts";
import { type KnownSource, sourceAnswer } from "../../services/source-overview.ts";

const REPORT: SourceReport = {
  source: "firewall",
  firstSeenAt: 1000,
  lastSeenAt: 5000,
  lastEventAt: 4900,
  records: 10,
  failed: 2,
  formats: { syslog: 1, fortigate: 7 },
  reasons: { HW_PARSE_FAILED: 2 },
  hosts: { fw2: 5000, fw1: 3000 },
  usualPerSecond: 0.5,
  parseShare: 0.8,
  usualShare: 0.9,
  isShareFallen: false,
  lagMedianMs: 100,
  lagMaxMs: 200,
  skewMs: 0,
  clock: "right",
  silenceAfterMs: 300_000,
  silentSince: undefined,
};

describe("the word for a source", () => {
  it.each([
    ["well", {}],
    ["learning", { silenceAfterMs: undefined }],
    ["clock", { clock: "zone", silenceAfterMs: undefined }],
    ["unreadable", { isShareFallen: true, clock: "ahead" }],
    ["silent", { silentSince: 5000, isShareFallen: true, clock: "ahead" }],
  ] as const)("is %s for %j", (state, changes) => {
    expect(sourceAnswer("firewall", [], { ...REPORT, ...changes }, 0).state).toBe(state);
  });

  it("is never for one that was only configured", () => {
    const bindings: KnownSource[] = [{ source: "firewall", input: "syslog", ndigClass: 1 }];
    expect(sourceAnswer("firewall", bindings, undefined, 0)).toMatchObject({
      state: "never",
      inputs: ["syslog"],
      ndigClass: 1,
      records: 0,
      formats: [],
    });
  });
});

describe("a source that is bound several times", () => {
  it("has every input once and the first setting that is made", () => {
    const bindings: KnownSource[] = [
      { source: "firewall", input: "syslog" },
      { source: "firewall", input: "syslog", ndigClass: 1, silenceMinutes: 10 },
      { source: "firewall", input: "http", ndigClass: 4, dataClass: "network" },
    ];
    expect(sourceAnswer("firewall", bindings, REPORT, 2)).toMatchObject({
      inputs: ["syslog", "http"],
      ndigClass: 1,
      dataClass: "network",
      isSilenceConfigured: true,
      eventsPerSecond: 2,
    });
  });
});

describe("figures", () => {
  it("are sorted, and left out where they are not known", () => {
    const answer = sourceAnswer("firewall", [], { ...REPORT, lagMedianMs: undefined }, 0);
    expect(answer.formats.map(({ name }) => name)).toEqual(["fortigate", "syslog"]);
    expect(answer.hosts.map(({ name }) => name)).toEqual(["fw1", "fw2"]);
    expect(answer).not.toHaveProperty("lagMedianMs");
    expect(answer).not.toHaveProperty("silentSince");
  });
});
