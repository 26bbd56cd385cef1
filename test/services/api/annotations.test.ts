// Suggestions of the language model over the API: how they are marked, asked for and decided on, the
// switch and the log of calls; and that findings stay what they are.
import { describe, expect, it } from "vitest";
import { ANNOTATION_KIND, type Annotation } from "../../../services/store/annotation.ts";
import { incidentSchema } from "../../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { LLM_CALL_KIND } from "../../../services/store/llm-call.ts";
import { isLlmOn } from "../../../services/store/llm-switch.ts";
import { addFindings, FOREIGN, findingOf, HOME, openWorld, START } from "./fixture.ts";

const CLAIM: Annotation["claims"][number] = {
  ...{ kind: "statement", section: "what" },
  parts: [
    { type: "text", text: "Die Regel " },
    { type: "rule", value: "Sicherungen gelöscht", event: "f", field: "rule.name" },
    { type: "text", text: " wurde ausgelöst." },
  ],
};

async function withAnnotation(changes: Partial<Annotation> = {}) {
  const world = await openWorld();
  const low = { ...findingOf("low").detector, level: "low" as const };
  await addFindings(world.store, [findingOf("f"), findingOf("low", { detector: low })]);
  const annotation: Annotation = {
    ...{ id: "a", tenant: HOME, subject: { kind: "finding", id: "f" }, task: "summary" },
    ...{ state: "proposed", outcome: "verified", createdAt: START, contentHash: "h", at: START },
    ...{ model: "m", promptHash: "p", durationMs: 900, assessment: "possible_attack" },
    ...{ claims: [CLAIM], verification: { total: 1, dropped: {}, removedCharacters: 0 } },
    template: "Vorlage",
    ...changes,
  };
  await world.store.create(HOME, ANNOTATION_KIND, "a", annotation);
  const analyst = await world.person("analyst");
  return { ...world, send: analyst.send, account: analyst.id };
}

describe("a suggestion", () => {
  it("is marked as unreviewed, with model, time and verification, folded where it is grave", async () => {
    const { send } = await withAnnotation();
    const { body, status } = await send("GET", "/findings/f/annotations");
    expect(status).toBe(200);
    expect(body.annotations).toEqual([
      {
        ...{ id: "a", version: 1, subject: { kind: "finding", id: "f" }, task: "summary" },
        ...{ state: "proposed", outcome: "verified", createdAt: START, at: START, model: "m" },
        ...{ promptHash: "p", durationMs: 900, assessment: "possible_attack", claims: [CLAIM] },
        verification: { total: 1, dropped: {}, removedCharacters: 0 },
        ...{ template: "Vorlage", notice: "KI-Vorschlag, ungeprüft", folded: true },
      },
    ]);
    expect((await send("GET", "/findings/low/annotations")).body.annotations).toEqual([]);
    expect((await send("GET", "/findings/none/annotations")).status).toBe(404);
  });

  it("that did not hold is no suggestion but the template", async () => {
    const { send } = await withAnnotation({ outcome: "replaced", claims: [] });
    const [one] = (await send("GET", "/findings/f/annotations")).body.annotations;
    expect(one).toMatchObject({ notice: "Vorlage ohne KI", template: "Vorlage", claims: [] });
    const refused = await send("POST", "/annotations/a/accept", { version: 1 });
    expect(refused.body.error.code).toBe("HW_CONFLICT");
  });

  it("is accepted, edited and rejected, each with its entry, and the finding stays as it was", async () => {
    const { send, store, account, pass } = await withAnnotation();
    const before = await store.get(HOME, FINDING_KIND, "f");
    pass(1000);
    const accepted = await send("POST", "/annotations/a/accept", { version: 1 });
    expect(accepted.body).toMatchObject({
      ...{ state: "accepted", version: 2, decidedBy: account, decidedAt: START + 1000 },
      ...{ notice: "KI-Vorschlag, von einem Menschen übernommen", folded: false },
    });
    const edited = await send("POST", "/annotations/a/edit", { version: 2, text: "Anders." });
    expect(edited.body).toMatchObject({ state: "edited", editedText: "Anders.", version: 3 });
    const rejected = await send("POST", "/annotations/a/reject", { version: 3, reason: "Falsch" });
    expect(rejected.body).toMatchObject({ state: "rejected", reason: "Falsch" });
    expect(rejected.body.editedText).toBeUndefined();
    const entries = await store.readAudit(HOME, 0, 100);
    expect(entries.map(({ action, payload }) => [action, payload?.after])).toEqual([
      ["annotation.accepted", { state: "accepted" }],
      ["annotation.edited", { state: "edited" }],
      ["annotation.rejected", { state: "rejected" }],
    ]);
    expect(await store.get(HOME, FINDING_KIND, "f")).toEqual(before);
  });

  it("is decided on from the state that one saw, by those who may, in one's own tenant", async () => {
    const { send, person } = await withAnnotation();
    const stale = await send("POST", "/annotations/a/accept", { version: 7 });
    expect(stale.status).toBe(409);
    expect(stale.body.error.details).toMatchObject({ id: "a", version: 1, state: "proposed" });
    const reader = await person("isb");
    expect((await reader.send("POST", "/annotations/a/accept", { version: 1 })).status).toBe(403);
    const foreign = await person("analyst", FOREIGN);
    expect((await foreign.send("POST", "/annotations/a/accept", { version: 1 })).status).toBe(404);
    expect((await foreign.send("GET", "/findings/f/annotations")).status).toBe(404);
  });
});

