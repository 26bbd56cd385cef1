// What an incident's steps do and refuse: tables of allowed and refused transitions.
import { describe, expect, it } from "vitest";
import { addAction, completeAction } from "../../../services/cases/incident-actions.ts";
import { allowedSteps } from "../../../services/cases/incident-state.ts";
import {
  assign,
  close,
  contain,
  edit,
  recover,
  reopen,
  stateCompromise,
  stateImpact,
  type TimeStatement,
  watch,
} from "../../../services/cases/incident-steps.ts";
import type { Incident } from "../../../services/store/incident.ts";
import {
  HOUR,
  incidentOf,
  later,
  NO_IMPACT,
  NOW,
  refusalOf,
  UNKNOWN_IMPACT,
} from "./incident-fixture.ts";

const at = (ms: number, more: Partial<TimeStatement> = {}): TimeStatement => ({
  ...{ at: NOW + ms, method: "estimate", evidenceIds: [], impact: UNKNOWN_IMPACT },
  ...more,
});
const DETECTED: Partial<Incident> = { detectedAt: NOW - HOUR };
const BY = later(10 * HOUR);

describe("a step of an open incident", () => {
  it.each<[string, Partial<Incident>, (one: Incident) => Incident, Partial<Incident>]>([
    [
      "contains it",
      {},
      (one) => contain(one, at(HOUR), 600, BY),
      {
        contained: { at: NOW + HOUR, method: "estimate", evidenceIds: [] },
        containmentDowntimeS: 600,
      },
    ],
    [
      "contains it before it was known",
      DETECTED,
      (one) => contain(one, at(-HOUR), undefined, BY),
      { contained: { at: NOW - HOUR, method: "estimate", evidenceIds: [] } },
    ],
    [
      "contains it at a time that nobody knows",
      {},
      (one) =>
        contain(one, { method: "unknown", evidenceIds: [], impact: NO_IMPACT }, undefined, BY),
      { contained: { method: "unknown", evidenceIds: [] }, impact: NO_IMPACT },
    ],
    [
      "recovers it",
      DETECTED,
      (one) => recover(one, at(2 * HOUR, { impact: NO_IMPACT }), BY),
      { recovered: { at: NOW + 2 * HOUR, method: "estimate", evidenceIds: [] }, impact: NO_IMPACT },
    ],
    [
      "states the compromise at the very moment of the detection",
      DETECTED,
      (one) => stateCompromise(one, { at: NOW - HOUR, method: "evidence", evidenceIds: ["e"] }, BY),
      { firstCompromise: { at: NOW - HOUR, method: "evidence", evidenceIds: ["e"] } },
    ],
    [
      "states an attack that was recognised before it succeeded, later than its detection",
      DETECTED,
      (one) => stateCompromise(one, { at: NOW, method: "pre_compromise", evidenceIds: [] }, BY),
      { firstCompromise: { at: NOW, method: "pre_compromise", evidenceIds: [] } },
    ],
    [
      "states impact after containment, which is a flaw and no fault",
      { contained: { at: NOW, method: "estimate", evidenceIds: [] } },
      (one) => stateImpact(one, UNKNOWN_IMPACT, NOW + HOUR, BY),
      { firstImpactAt: NOW + HOUR },
    ],
    [
      "closes it",
      {},
      (one) => close(one, { verdict: "benign_true_positive" }, BY),
      { status: "closed", verdict: "benign_true_positive", closedAt: BY.at },
    ],
    ["assigns it", {}, (one) => assign(one, "bert", BY), { assignee: "bert" }],
    [
      "has somebody watch it once",
      {},
      (one) => watch(watch(one, true, BY), true, BY),
      { watchers: ["anna"] },
    ],
    [
      "edits it",
      {},
      (one) => edit(one, { tags: ["b", "a", "b"], exercise: true }, BY),
      { tags: ["a", "b"], exercise: true },
    ],
  ])("%s", (_name, state, step, expected) => {
    const before = incidentOf(state);
    const after = step(before);
    expect(after).toMatchObject(expected);
    expect(after.changedAt).toBeGreaterThan(before.changedAt);
  });

  it.each<[string, Partial<Incident>, (one: Incident) => Incident, string]>([
    [
      "a containment in the future",
      {},
      (one) => contain(one, at(11 * HOUR), undefined, BY),
      "HW_REQUEST_INVALID body/at: Diese Zeit liegt in der Zukunft.",
    ],
    [
      "a containment before the compromise",
      { firstCompromise: { at: NOW, method: "estimate", evidenceIds: [] } },
      (one) => contain(one, at(-1), undefined, BY),
      "HW_REQUEST_INVALID body/contained/at: Die Eindämmung läge vor der ersten Kompromittierung.",
    ],
    [
      "a recovery before the detection",
      DETECTED,
      (one) => recover(one, at(-HOUR - 1), BY),
      "HW_REQUEST_INVALID body/recovered/at: Die Behebung läge vor der Erkennung.",
    ],
    [
      "a recovery before the containment",
      { contained: { at: NOW + HOUR, method: "estimate", evidenceIds: [] } },
      (one) => recover(one, at(HOUR - 1), BY),
      "HW_REQUEST_INVALID body/recovered/at: Die Behebung läge vor der Eindämmung.",
    ],
    [
      "a compromise after the detection",
      DETECTED,
      (one) => stateCompromise(one, { at: NOW, method: "estimate", evidenceIds: [] }, BY),
      "HW_REQUEST_INVALID body/firstCompromise/at: Die erste Kompromittierung läge nach der Erkennung. " +
        "Wurde der Angriff vor einem Erfolg erkannt, ist die Methode „vor Kompromittierung“.",
    ],
    [
      "a compromise after the identification",
      {},
      (one) => stateCompromise(one, { at: NOW + 1, method: "estimate", evidenceIds: [] }, BY),
      "HW_REQUEST_INVALID body/firstCompromise/at: Die erste Kompromittierung läge nach der " +
        "Identifizierung. Wurde der Angriff vor einem Erfolg erkannt, ist die Methode „vor Kompromittierung“.",
    ],
    [
      "an earlier compromise without evidence",
      { firstCompromise: { at: NOW - HOUR, method: "estimate", evidenceIds: [] } },
      (one) =>
        stateCompromise(one, { at: NOW - 2 * HOUR, method: "estimate", evidenceIds: [] }, BY),
      "HW_REQUEST_INVALID body/evidenceIds: Eine frühere Kompromittierung als bisher angegeben braucht " +
        "einen Beleg und eine Begründung.",
    ],
    [
      "bounds the wrong way round",
      {},
      (one) =>
        stateCompromise(
          one,
          {
            ...{ at: NOW - 2, method: "estimate", evidenceIds: [] },
            ...{ earliest: NOW - 1, latest: NOW - 3 },
          },
          BY,
        ),
      "HW_REQUEST_INVALID body/firstCompromise/latest: Die Schätzung muss zwischen ihrem frühesten und " +
        "spätesten Zeitpunkt liegen.",
    ],
    [
      "bounds of what is no estimate",
      {},
      (one) => stateCompromise(one, { method: "unknown", evidenceIds: [], latest: NOW }, BY),
      "HW_REQUEST_INVALID body/method: Frühester und spätester Zeitpunkt gehören nur zu einer Schätzung.",
    ],
    [
      "evidence that is not named",
      {},
      (one) => contain(one, at(0, { method: "evidence" }), undefined, BY),
      "HW_REQUEST_INVALID body/evidenceIds: Die Methode „Beleg“ braucht mindestens einen Beleg.",
    ],
    [
      "an estimate without a time",
      {},
      (one) => recover(one, { method: "estimate", evidenceIds: [], impact: UNKNOWN_IMPACT }, BY),
      "HW_REQUEST_INVALID body/at: Zu „Beleg“ und „Schätzung“ gehört eine Zeit; sonst ist die Methode " +
        "„unbekannt“.",
    ],
    [
      "a time that is unknown",
      {},
      (one) => recover(one, at(0, { method: "unknown" }), BY),
      "HW_REQUEST_INVALID body/at: Bei der Methode „unbekannt“ steht keine Zeit.",
    ],
    [
      "damage before the compromise",
      { firstCompromise: { at: NOW, method: "estimate", evidenceIds: [] } },
      (one) => stateImpact(one, UNKNOWN_IMPACT, NOW - 1, BY),
      "HW_REQUEST_INVALID body/firstImpactAt: Der erste Schaden läge vor der ersten Kompromittierung.",
    ],
    [
      "a time of damage without any",
      {},
      (one) => stateImpact(one, NO_IMPACT, NOW, BY),
      "HW_REQUEST_INVALID body/firstImpactAt: Ohne Auswirkung gibt es keinen Zeitpunkt des ersten Schadens.",
    ],
    [
      "closing it undetermined without a sentence",
      {},
      (one) => close(one, { verdict: "undetermined" }, BY),
      "HW_REQUEST_INVALID body/reason: „Unentschieden“ braucht einen Satz zur Begründung.",
    ],
    [
      "re-opening what has not ended",
      {},
      (one) => reopen(one, "x", BY),
      "HW_REQUEST_INVALID step: Der Vorfall ist weder behoben noch abgeschlossen.",
    ],
    [
      "work on a closed one",
      { status: "closed" },
      (one) => contain(one, at(0), undefined, BY),
      "HW_REQUEST_INVALID step: Der Vorfall ist abgeschlossen. Zuerst wieder öffnen.",
    ],
    [
      "work on a merged one",
      { mergedInto: "other" },
      (one) => assign(one, "bert", BY),
      "HW_REQUEST_INVALID step: Der Vorfall ist in other aufgegangen; dort geht es weiter.",
    ],
    [
      "work on a split one",
      { splitInto: ["a", "b"] },
      (one) => reopen(one, "x", BY),
      "HW_REQUEST_INVALID step: Der Vorfall ist geteilt; in seinen Teilen geht es weiter.",
    ],
  ])("does not take %s", (_name, state, step, refusal) => {
    expect(refusalOf(() => step(incidentOf(state)))).toBe(refusal);
  });
});

