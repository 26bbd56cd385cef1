import { describe, expect, it } from "vitest";
import { INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { addFindings, FOREIGN, findingOf, openWorld, type Send, START } from "./fixture.ts";

const HOUR = 3_600_000;
const UNKNOWN = { confidentiality: "unknown", integrity: "unknown", availability: "unknown" };
const NONE = { confidentiality: "none", integrity: "none", availability: "none" };
const NEW = {
  ...{ title: "Verschlüsselung auf fs01", findingIds: ["a", "b"], category: "malicious_code" },
  firstCompromise: { method: "unknown" },
  impact: UNKNOWN,
};
const confirmed = {
  status: "closed" as const,
  verdict: { verdict: "true_positive" as const, at: START - HOUR, by: "x" },
};
const clockProfileOf = () => ({
  ...{ clocks: ["gdpr_art33", "nis2_final_report"] as const, ndigHours: undefined },
  timeZone: "Europe/Berlin",
});

async function withIncident() {
  const world = await openWorld({
    clockProfileOf,
    tenantNames: { landkreis: "Landkreis Lüneburg" },
  });
  await addFindings(world.store, [
    findingOf("a", { raisedAt: START - 3 * HOUR, ...confirmed }),
    findingOf("b", { raisedAt: START - 4 * HOUR }),
    findingOf("c", { raisedAt: START - 5 * HOUR }),
  ]);
  world.pass(10 * HOUR);
  const anna = await world.person("analyst");
  const { status, body } = await anna.send("POST", "/incidents", NEW);
  expect(status).toBe(200);
  const id: string = body.incident.id;
  /** Takes a step from the present version. */
  const step = async (path: string, given: object = {}, send: Send = anna.send) => {
    const { version } = (await send("GET", `/incidents/${id}`)).body;
    return send("POST", `/incidents/${id}/${path}`, { version, ...given });
  };
  return { ...world, anna, id, declared: body, step };
}

describe("declaring an incident", () => {
  it("links its findings, computes its times, takes over the playbook, and says what is next", async () => {
    const { anna, id, declared } = await withIncident();
    expect(declared).toMatchObject({
      version: 1,
      incident: {
        ...{ title: NEW.title, severity: "high", status: "open", createdBy: anna.id },
        ...{ detectedAt: START - 3 * HOUR, identifiedAt: START - HOUR },
        tasks: [{ title: "Rechner vom Netz nehmen", origin: "playbook" }],
      },
      clocks: [
        { clock: "gdpr_art33", state: "running", dueAt: START + 71 * HOUR },
        { clock: "nis2_final_report", state: "waiting" },
      ],
    });
    expect(declared.steps).toContain("contain");
    expect(declared.work.map(({ key }: { key: string }) => key)).toEqual([
      "compromise",
      "contained",
      "impact",
      "recovered",
    ]);
    expect((await anna.send("GET", "/findings/b")).body.finding.incident).toBe(id);
    const { entries } = (await anna.send("GET", `/incidents/${id}/history`)).body;
    expect(entries).toMatchObject([
      {
        action: "incident.declare",
        actor: anna.id,
        payload: { after: { findingIds: ["a", "b"] } },
      },
    ]);
    const found = (await anna.send("GET", "/findings/a/history")).body.entries;
    expect(found).toMatchObject([
      { action: "finding.incident", payload: { after: { incident: id } } },
    ]);
  });

  it.each([
    ["without saying what the attack did", { impact: undefined }, "body/impact"],
    ["without saying when it began", { firstCompromise: undefined }, "body/firstCompromise"],
    ["without a title", { title: " " }, "body/title"],
    ["of a finding that does not exist", { findingIds: ["x"] }, "body/findingIds"],
    ["of a finding that belongs to another one", { findingIds: ["c", "a"] }, "body/findingIds"],
    ["somebody else's name", { createdBy: "x" }, "body"],
  ])("is refused %s", async (_name, changes, place) => {
    const { anna } = await withIncident();
    const { status, body } = await anna.send("POST", "/incidents", { ...NEW, ...changes });
    expect([status, body.error.code, body.error.place]).toEqual([422, "HW_REQUEST_INVALID", place]);
    expect((await anna.send("GET", "/incidents")).body.total).toBe(1);
    expect((await anna.send("GET", "/findings/c")).body.finding).not.toHaveProperty("incident");
  });
});

describe("the verdict of a linked finding", () => {
  it("moves the detection to the earliest confirmed alarm, and back", async () => {
    const { anna, id } = await withIncident();
    const body = { version: 2, verdict: "true_positive" };
    const judged = (await anna.send("POST", "/findings/b/verdict", body)).body;
    const detected = async () =>
      (await anna.send("GET", `/incidents/${id}`)).body.incident.detectedAt;
    expect(await detected()).toBe(START - 4 * HOUR);
    await anna.send("POST", "/findings/b/undo-verdict", { version: judged.version });
    expect(await detected()).toBe(START - 3 * HOUR);
    const { entries } = (await anna.send("GET", `/incidents/${id}/history`)).body;
    expect(entries.at(-1)).toMatchObject({ actor: "system", action: "incident.times" });
  });
});

describe("an incident's life", () => {
  it("goes from containment to closing and on after re-opening, with nothing missing at the end", async () => {
    const { anna, id, step, pass, person } = await withIncident();
    const at = START + 5 * HOUR;
    const steps: [string, object][] = [
      ["compromise", { method: "estimate", at: START - 20 * HOUR, earliest: START - 30 * HOUR }],
      ["contain", { method: "evidence", at, evidenceIds: ["a"], impact: NONE, downtimeS: 600 }],
      ["recover", { method: "estimate", at: at + HOUR, impact: NONE }],
      ["actions/add", { title: "Mehrfaktor", dueAt: START + 100 * HOUR }],
    ];
    for (const [path, given] of steps) {
      const { status, body } = await step(path, given);
      expect([path, status, body.error]).toEqual([path, 200, undefined]);
    }
    const { work: open, containment } = (await anna.send("GET", `/incidents/${id}/work`)).body;
    expect(containment).toEqual({ proposals: [], open: 0 });
    expect(open).toMatchObject([
      { key: "action_open", text: "Korrekturmaßnahme offen: Mehrfaktor" },
    ]);
    pass(100 * HOUR);
    const { send } = await person("analyst");
    const { work } = (await send("GET", "/incidents/work")).body.incidents[0];
    expect(work).toMatchObject([{ key: "action_overdue" }]);
    const action = (await send("GET", `/incidents/${id}`)).body.incident.actions[0].id;
    const closed = await step("close", { verdict: "true_positive" }, send);
    expect(closed.body.steps).toContain("actions/complete");
    const listed = async () => (await send("GET", "/incidents/work")).body.incidents;
    expect(await listed()).toMatchObject([{ id, work: [{ key: "action_overdue" }] }]);
    const done = await step("actions/complete", { action }, send);
    expect(done.body).toMatchObject({
      work: [],
      incident: { correctiveCompletedAt: START + 110 * HOUR, status: "closed" },
    });
    expect(await listed()).toEqual([]);
    const again = await step("reopen", { reason: "wieder verschlüsselt" }, send);
    expect(again.body.incident).toMatchObject({
      ...{ status: "open", recoveredFirstAt: at + HOUR },
      correctiveCompletedFirstAt: START + 110 * HOUR,
    });
  });

  it("refuses a negative duration in German, with the place", async () => {
    const { step } = await withIncident();
    const { status, body } = await step("recover", {
      ...{ method: "estimate", at: START - 5 * HOUR, impact: NONE },
    });
    expect([status, body.error]).toEqual([
      422,
      {
        code: "HW_REQUEST_INVALID",
        message: "Die Behebung läge vor der Erkennung.",
        place: "body/recovered/at",
      },
    ]);
  });

  it("answers a change from an old version with the present state", async () => {
    const { anna, id, step } = await withIncident();
    await step("edit", { title: "Neu" });
    const late = await anna.send("POST", `/incidents/${id}/watch`, { version: 1, watching: true });
    expect(late).toMatchObject({
      status: 409,
      body: { error: { code: "HW_CONFLICT", details: { version: 2, incident: { title: "Neu" } } } },
    });
  });

  it("is assigned to accounts of the tenant only", async () => {
    const world = await withIncident();
    const stranger = await world.person("analyst", FOREIGN);
    expect((await world.step("assign", { assignee: stranger.id })).status).toBe(422);
    expect((await world.step("assign", { assignee: world.anna.id })).status).toBe(200);
    const mine = (await world.anna.send("GET", "/incidents?mine=true")).body.incidents;
    expect(mine).toHaveLength(1);
    const other = await world.person("analyst");
    expect((await other.send("GET", "/incidents?mine=true")).body.total).toBe(0);
  });

  it("keeps evidence with everybody who had it", async () => {
    const { step, person, anna } = await withIncident();
    const given = { kind: "file", reference: "fs01.dd", sha256: "ab".repeat(32) };
    const added = (await step("evidence/add", given)).body.incident.evidence[0];
    const bert = await person("analyst");
    const handed = await step(
      "evidence/hand-over",
      { evidence: added.id, action: "Übergabe", comment: "an die Polizei" },
      bert.send,
    );
    expect(handed.body.incident.evidence[0].custody).toMatchObject([
      { actor: anna.id, action: "collected" },
      { actor: bert.id, action: "Übergabe", comment: "an die Polizei" },
    ]);
  });
});

describe("findings of an incident", () => {
  it("are linked and unlinked, and the detection follows", async () => {
    const { anna, id, step } = await withIncident();
    await anna.send("POST", "/findings/c/verdict", { version: 1, verdict: "true_positive" });
    const linked = await step("findings/link", { findingIds: ["c"] });
    expect(linked.body.incident).toMatchObject({ detectedAt: START - 5 * HOUR });
    const gone = await step("findings/unlink", { findingIds: ["c", "a"] });
    expect(gone.body.incident).toMatchObject({
      findingIds: ["b"],
      identifiedAt: START + 10 * HOUR,
    });
    expect(gone.body.incident).not.toHaveProperty("detectedAt");
    expect((await anna.send("GET", "/findings/a")).body.finding).not.toHaveProperty("incident");
    expect((await anna.send("GET", `/incidents?finding=b`)).body.incidents[0].id).toBe(id);
  });

  it("can't be linked where that contradicts a stated time", async () => {
    const { anna, step } = await withIncident();
    await step("compromise", { method: "evidence", at: START - 4 * HOUR, evidenceIds: ["e"] });
    await anna.send("POST", "/findings/c/verdict", { version: 1, verdict: "true_positive" });
    const refused = await step("findings/link", { findingIds: ["c"] });
    expect([refused.status, refused.body.error.place]).toEqual([422, "body/firstCompromise/at"]);
    expect((await anna.send("GET", "/findings/c")).body.finding).not.toHaveProperty("incident");
  });

  it("that are confirmed against a stated time leave it, and are told as a dispute", async () => {
    const { anna, id, step } = await withIncident();
    await step("compromise", { method: "evidence", at: START - 3 * HOUR, evidenceIds: ["e"] });
    await anna.send("POST", "/findings/b/verdict", { version: 2, verdict: "true_positive" });
    const { body } = await anna.send("GET", `/incidents/${id}`);
    expect(body.incident).toMatchObject({ detectedAt: START - 3 * HOUR, disputed: ["detectedAt"] });
    expect(body.work).toContainEqual(expect.objectContaining({ key: "disputed", kind: "quality" }));
    const earlier = { method: "evidence", at: START - 6 * HOUR, evidenceIds: ["e"], reason: "Log" };
    const mended = (await step("compromise", earlier)).body.incident;
    expect([mended.detectedAt, mended.disputed]).toEqual([START - 4 * HOUR, undefined]);
  });
});

describe("merging and splitting", () => {
  it("leads findings and lists to where work goes on, and back", async () => {
    const { anna, id, step } = await withIncident();
    const other = (await anna.send("POST", "/incidents", { ...NEW, findingIds: ["c"] })).body
      .incident;
    const before = (await anna.send("GET", `/incidents/${id}`)).body.incident;
    const merged = await step("merge", { source: other.id });
    expect(merged.body.incident.findingIds).toEqual(["a", "b", "c"]);
    expect((await anna.send("GET", "/incidents")).body.total).toBe(1);
    const gone = (await anna.send("GET", `/incidents/${other.id}`)).body;
    expect([gone.incident.mergedInto, gone.steps, gone.work]).toEqual([id, ["comments"], []]);
    expect((await anna.send("GET", "/findings/c")).body.finding.incident).toBe(id);
    const apart = await step("unmerge", { source: other.id });
    expect(apart.body.incident).toEqual({ ...before, changedAt: apart.body.incident.changedAt });
    expect((await anna.send("GET", "/findings/c")).body.finding.incident).toBe(other.id);
    expect((await step("merge", { source: id })).status).toBe(422);
    expect((await step("merge", { source: "x" })).status).toBe(404);
  });

  it("gives parts that inherit the times, and takes them back", async () => {
    const { anna, step } = await withIncident();
    const parts = [
      { title: "A", findingIds: ["a"] },
      { title: "B", findingIds: ["b"] },
    ];
    const split = await step("split", { parts });
    expect(split.body.parts.map((one: { incident: object }) => one.incident)).toMatchObject([
      { title: "A", detectedAt: START - 3 * HOUR, identifiedAt: START - HOUR },
      { title: "B", detectedAt: START - 3 * HOUR, identifiedAt: START - HOUR },
    ]);
    expect(split.body.steps).toEqual(["unsplit", "comments"]);
    expect((await anna.send("GET", "/incidents")).body.total).toBe(2);
    expect((await step("unsplit")).body.incident.splitInto).toEqual([]);
    expect((await anna.send("GET", "/incidents")).body.total).toBe(1);
    expect((await step("split", { parts: parts.slice(1) })).status).toBe(422);
  });
});

describe("reports to authorities", () => {
  it("have a draft of facts alone, and are recorded by whoever sent them", async () => {
    const { anna, id, step } = await withIncident();
    const draft = await anna.send("GET", `/incidents/${id}/notifications/draft?clock=gdpr_art33`);
    expect(draft.body.text).toContain("Meldende Stelle: Landkreis Lüneburg");
    expect(draft.body.text).not.toMatch(/fs01|Verschlüsselung auf/);
    const sent = await step("notifications/record", {
      ...{ clock: "gdpr_art33", outcome: "sent", sentAt: START + 9 * HOUR },
      authority: "LfD Niedersachsen",
    });
    expect(sent.body.clocks[0]).toMatchObject({ state: "done", notification: { by: anna.id } });
  });
});

describe("comments", () => {
  it.each(["incidents", "findings"])(
    "on %s come page by page, oldest first, audited",
    async (kind) => {
      const { anna, id, person, pass } = await withIncident();
      const subject = kind === "incidents" ? id : "a";
      for (const text of ["eins", "zwei", "drei"]) {
        pass(1);
        expect((await anna.send("POST", `/${kind}/${subject}/comments`, { text })).status).toBe(
          200,
        );
      }
      const first = (await anna.send("GET", `/${kind}/${subject}/comments?limit=2`)).body;
      expect([first.total, first.comments.map((one: { text: string }) => one.text)]).toEqual([
        3,
        ["eins", "zwei"],
      ]);
      const path = `/${kind}/${subject}/comments?limit=2&cursor=${first.cursor}`;
      expect((await anna.send("GET", path)).body.comments).toMatchObject([
        { text: "drei", by: anna.id },
      ]);
      const entries = (await anna.send("GET", `/${kind}/${subject}/history`)).body.entries;
      expect(entries.at(-1)).toMatchObject({ payload: { after: { text: "drei" } } });
      const stranger = await person("analyst", FOREIGN);
      expect((await stranger.send("GET", `/${kind}/${subject}/comments`)).status).toBe(404);
      expect((await anna.send("POST", `/${kind}/x/comments`, { text: "x" })).status).toBe(404);
      expect((await anna.send("POST", `/${kind}/${subject}/comments`, { text: " " })).status).toBe(
        422,
      );
    },
  );
});

describe("the list of incidents", () => {
  it.each([
    ["", 2],
    ["status=closed", 1],
    ["status=open&severity=high", 1],
    ["category=malicious_code", 2],
    ["category=fraud", 0],
    ["verdict=benign_true_positive", 1],
    ["text=Verschl", 2],
    ["tag=ransomware", 1],
    ["watching=true", 1],
    [`from=${START + 10 * HOUR + 1}`, 1],
    ["place=merged,split", 0],
  ])("answers %j with %j", async (query, count) => {
    const { anna, step, pass } = await withIncident();
    await step("edit", { tags: ["ransomware"] });
    await step("watch", { watching: true });
    pass(1);
    const second = (
      await anna.send("POST", "/incidents", { ...NEW, findingIds: [], severity: "low" })
    ).body;
    const close = { version: second.version, verdict: "benign_true_positive" };
    await anna.send("POST", `/incidents/${second.incident.id}/close`, close);
    expect((await anna.send("GET", `/incidents?${query}`)).body.incidents).toHaveLength(count);
  });

  it("comes page by page, each once", async () => {
    const { anna, store } = await withIncident();
    await anna.send("POST", "/incidents", { ...NEW, findingIds: [] });
    const first = (await anna.send("GET", "/incidents?limit=1")).body;
    const second = (await anna.send("GET", `/incidents?limit=1&cursor=${first.cursor}`)).body;
    const ids = [...first.incidents, ...second.incidents].map(({ id }) => id);
    expect([new Set(ids).size, first.total, second.cursor]).toEqual([2, 2, undefined]);
    expect(await store.count("landkreis", INCIDENT_KIND, "place", {})).toEqual([
      { value: "standing", documents: 2 },
    ]);
  });
});
