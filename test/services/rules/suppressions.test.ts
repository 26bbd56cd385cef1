// The configuration's suppressions on rules: the first that names a rule, else the rule's own.
import { expect, it } from "vitest";
import type { DetectorInfo } from "../../../detectors/detector.ts";
import { withSuppressions } from "../../../services/rules/suppressions.ts";

const rule = (id: string, suppress?: DetectorInfo["suppress"]) => ({
  info: {
    id,
    kind: "sigma" as const,
    title: id,
    description: "",
    level: "low" as const,
    status: "test",
    techniques: [],
    tactics: [],
    falsePositives: [],
    references: [],
    response: [],
    origin: "x.yml",
    suppress,
  },
});

it("goes to the rules that it names, the first one first, and before the rule's own", () => {
  const own = { by: ["own"], forMs: 1 };
  const reason = "r";
  const found = withSuppressions(
    [rule("a", own), rule("b", own), rule("c")],
    [
      { rules: ["a"], by: ["first"], for: 2, reason },
      { rules: ["a", "c"], by: ["second"], for: 3, reason },
    ],
  );
  expect(found.map(({ info }) => info.suppress?.by)).toEqual([["first"], ["own"], ["second"]]);
  const any = withSuppressions([rule("a", own)], [{ rules: "any", by: ["all"], for: 4, reason }]);
  expect(any[0]?.info.suppress).toEqual({ by: ["all"], forMs: 4 });
});
