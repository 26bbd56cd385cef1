// Verdicts move the rank of what is alike, measurably, bounded and reversibly.
import { describe, expect, it } from "vitest";
import {
  createFeedback,
  FACTOR_MAX,
  likenessOf,
  rankOf,
} from "../../../detectors/anomaly/feedback.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";

const anomaly = exampleAnomaly();
const elsewhere = exampleAnomaly({ entity: { type: "host", value: "other" }, drivers: [] });
const judged = (finding: string, isTrue: boolean) => ({ ...likenessOf(anomaly), finding, isTrue });

describe("feedback", () => {
  it("of a false alarm lowers the rank of the same again, and less that of a distant like", () => {
    const feedback = createFeedback();
    const before = rankOf(anomaly, feedback);
    feedback.judge(judged("f1", false));
    expect(rankOf(anomaly, feedback)).toBeCloseTo(before / 2, 9);
    const factor = feedback.factorOf(likenessOf(elsewhere));
    expect(factor).toBeLessThan(1);
    expect(factor).toBeGreaterThan(0.8);
  });

  it("of a true one raises it", () => {
    const feedback = createFeedback();
    feedback.judge(judged("f1", true));
    expect(feedback.factorOf(likenessOf(anomaly))).toBeCloseTo(2, 9);
  });

  it("leaves other kinds and detectors alone", () => {
    const feedback = createFeedback();
    feedback.judge(judged("f1", false));
    expect(feedback.factorOf(likenessOf(exampleAnomaly({ kind: "gap" })))).toBe(1);
    expect(feedback.factorOf(likenessOf(exampleAnomaly({ detector: "rarity" })))).toBe(1);
  });

  it("never hides: however many false alarms, the rank keeps a quarter", () => {
    const feedback = createFeedback();
    for (let at = 0; at < 500; at += 1) feedback.judge(judged(`f${at}`, false));
    expect(rankOf(anomaly, feedback)).toBeCloseTo(5 / FACTOR_MAX, 9);
  });

  it("leaves no trace when it is withdrawn, and a later verdict replaces the former", () => {
    const feedback = createFeedback();
    feedback.judge(judged("f1", false));
    feedback.judge(judged("f1", true));
    expect(feedback.factorOf(likenessOf(anomaly))).toBeCloseTo(2, 9);
    feedback.withdraw("f1");
    expect(feedback.factorOf(likenessOf(anomaly))).toBe(1);
    expect(feedback.size).toBe(0);
  });

  it("stays bounded", () => {
    const feedback = createFeedback();
    for (let at = 0; at < 10_500; at += 1) feedback.judge(judged(`f${at}`, true));
    expect(feedback.size).toBe(10_000);
  });
});
