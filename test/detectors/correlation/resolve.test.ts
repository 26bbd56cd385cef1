import { describe, expect, it } from "vitest";
import {
  groupKey,
  observationsOf,
  observationsOfRaised,
} from "../../../detectors/correlation/observation.ts";
import {
  type CorrelationPlan,
  resolveCorrelations,
} from "../../../detectors/correlation/resolve.ts";
import type { Raised } from "../../../detectors/keyed.ts";
import { readRuleFile } from "../../../detectors/rule-file.ts";

interface Joining {
  readonly rules: readonly string[];
  readonly groupBy?: readonly string[];
  readonly aliases?: object;
  readonly generate?: boolean;
  readonly field?: readonly string[];
}

/** A detection rule with id `id-<name>`. */
function rule(name: string, id = `id-${name}`): object {
  const detection = { s: { f: "x" }, condition: "s" };
  return { title: name, id, name, logsource: { product: "windows" }, detection };
}

/** A correlation with id `id-<name>`. */
function joins(
  name: string,
  { rules, groupBy = ["h"], aliases, generate, field }: Joining,
): object {
  const count = { type: "value_count", condition: { field, gte: 2 } };
  const body = field === undefined ? { type: "temporal" } : count;
  const correlation = { ...body, rules, "group-by": groupBy, aliases, generate, timespan: "1m" };
  return { title: name, id: `id-${name}`, name, correlation };
}

function resolve(...documents: readonly object[]): CorrelationPlan {
  const text = documents.map((one) => JSON.stringify(one)).join("\n---\n");
  const { rules, correlations, faults } = readRuleFile(text, "a.yml");
  expect(faults).toEqual([]);
  return resolveCorrelations(rules, correlations);
}

function titles(plan: CorrelationPlan): string[][] {
  return plan.levels.map((level) => level.map(({ info }) => info.title));
}

describe("resolving correlations", () => {
  it("finds rules by name and by id, and says which fields their events give", () => {
    const aliases = { ip: { a: "source.ip", "id-b": "destination.ip" } };
    const plan = resolve(
      joins("c", { rules: ["a", "id-b"], groupBy: ["ip", "h"], aliases, field: ["u", "ip"] }),
      rule("a"),
      rule("b"),
    );
    expect(plan.faults).toEqual([]);
    const [correlation] = plan.levels[0] ?? [];
    expect(plan.ofRule.get("id-a")).toEqual([
      { correlation, place: 0, group: ["source.ip", "h"], values: ["u", "source.ip"] },
    ]);
    expect(plan.ofRule.get("id-b")).toEqual([
      { correlation, place: 1, group: ["destination.ip", "h"], values: ["u", "destination.ip"] },
    ]);
    expect([...plan.silenced]).toEqual(["id-a", "id-b"]);
  });

  it("puts chains in levels, whatever their order in the file", () => {
    const plan = resolve(
      joins("top", { rules: ["middle", "a"] }),
      joins("middle", { rules: ["low", "b"] }),
      joins("low", { rules: ["a", "b"] }),
      rule("a"),
      rule("b"),
    );
    expect(plan.faults).toEqual([]);
    expect(titles(plan)).toEqual([["low"], ["middle"], ["top"]]);
    expect(plan.ofCorrelation.get("id-low")).toMatchObject([{ place: 0, group: [0], values: [] }]);
    expect(
      plan.ofRule
        .get("id-a")
        ?.map(({ correlation }) => correlation.info.title)
        .sort(),
    ).toEqual(["low", "top"]);
  });

  it("takes a parent's group from the child's group, by name or alias", () => {
    const plan = resolve(
      joins("top", {
        rules: ["low"],
        groupBy: ["user", "h"],
        aliases: { user: { low: "u" } },
        field: ["ip"],
      }),
      joins("low", { rules: ["a"], groupBy: ["h", "ip", "u"] }),
      rule("a"),
    );
    expect(plan.faults).toEqual([]);
    const [link] = plan.ofCorrelation.get("id-low") ?? [];
    if (link === undefined) throw new RangeError("no link");
    const events = [{ id: "e", time: 5, rule: 0 }];
    const raised: Raised = {
      detector: "id-low",
      key: "k",
      group: ["PC1", "10.0.0.1", "Konto-1"],
      time: 7,
      from: 0,
      value: 1,
      count: 1,
      events,
      source: "s",
    };
    expect(observationsOfRaised(link, raised, "signal")).toEqual([
      {
        detector: "id-top",
        key: groupKey(["konto-1", "pc1"]),
        time: 7,
        id: "signal",
        rule: 0,
        group: ["Konto-1", "PC1"],
        value: "10.0.0.1",
        source: "s",
        rests: events,
      },
    ]);
  });

  it("silences rules unless every correlation that joins them generates", () => {
    const plan = resolve(
      joins("loud", { rules: ["a", "b", "quiet"], generate: true }),
      joins("quiet", { rules: ["b", "c"] }),
      rule("a"),
      rule("b"),
      rule("c"),
    );
    expect([...plan.silenced].sort()).toEqual(["id-b", "id-c"]);
  });

  it.each([
    ["an unknown rule", [joins("c", { rules: ["a", "x"] })], ['"x" is unknown']],
    [
      "a name of two rules",
      [joins("c", { rules: ["b"] }), rule("b"), rule("b", "other")],
      ['"b" is the name of 2 rules (a.yml:3:1, a.yml:5:1): use the id'],
    ],
    ["one rule by name and id", [joins("c", { rules: ["a", "id-a"] })], ['"id-a" is named twice']],
    ["itself", [joins("c", { rules: ["a", "c"] })], ['"c" is the correlation itself']],
    [
      "a circle",
      [joins("c", { rules: ["d"] }), joins("d", { rules: ["e"] }), joins("e", { rules: ["c"] })],
      ["goes round in a circle: c → d → e → c", "can't be used", "can't be used"],
    ],
    [
      "an alias for a rule that is not joined",
      [joins("c", { rules: ["a"], aliases: { u: { b: "x" } } }), rule("b")],
      ['the alias u is for "b"'],
    ],
    [
      "a group that a child doesn't have",
      [joins("c", { rules: ["d"], groupBy: ["u"] }), joins("d", { rules: ["a"] })],
      [`"d" doesn't know u: a correlation's hit has the fields of its group-by (h)`],
    ],
    [
      "too many levels",
      Array.from({ length: 9 }, (_, at) =>
        joins(`c${at}`, { rules: [at === 0 ? "a" : `c${at - 1}`] }),
      ),
      ["at most 8 levels deep"],
    ],
  ])("refuses %s, and lets the others go on", (_, documents, messages) => {
    const plan = resolve(...documents, rule("a"), joins("good", { rules: ["a"] }));
    expect(plan.faults.map(({ code }) => code)).toEqual(messages.map(() => "HW_RULE_INVALID"));
    for (const [at, message] of messages.entries()) {
      expect(plan.faults[at]?.message).toContain(message);
    }
    expect(titles(plan).flat()).toContain("good");
    const faulty = new Set(plan.faults.map(({ title }) => title));
    expect(
      titles(plan)
        .flat()
        .filter((title) => faulty.has(title)),
    ).toEqual([]);
  });

  it("refuses a chain of thousands without an end of the stack", () => {
    const chain = Array.from({ length: 5000 }, (_, at) =>
      joins(`c${at}`, { rules: [`c${at + 1}`] }),
    );
    const { correlations } = readRuleFile(
      chain.map((one) => JSON.stringify(one)).join("\n---\n"),
      "a.yml",
    );
    expect(resolveCorrelations([], correlations).faults).toHaveLength(5000);
  });

  it("does not silence what only a faulty correlation joins", () => {
    const plan = resolve(joins("c", { rules: ["a", "x"] }), rule("a"));
    expect(plan.faults).toHaveLength(1);
    expect(plan.silenced.size).toBe(0);
    expect(plan.ofRule.size).toBe(0);
  });
});

