// Silences over the API: their life, their limits, the preview, the audit, and what others may see.
import { describe, expect, it } from "vitest";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { addFindings, FOREIGN, findingOf, HOME, openWorld, START } from "./fixture.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const detector = findingOf("x").detector;
const OTHER = { ...detector, id: "other" };
const matchers = [{ field: "rule", value: detector.id }];
const MINUTE_MS = 60_000;
const body = { matchers, until: START + 20 * MINUTE_MS, reason: "Wartung" };

async function withFindings() {
  const world = await openWorld();
  await addFindings(world.store, [
    findingOf("now", { raisedAt: START - HOUR_MS, signalCount: 3 }),
    findingOf("older", { raisedAt: START - 10 * DAY_MS }),
    findingOf("other", { raisedAt: START - HOUR_MS, detector: OTHER }),
    findingOf("real", {
      raisedAt: START - 2 * DAY_MS,
      status: "closed",
      verdict: { verdict: "true_positive", at: START, by: "somebody" },
    }),
    findingOf("grave", {
      raisedAt: START - 3 * DAY_MS,
      detector: { ...detector, level: "critical" },
      scoreParts: [{ key: "asset", points: 6, detail: "" }],
    }),
  ]);
  const { send, id } = await world.person("analyst");
  return { ...world, send, account: id };
}

describe("a silence", () => {
  it("is made, hides at once, is listed with its state and effect, and is audited", async () => {
    const { send, store, pass, account } = await withFindings();
    const made = await send("POST", "/silences", { ...body, from: START - 2 * HOUR_MS });
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({ state: "active", findings: 1, createdBy: account });
    const ids = async (query: string) =>
      (await send("GET", `/findings?${query}`)).body.findings.map(({ id }: { id: string }) => id);
    expect(await ids("quiet=silenced")).toEqual(["now"]);
    expect(await ids("quiet=none&status=new")).not.toContain("now");
    expect(await ids("status=new")).toContain("now");
    expect((await send("GET", "/findings/summary")).body).toMatchObject({
      status: { new: 3 },
      quiet: { silenced: 1, inhibited: 0 },
    });
    pass(20 * MINUTE_MS);
    const { body: list } = await send("GET", "/silences");
    expect(list.silences).toMatchObject([{ state: "expired", reason: "Wartung" }]);
    const [entry] = (await store.readAudit(HOME, 0, 100)).filter(
      ({ action }) => action === "silence.create",
    );
    expect(entry).toMatchObject({ actor: account, payload: { reason: "Wartung" } });
  });

  it("ends early, keeping hidden what it hid, or is withdrawn and gives it back", async () => {
    const { send, pass } = await withFindings();
    const from = START - 2 * HOUR_MS;
    const { id } = (await send("POST", "/silences", { ...body, from })).body;
    pass(MINUTE_MS);
    const ended = await send("POST", `/silences/${id}/end`, {});
    expect(ended.body).toMatchObject({ state: "expired", findings: 1, endedAt: START + MINUTE_MS });
    expect((await send("POST", `/silences/${id}/end`, {})).status).toBe(409);
    const withdrawn = await send("POST", `/silences/${id}/end`, { withdraw: true });
    expect(withdrawn.body).toMatchObject({ findings: 0, endedAt: from });
    expect((await send("POST", `/silences/${id}/end`, { withdraw: true })).status).toBe(409);
    expect((await send("POST", "/silences/nothing/end", {})).status).toBe(404);
  });

  it("can be planned", async () => {
    const { send } = await withFindings();
    const planned = { ...body, from: START + DAY_MS, until: START + 2 * DAY_MS };
    expect((await send("POST", "/silences", planned)).body).toMatchObject({ state: "planned" });
  });

  const anything = [{ field: "rule", operator: "glob", value: "*" }];
  it.each([
    ["no matcher", { matchers: [] }],
    ["matchers that fit everything", { matchers: anything }],
    ["no reason", { reason: " " }],
    ["an end in the past", { from: START - HOUR_MS, until: START - 1 }],
    ["an end before its beginning", { from: START + HOUR_MS, until: START + 1 }],
    ["more than 30 days", { until: START + 30 * DAY_MS + 1 }],
    ["a beginning too long ago", { from: START - 7 * DAY_MS - 1 }],
    ["a beginning too far ahead", { from: START + 31 * DAY_MS, until: START + 32 * DAY_MS }],
    ["an unknown key", { tenant: FOREIGN }],
  ])("is refused with %s", async (_title, change) => {
    const { send } = await withFindings();
    const answer = await send("POST", "/silences", { ...body, ...change });
    expect([answer.status, answer.body.error.code]).toEqual([422, "HW_REQUEST_INVALID"]);
    expect((await send("GET", "/silences")).body.silences).toEqual([]);
  });

  it("belongs to its tenant", async () => {
    const { send, person } = await withFindings();
    const { id } = (await send("POST", "/silences", body)).body;
    const foreign = (await person("analyst", FOREIGN)).send;
    expect((await foreign("GET", "/silences")).body.silences).toEqual([]);
    expect((await foreign("POST", `/silences/${id}/end`, {})).status).toBe(404);
  });

  it("can be read but not made by who only reads", async () => {
    const { person } = await withFindings();
    const { send } = await person("isb");
    expect((await send("POST", "/silences", body)).status).toBe(403);
    expect((await send("POST", "/silences/preview", { matchers })).status).toBe(200);
  });
});

describe("the preview of a silence", () => {
  it("tells what it would have hidden in 7 and 30 days, true positives and the gravest by name", async () => {
    const { send, store } = await withFindings();
    const from = START - 2 * HOUR_MS;
    const { body: preview } = await send("POST", "/silences/preview", { matchers, from });
    expect(preview.spans).toEqual([
      { days: 7, findings: 3, signals: 5, truePositives: 1, gravest: 1 },
      { days: 30, findings: 4, signals: 6, truePositives: 1, gravest: 1 },
    ]);
    expect(preview.leaving).toBe(1);
    expect(preview.truePositives.map(({ id }: { id: string }) => id)).toEqual(["real"]);
    expect(preview.gravest.map(({ id }: { id: string }) => id)).toEqual(["grave"]);
    expect(preview.truncated).toBe(false);
    const { body: none } = await send("POST", "/silences/preview", {
      matchers: [...matchers, { field: "level", value: "low" }],
    });
    expect(none).toMatchObject({ leaving: 0, examples: [] });
    const page = await store.search(HOME, FINDING_KIND, { sort: [], limit: 10 });
    expect(page.hits.every(({ document }) => document.silencedBy === undefined)).toBe(true);
  });
});

it("shows the risk of a finding's entities, and nobody a list of it", async () => {
  const { send } = await withFindings();
  const { body: risk } = await send("GET", "/findings/now/risk");
  expect(risk.entities).toHaveLength(1);
  expect(risk.entities[0]).toMatchObject({
    entity: { type: "host", value: "fs01" },
    spans: [{ hours: 24 }, { hours: 168 }],
  });
  expect((await send("GET", "/risk")).status).toBe(404);
});
