// Which findings belong together: a function of their set, with chains on shared objects, bursts of noisy
// rules, and what people decided.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Grouping } from "../../../services/store/proposal.ts";
import { tacticSpan } from "../../../services/triage/attack-order.ts";
import { dayOf } from "../../../services/triage/days.ts";
import type { FindingFact } from "../../../services/triage/facts.ts";
import { groupFindings } from "../../../services/triage/grouping.ts";
import { neighbourhoodOf } from "../../../services/triage/neighbourhood.ts";

const MORNING = Date.UTC(2026, 10, 17, 6);
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A finding of `rule` on `entities` (`host:…` first), minutes after seven in the morning. */
function fact(
  id: string,
  rule: string,
  entities: readonly string[],
  minutes: number,
  tactic = "execution",
): FindingFact {
  const at = MORNING + minutes * MINUTE_MS;
  return {
    ...{ id, detector: rule, status: "test", level: "medium", entities },
    tactics: [tactic],
    span: tacticSpan([tactic]),
    groupKey: entities[0] ?? "",
    firstEventAt: at,
    until: at,
    day: dayOf(at),
    proposal: undefined,
    scoreKey: "",
  };
}

function groups(facts: readonly FindingFact[], decisions: readonly Grouping[] = []): string[] {
  const members = groupFindings(facts, neighbourhoodOf(facts), decisions);
  const byProposal = new Map<string, string[]>();
  for (const { id } of facts) {
    const proposal = members.get(id);
    if (proposal === undefined) continue;
    byProposal.set(proposal, [...(byProposal.get(proposal) ?? []), id]);
  }
  const nameOf = (id: string) => (id.startsWith("burst-") ? "burst" : id);
  return [...byProposal]
    .map(([proposal, ids]) => `${nameOf(proposal)}: ${ids.sort().join(" ")}`)
    .sort();
}

function decision(
  kind: Grouping["decision"],
  findings: readonly string[],
  more: Partial<Grouping> = {},
): Grouping {
  return {
    ...{ id: `d-${findings.join("-")}`, tenant: "kreis", decision: kind },
    findings: findings.map((id) => ({ id, at: MORNING })),
    ...{ others: [], proposals: [], createdAt: 1, createdBy: "acc-1" },
    ...more,
  };
}

/** One rule on many hosts, a minute apart. */
function noise(rule: string, hosts: number, from = 0): FindingFact[] {
  return Array.from({ length: hosts }, (_, n) =>
    fact(`${rule}-${n}`, rule, [`host:n${n}`], from + n, "discovery"),
  );
}

const WS = ["host:ws1", "account:konto-a"];