describe("what is allowed next", () => {
  it.each<[string, Partial<Incident>, string[], string[]]>([
    [
      "an open incident",
      { findingIds: ["a", "b"] },
      ["contain", "close", "merge", "split", "comments"],
      ["reopen", "unmerge", "unsplit"],
    ],
    ["one with a single finding", { findingIds: ["a"] }, ["contain"], ["split"]],
    [
      "a recovered one",
      { recovered: { at: NOW, method: "estimate", evidenceIds: [] } },
      ["reopen", "recover", "close"],
      [],
    ],
    [
      "a closed one",
      { status: "closed" },
      ["reopen", "actions/complete", "evidence/hand-over", "notifications/record"],
      ["contain", "recover", "merge", "findings/link", "close"],
    ],
    ["a merged one", { mergedInto: "x" }, ["comments"], ["reopen", "contain", "unmerge"]],
    ["a split one", { splitInto: ["x"] }, ["unsplit", "comments"], ["contain", "close"]],
  ])("is told of %s", (_name, state, allowed, refused) => {
    const steps = allowedSteps(incidentOf(state));
    expect(steps).toEqual(expect.arrayContaining(allowed));
    expect(steps.filter((step) => refused.includes(step))).toEqual([]);
  });
});

describe("re-opening", () => {
  it("keeps what was achieved first, counts what is achieved last, and forgets nothing else", () => {
    const action = addAction(incidentOf(DETECTED), { title: "Patch", isRequired: true }, BY);
    const id = action.actions[0]?.id ?? "";
    const first = completeAction(recover(action, at(HOUR), BY), id, NOW + 2 * HOUR, BY);
    expect(first.correctiveCompletedAt).toBe(NOW + 2 * HOUR);
    const closed = close(first, { verdict: "true_positive" }, BY);
    const again = reopen(closed, "Schadsoftware wieder da", later(20 * HOUR));
    expect(again).toMatchObject({
      ...{ status: "open", recoveredFirstAt: NOW + HOUR, verdict: "true_positive" },
      correctiveCompletedFirstAt: NOW + 2 * HOUR,
      reopened: [{ at: NOW + 20 * HOUR, by: "anna", reason: "Schadsoftware wieder da" }],
    });
    for (const key of ["recovered", "correctiveCompletedAt", "closedAt"]) {
      expect(again).not.toHaveProperty(key);
    }
    const later30 = later(30 * HOUR);
    const more = addAction(again, { title: "Neu aufsetzen", isRequired: true }, later30);
    const done = completeAction(
      recover(more, at(25 * HOUR), later30),
      more.actions[1]?.id ?? "",
      NOW + 26 * HOUR,
      later30,
    );
    const third = reopen(done, "noch einmal", later(31 * HOUR));
    expect(done).toMatchObject({
      ...{ correctiveCompletedAt: NOW + 26 * HOUR, recovered: { at: NOW + 25 * HOUR } },
      recoveredFirstAt: NOW + HOUR,
    });
    expect([third.recoveredFirstAt, third.correctiveCompletedFirstAt]).toEqual([
      NOW + HOUR,
      NOW + 2 * HOUR,
    ]);
  });
});
