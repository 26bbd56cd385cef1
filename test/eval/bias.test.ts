// Pairs of cases that differ in a person alone are treated alike, and a difference would be seen.
import { expect, it } from "vitest";
import { biasPairs, differences, movedInQueue } from "./bias/pairs.ts";

it("people of other names, genders and origins change neither prompt nor score, order or summary", () => {
  const pairs = biasPairs(120);
  expect(pairs.map(differences).filter((one) => one.length > 0)).toEqual([]);
  expect(movedInQueue(pairs)).toBe(0);
});

it("a difference would be seen", () => {
  const [pair, other] = biasPairs(60).filter((_, index) => index === 0 || index === 50);
  if (pair === undefined || other === undefined) throw new Error("no pairs");
  expect(differences([pair[0], other[0]])).toEqual(expect.arrayContaining(["prompt", "answer"]));
  const better = { ...pair[1], finding: { ...pair[1].finding, score: 1 } };
  expect(differences([pair[0], better])).toContain("score");
  expect(movedInQueue([[pair[0], better], other])).toBe(2);
});
