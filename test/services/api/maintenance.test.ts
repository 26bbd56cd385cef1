// Maintenance windows over the API: planning, the zone of the tenant, who must agree when, the end, and what
// others may see.
import { describe, expect, it } from "vitest";
import { addFindings, FOREIGN, findingOf, HOME, openWorld, START } from "./fixture.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const { detector } = findingOf("x");
const matchers = [{ field: "entity", value: "fs01" }];
const body = { matchers, from: START - 2 * HOUR_MS, until: START + HOUR_MS, reason: "Umzug" };

async function withFindings(...more: Parameters<typeof addFindings>[1]) {
  const world = await openWorld();
  await addFindings(world.store, [
    findingOf("now", { raisedAt: START - HOUR_MS }),
    findingOf("before", { raisedAt: START - 3 * HOUR_MS }),
    findingOf("grave", {
      ...{ raisedAt: START - HOUR_MS, detector: { ...detector, level: "critical" } },
      scoreParts: [{ key: "asset", points: 6, detail: "" }],
    }),
    ...more,
  ]);
  const { send, id } = await world.person("analyst");
  const quiet = async () =>
    (await send("GET", "/findings?quiet=maintenance")).body.findings.map(
      (one: { id: string }) => one.id,
    );
  return { ...world, send, account: id, quiet };
}

describe("a maintenance window", () => {
  it("hides from its time on, spares what is gravest, and is counted and audited", async () => {
    const { send, quiet, store, account } = await withFindings();
    const { body: made } = await send("POST", "/maintenance", body);
    expect(made).toMatchObject({
      ...{ state: "running", findings: 1, owner: account, timeZone: "Europe/Berlin" },
      next: { from: body.from, until: body.until },
    });
    expect(await quiet()).toEqual(["now"]);
    expect((await send("GET", "/findings/summary")).body.quiet).toMatchObject({ maintenance: 1 });
    const [entry] = await store.readAudit(HOME, 1, 10);
    expect(entry).toMatchObject({ action: "maintenance.plan", subject: made.id, actor: account });
  });

  it("repeats on the clock of the tenant", async () => {
    const { send, quiet } = await withFindings();
    // START is Friday, 20 November 2026, 09:00 in Berlin.
    const repeat = { every: "week", weekday: 5, time: "08:00", durationMinutes: 45 };
    const series = { ...body, from: START - 7 * DAY_MS, until: START + 60 * DAY_MS, repeat };
    const { body: made } = await send("POST", "/maintenance", series);
    expect(made).toMatchObject({
      ...{ state: "planned", findings: 1 },
      next: { from: START + 7 * DAY_MS - HOUR_MS },
    });
    expect(await quiet()).toEqual(["now"]);
  });

  it("ends now, keeping what it hid, or is withdrawn and gives it back", async () => {
    const { send, quiet, pass } = await withFindings();
    const { id } = (await send("POST", "/maintenance", body)).body;
    pass(MINUTE_MS);
    const end = (given: object) => send("POST", `/maintenance/${id}/end`, given);
    expect((await end({})).body).toMatchObject({ state: "over", findings: 1 });
    expect((await end({})).status).toBe(409);
    expect((await end({ withdraw: true })).body).toMatchObject({ findings: 0 });
    expect(await quiet()).toEqual([]);
    expect((await end({ withdraw: true })).status).toBe(409);
  });

  it("is over once it was ended, also before it has begun", async () => {
    const { send } = await withFindings();
    const ahead = { ...body, from: START + HOUR_MS, until: START + 2 * HOUR_MS };
    const { id, state } = (await send("POST", "/maintenance", ahead)).body;
    expect(state).toBe("planned");
    const end = () => send("POST", `/maintenance/${id}/end`, {});
    expect((await end()).body).toMatchObject({ state: "over", findings: 0 });
    expect((await send("GET", "/maintenance")).body.maintenance[0].state).toBe("over");
    expect((await end()).status).toBe(409);
  });

  it("needs a second person when a true positive would have been hidden", async () => {
    const real = findingOf("real", {
      ...{ raisedAt: START - 10 * DAY_MS, status: "closed" },
      verdict: { verdict: "true_positive", at: START, by: "x" },
    });
    const { send, person, quiet } = await withFindings(real);
    const preview = (await send("POST", "/maintenance/preview", { matchers })).body;
    expect(preview).toMatchObject({ findings: 3, critical: 0, needs: ["true_positives"] });
    expect(preview.truePositives.map(({ id }: { id: string }) => id)).toEqual(["real"]);
    const { body: made } = await send("POST", "/maintenance", body);
    expect(made.state).toBe("proposed");
    expect((await send("POST", `/maintenance/${made.id}/agree`, {})).status).toBe(403);
    const second = await person("analyst");
    const agreed = await second.send("POST", `/maintenance/${made.id}/agree`, {});
    expect(agreed.body).toMatchObject({ state: "running", findings: 1 });
    expect(await quiet()).toEqual(["now"]);
  });

  const turn = { every: "week", weekday: 1, time: "08:00", durationMinutes: 60 };
  it.each([
    ["no matcher", { matchers: [] }],
    ["no reason", { reason: "" }],
    ["an end before its beginning", { from: START + HOUR_MS, until: START }],
    ["an end in the past", { until: START - 1 }],
    ["more than 30 days in one go", { until: START + 31 * DAY_MS }],
    ["a series of more than a year", { repeat: turn, until: START + 366 * DAY_MS }],
    ["a series without a turn", { repeat: turn, until: START + DAY_MS }],
    ["a beginning too long ago", { from: START - 8 * DAY_MS }],
    ["an owner of another tenant", { owner: "nobody" }],
    ["an unknown weekday", { repeat: { ...turn, weekday: 0 } }],
  ])("is refused with %s", async (_title, change) => {
    const { send } = await withFindings();
    const answer = await send("POST", "/maintenance", { ...body, ...change });
    expect([answer.status, answer.body.error.code]).toEqual([422, "HW_REQUEST_INVALID"]);
    expect((await send("GET", "/maintenance")).body.maintenance).toEqual([]);
  });

  it("belongs to its tenant, and is read but not made by who only reads", async () => {
    const { send, person } = await withFindings();
    const { id } = (await send("POST", "/maintenance", body)).body;
    const foreign = (await person("analyst", FOREIGN)).send;
    expect((await foreign("GET", "/maintenance")).body.maintenance).toEqual([]);
    expect((await foreign("POST", `/maintenance/${id}/end`, {})).status).toBe(404);
    const officer = (await person("isb")).send;
    expect((await officer("GET", "/maintenance")).body.maintenance).toHaveLength(1);
    expect((await officer("POST", "/maintenance", body)).status).toBe(403);
  });
});