describe("a draft", () => {
  it("stands at once from facts, is marked as asked for, and is asked for once", async () => {
    const { send, store } = await withAnnotation();
    const { body } = await send("POST", "/findings/low/questions");
    expect(body).toMatchObject({ state: "requested", outcome: "pending", task: "questions" });
    expect(body.template).toContain("Rechner vom Netz nehmen");
    expect(body.notice).toBe("KI-Vorschlag angefordert");
    expect((await send("POST", "/findings/low/questions")).body.id).toBe(body.id);
    const early = await send("POST", `/annotations/${body.id}/accept`, { version: 1 });
    expect(early.status).toBe(409);
    const [entry] = await store.readAudit(HOME, 0, 10);
    expect(entry).toMatchObject({ action: "annotation.request", subject: body.id });
  });

  it("of an incident tells its findings in the order of time", async () => {
    const { send, store } = await withAnnotation();
    await addFindings(store, [findingOf("early", { firstEventAt: START - 9_000_000 })]);
    const incident = incidentSchema.parse({
      ...{ id: "i", tenant: HOME, title: "T", description: "", findingIds: ["f", "early"] },
      ...{ status: "open", verdict: "true_positive", severity: "high", category: "intrusion" },
      ...{ tlp: "amber", exercise: false, actions: [], tasks: [], evidence: [], reopened: [] },
      firstCompromise: { method: "unknown", evidenceIds: [] },
      impact: { confidentiality: "unknown", integrity: "unknown", availability: "unknown" },
      ...{ mergedFrom: [], splitInto: [], watchers: [], tags: [], notifications: [] },
      ...{ createdAt: START, createdBy: "x", changedAt: START, definitionVersion: 1 },
    });
    await store.put(HOME, INCIDENT_KIND, "i", incident);
    const { body } = await send("POST", "/incidents/i/drafts", { kind: "timeline" });
    expect(body.template.split("\n")).toEqual([
      "Ablauf",
      "20.11.2026, 06:30:00: Sicherungen gelöscht",
      "20.11.2026, 08:59:00: Sicherungen gelöscht",
    ]);
    const list = await send("GET", "/incidents/i/annotations");
    expect(list.body.annotations).toHaveLength(1);
    const report = await send("POST", "/incidents/i/drafts", { kind: "report" });
    expect(report.body.template).toContain("2 Befunde");
    expect((await send("POST", "/incidents/none/drafts", { kind: "report" })).status).toBe(404);
  });
});

describe("the language model", () => {
  it("is switched off and on by the administration, with an entry", async () => {
    const { send, person, store } = await withAnnotation();
    expect((await send("GET", "/llm/switch")).body).toEqual({ on: true });
    expect((await send("PUT", "/llm/switch", { on: false })).status).toBe(403);
    const admin = await person("admin");
    expect((await admin.send("PUT", "/llm/switch", { on: false })).body).toEqual({ on: false });
    expect([await isLlmOn(store, HOME), await isLlmOn(store, FOREIGN)]).toEqual([false, true]);
    expect((await admin.send("PUT", "/llm/switch", { on: true })).body).toEqual({ on: true });
    const entries = await store.readAudit(HOME, 0, 10);
    expect(entries.map(({ action }) => action)).toEqual(["llm.switch", "llm.switch"]);
  });

  it("has a log of its calls with what people made of them, in pages, for the security officer", async () => {
    const { send, person, store } = await withAnnotation({
      state: "accepted",
      decidedAt: START + 5,
    });
    for (const [index, annotation] of ["a", undefined, undefined].entries()) {
      await store.create(HOME, LLM_CALL_KIND, `c${index}`, {
        ...{ id: `c${index}`, tenant: HOME, at: START + index, subject: "finding:f" },
        ...{ task: "summary", promptHash: "p", promptChars: 9, model: "m", attempts: 1 },
        ...{ sampling: { temperature: 0 }, durationMs: 5, outcome: "verified", output: "{}" },
        removedCharacters: 0,
        ...(annotation === undefined ? {} : { annotation }),
      });
    }
    expect((await send("GET", "/llm/calls")).status).toBe(403);
    const officer = (await person("isb")).send;
    const first = (await officer("GET", "/llm/calls?limit=2")).body;
    expect(first.calls.map(({ id }: { id: string }) => id)).toEqual(["c0", "c1"]);
    expect(first.calls[0].decision).toEqual({ state: "accepted", at: START + 5 });
    const cursor = encodeURIComponent(first.cursor);
    const second = (await officer("GET", `/llm/calls?limit=2&cursor=${cursor}`)).body;
    expect(second).toMatchObject({ calls: [{ id: "c2" }] });
    expect((await officer("GET", `/llm/calls?from=${START + 2}`)).body.calls).toHaveLength(1);
  });
});