describe("chains", () => {
  it.each<[string, FindingFact[], string[]]>([
    [
      "joins steps on one host under the id of the first",
      [fact("b", "r1", WS, 0), fact("a", "r2", WS, 90, "persistence")],
      ["b: a b"],
    ],
    [
      "follows an account to the next host",
      [
        fact("a", "r1", WS, 0),
        fact("b", "r2", ["host:ws2", "account:konto-a"], 60, "lateral-movement"),
      ],
      ["a: a b"],
    ],
    [
      "leaves strangers alone",
      [fact("a", "r1", WS, 0), fact("b", "r2", ["host:ws2", "account:konto-b"], 1)],
      [],
    ],
    [
      "ends where the next step is too late",
      [fact("a", "r1", WS, 0), fact("b", "r2", WS, 361, "persistence")],
      [],
    ],
    [
      "asks for more closeness where steps are out of ATT&CK's order",
      [fact("a", "r1", WS, 0, "impact"), fact("b", "r2", WS, 61, "execution")],
      [],
    ],
    [
      "takes them where they are close all the same",
      [fact("a", "r1", WS, 0, "impact"), fact("b", "r2", WS, 59, "execution")],
      ["a: a b"],
    ],
    [
      "goes on over midnight when it began in the evening",
      [fact("a", "r1", WS, 16 * 60), fact("b", "r2", WS, 19 * 60, "impact")],
      ["a: a b"],
    ],
    [
      "is cut at midnight when it began in the morning",
      [
        fact("a", "r1", WS, 0),
        fact("b", "r2", WS, 350, "persistence"),
        fact("c", "r3", WS, 700, "discovery"),
        fact("d", "r4", WS, 1040, "impact"),
      ],
      ["a: a b c"],
    ],
  ])("%s", (_, facts, expected) => {
    expect(groups(facts)).toEqual(expected);
  });

  it("does not join strangers through what meets everybody", () => {
    const shared = "account:svc-backup";
    const many = Array.from({ length: 14 }, (_, n) =>
      fact(`f${n}`, `rule-${n}`, [`host:h${n}`, shared], n * 5),
    );
    expect(groups(many)).toEqual([]);
    expect(groups(many.slice(0, 6))).toEqual(["f0: f0 f1 f2 f3 f4 f5"]);
  });

  it("takes up a step that only a noisy rule saw, and leaves the rest to its burst", () => {
    const attack = [
      fact("a", "r1", ["host:n3"], 0),
      fact("b", "r2", ["host:n3"], 40, "credential-access"),
    ];
    const found = groups([...attack, ...noise("loud", 12, 0)]);
    expect(found[0]).toBe("a: a b loud-3");
    expect(found[1]).toMatch(/^burst: loud-0 loud-1 loud-10/);
    expect(found[1]).not.toContain("loud-3");
  });

  it("stays within its largest size", () => {
    const long = Array.from({ length: 450 }, (_, n) => fact(`f${n}`, `r${n}`, WS, n));
    const sizes = groups(long).map((group) => group.split(" ").length - 1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(450);
  });
});

describe("bursts", () => {
  it("make one item of a noisy rule's findings of a day", () => {
    expect(groups(noise("loud", 20)).length).toBe(1);
    expect(groups([...noise("loud", 20), ...noise("shrill", 20)]).length).toBe(2);
  });

  it("take a rule's lone findings from three on", () => {
    expect(groups(noise("quiet", 2))).toEqual([]);
    expect(groups(noise("quiet", 3))).toEqual(["burst: quiet-0 quiet-1 quiet-2"]);
  });
});

describe("decisions of people", () => {
  const chain = [
    fact("a", "r1", WS, 0),
    fact("b", "r2", WS, 10, "persistence"),
    fact("c", "r3", WS, 20, "discovery"),
  ];
  const strangers = [fact("x", "r4", ["host:ws8"], 0), fact("y", "r5", ["host:ws9"], 300)];

  it.each<[string, FindingFact[], Grouping[], string[]]>([
    ["take one out", chain, [decision("apart", ["c"], { others: ["a", "b"] })], ["a: a b"]],
    [
      "keep what is taken out together",
      chain,
      [decision("apart", ["b", "c"], { others: ["a"] })],
      ["b: b c"],
    ],
    ["join strangers", strangers, [decision("together", ["x", "y"])], ["x: x y"]],
    [
      "pass over findings that are gone",
      chain,
      [decision("together", ["a", "gone"])],
      ["a: a b c"],
    ],
  ])("%s", (_, facts, decisions, expected) => {
    expect(groups(facts, decisions)).toEqual(expected);
  });

  it("hold when something new would join both sides", () => {
    const facts = [...chain, fact("d", "r6", WS, 15, "discovery")];
    const found = groups(facts, [decision("apart", ["c"], { others: ["a", "b"] })]);
    expect(found.filter((one) => /\ba\b.*\bc\b/.test(one))).toEqual([]);
    expect(found.filter((one) => / d\b/.test(one)).length).toBe(1);
  });

  it("take a finding out of a burst", () => {
    const loud = noise("loud", 12);
    const members = groupFindings(loud, neighbourhoodOf(loud), []);
    const id = members.get("loud-4") ?? "";
    const taken = decision("apart", ["loud-4"], { proposals: [id] });
    const after = groupFindings(loud, neighbourhoodOf(loud), [taken]);
    expect([after.get("loud-4"), after.get("loud-5")]).toEqual([undefined, id]);
  });
});

describe("the set of findings", () => {
  const drawn = fc.record({
    rule: fc.integer({ min: 0, max: 7 }),
    host: fc.integer({ min: 0, max: 12 }),
    account: fc.integer({ min: 0, max: 5 }),
    hours: fc.double({ min: 0, max: 96, noNaN: true }),
    tactic: fc.constantFrom("execution", "persistence", "discovery", "impact"),
  });
  const make = (all: readonly (typeof drawn extends fc.Arbitrary<infer T> ? T : never)[]) =>
    all.map(({ rule, host, account, hours, tactic }, n) => {
      const entities = [`host:h${host}`, `account:k${account}`];
      return fact(`f${n}`, `r${rule}`, entities, Math.round(hours * 60), tactic);
    });

  it("gives the same groups in any order", () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 80 }), (all) => {
        const facts = make(all);
        expect(groups(facts.toReversed())).toEqual(groups(facts));
      }),
      { numRuns: 60 },
    );
  });

  it("gives each day the same groups, whether all days are looked at or its neighbours alone", () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 80 }), (all) => {
        const facts = make(all);
        const whole = groupFindings(facts, neighbourhoodOf(facts), []);
        const day = dayOf(MORNING + 48 * HOUR_MS);
        // One more on each side: places of a day depend on its neighbours, those on theirs.
        const near = facts.filter((one) => Math.abs(one.day - day) <= 1);
        const part = groupFindings(near, neighbourhoodOf(near), []);
        for (const { id } of near.filter((one) => one.day === day)) {
          expect(part.get(id)).toBe(whole.get(id));
        }
      }),
      { numRuns: 60 },
    );
  });
});
