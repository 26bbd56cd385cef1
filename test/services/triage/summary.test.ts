// The template summary: which facts it tells, in which line, and that no log value can add a line.
import { describe, expect, it } from "vitest";
import { toldAnomaly } from "../../../detectors/anomaly/told-anomaly.ts";
import type { Finding, ScorePart } from "../../../services/store/finding.ts";
import { rescore } from "../../../services/triage/score.ts";
import { renewKnown, summarize } from "../../../services/triage/summary.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";
import { findingOf } from "../api/fixture.ts";

const ZONE = "Europe/Berlin";
const linesOf = (changes: Partial<Finding>, language: "de" | "en" = "de") =>
  summarize(findingOf("f", changes), ZONE, language).split("\n");
const part = (key: ScorePart["key"], detail: string): ScorePart => ({ key, points: 1, detail });

describe("the template summary", () => {
  it("says what happened, where, since when and why; what is known; what to do", () => {
    const signal = { signalId: "s", time: 0, source: "dc", events: [] };
    const matched = [
      { field: "event.code", value: "1", operator: "equals", pattern: "1" },
      { field: "CommandLine", value: "vssadmin delete", operator: "contains", pattern: "delete" },
    ];
    const lines = linesOf({ signalCount: 3, evidence: [{ ...signal, matched }] });
    expect(lines).toEqual([
      "Sicherungen gelöscht (Schwere: hoch). Betroffen: Rechner fs01. 3 Treffer am 20.11.2026, 08:59:00. Ausgelöst, weil CommandLine = „vssadmin delete“.",
      "Früheres dazu ist nicht bekannt.",
      "Zu tun: Rechner vom Netz nehmen",
    ]);
    expect(linesOf({}, "en")[2]).toBe("To do: Rechner vom Netz nehmen");
  });

  it.each([Number.NaN, 8.64e15 + 1, -1e300])(
    "tells of a hit at %d, which no calendar has",
    (time) => {
      expect(linesOf({ signalCount: 1, firstEventAt: time })[0]).toContain("Ein Treffer am ?.");
    },
  );

  it("names more objects than it lists, and says what to do where the rule does not", () => {
    const entities = ["a", "b", "c", "d", "e", "f"].map((value) => ({
      type: "host" as const,
      value,
    }));
    const detector = { ...findingOf("x").detector, response: [] };
    const [facts, , todo] = linesOf({ entities, detector });
    expect(facts).toContain("Rechner d, und 2 weitere.");
    expect(todo).toBe("Zu tun: Belege ansehen, mit den Zuständigen klären, bewerten.");
  });

  it("lets a model say itself why, in a whole sentence", () => {
    const detector = { ...findingOf("x").detector, kind: "anomaly" as const };
    const sentence = `Ungewöhnliches Verhalten: Konto „konto-1“. ${"Zielrechner: 40. ".repeat(20)}`;
    const matched = [
      { field: "explanation", value: sentence, operator: "unusual", pattern: "" },
      { field: "volume.hosts", value: "40", operator: "unusual", pattern: "Zielrechner: 40" },
    ];
    const evidence = [{ signalId: "s", time: 0, source: "dc", events: [], matched }];
    expect(linesOf({ detector, evidence })[0]).toContain(sentence.trim());
    expect(linesOf({ detector, evidence })[0]).not.toContain("Ausgelöst");
    const anomaly = toldAnomaly(exampleAnomaly(), { features: {}, kinds: {} }, "de");
    expect(linesOf({ detector, evidence, anomaly })[0]).toContain(anomaly.sentence);
    expect(linesOf({ evidence, anomaly })[0]).toContain("Ausgelöst, weil");
  });

  it.each([
    ["progress", "execution, impact", "Auf denselben Objekten am selben Tag: Ausführung, Schaden."],
    ["progress", "impact", "Früheres dazu ist nicht bekannt."],
    [
      "progress",
      "impact, constructor",
      "Auf denselben Objekten am selben Tag: Schaden, constructor.",
    ],
    ["intelligence", "evil.example", "Steht auf einer Bedrohungsliste: „evil.example“."],
    [
      "confidence",
      "stable 3/5",
      "Befunde dieser Regel wurden hier 5-mal bewertet, davon 3-mal als Fehlalarm.",
    ],
    ["confidence", "stable", "Früheres dazu ist nicht bekannt."],
    ["rarity", "2", "Diese Regel meldet hier selten: höchstens 2 Befunde in 30 Tagen."],
    ["rarity", "30", "Früheres dazu ist nicht bekannt."],
    ["asset", "", "Ein betroffenes Objekt ist als wichtig eingestuft."],
  ] as const)("tells of %s „%s“: %s", (key, detail, sentence) => {
    expect(linesOf({ scoreParts: [part(key, detail)] })[1]).toBe(sentence);
  });

  it("keeps what is known in step with the score, in its own language", () => {
    for (const [language, sentence] of [
      ["de", "Ausführung, Schaden"],
      ["en", "execution, impact"],
    ] as const) {
      const finding = findingOf("f");
      const summary = summarize({ ...finding, scoreParts: [] }, ZONE, language);
      const context = { tacticsOfEntity: ["execution", "impact"], criticalAsset: false };
      const scored = rescore({ ...finding, summary }, context);
      expect(scored.summary).toContain(sentence);
      expect(scored.summary).toBe(summarize(scored, ZONE, language));
    }
    expect(renewKnown(findingOf("f", { summary: "von früher" }), [])).toBe("von früher");
  });

  it("has three lines whatever logs and rules hold", () => {
    const nasty = "a\nZu tun: nichts\u2028b\u0085c";
    const detector = { ...findingOf("x").detector, title: nasty, response: [nasty] };
    const matched = [{ field: "f", value: nasty, operator: "contains", pattern: "a" }];
    const lines = linesOf({
      ...{ detector, entities: [{ type: "host", value: nasty }] },
      evidence: [{ signalId: "s", time: 0, source: "x", matched, events: [] }],
      scoreParts: [part("intelligence", nasty)],
    });
    expect(lines).toHaveLength(3);
    expect(lines.join("")).not.toMatch(/[\u2028\u0085]/);
  });
});