describe("an observation of an event", () => {
  const plan = resolve(
    joins("one", { rules: ["a"], groupBy: ["h", "u"] }),
    joins("two", { rules: ["a"], groupBy: [], field: ["x", "y"] }),
    rule("a"),
  );
  const [one, two] = plan.ofRule.get("id-a") ?? [];
  if (one === undefined || two === undefined) throw new RangeError("no links");
  const origin = { time: 5, id: "e1", source: "s" };
  const reader = (fields: Readonly<Record<string, string>>) => (field: string) => fields[field];

  it("has one key for all ways to write the same group, and never one for two groups", () => {
    const key = (h: string, u: string) => observationsOf(one, origin, reader({ h, u }))[0]?.key;
    expect(key("PC1", "Müller")).toBe(key("pc1", "MÜLLER"));
    const apart = [
      ["a", "b"],
      ["a,b", ""],
      ['a","b', ""],
      ["", "ab"],
      ["ab", ""],
      ["\ud800", "b"],
      ["\udc00", "b"],
      ["\ufffd", "b"],
    ];
    const keys = apart.map(([h = "", u = ""]) => key(h, u));
    expect(new Set(keys).size).toBe(apart.length);
  });

  it("is none where the event lacks a field of the group or of the value", () => {
    expect(observationsOf(one, origin, reader({ h: "pc1" }))).toEqual([]);
    expect(observationsOf(two, origin, reader({ x: "1" }))).toEqual([]);
  });

  it("joins several fields to one value, without case", () => {
    const value = (x: string, y: string) => observationsOf(two, origin, reader({ x, y }))[0]?.value;
    expect(value("A", "b")).toBe(value("a", "B"));
    expect(value("ab", "")).not.toBe(value("a", "b"));
    expect(observationsOf(two, origin, reader({ x: "1", y: "2" }))[0]).toMatchObject({
      detector: "id-two",
      key: "[]",
      group: [],
      rule: 0,
      ...origin,
    });
  });
});
