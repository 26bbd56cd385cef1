import { describe, expect, it } from "vitest";
import { ACCOUNT_KIND, SYSTEM_TENANT } from "../../../services/api/kinds.ts";
import { FOREIGN, HOME, openWorld, START, type World } from "./fixture.ts";
import { PAGING_LINK } from "./paging-world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Friday 20 November 2026, 09:00 in Lower Saxony; the turn changed on Monday at eight and does so again. */
const MONDAY = Date.UTC(2026, 10, 23, 7);
const SWAP = {
  ...{ schedule: "soc", person: "bereitschaft-2", reason: "Tausch" },
  ...{ from: START + 10 * MINUTE_MS, until: START + 5 * HOUR_MS },
};

const open = () => openWorld({}, { paging: PAGING_LINK });
const ids = (shifts: readonly { person: { id: string } }[]) =>
  shifts.map(({ person }) => person.id);

describe("who is on duty", () => {
  it("is told with the next one, for every schedule", async () => {
    const { send } = await (await open()).person("analyst");
    const { body } = await send("GET", "/on-call");
    expect(body.schedules[0]).toEqual({
      ...{ id: "soc", title: "Bereitschaft SOC", timeZone: "Europe/Berlin", isGap: false },
      now: {
        person: { id: "bereitschaft-1", name: "Bereitschaft Eins" },
        ...{ from: Date.UTC(2026, 10, 16, 7), until: MONDAY },
      },
      next: { at: MONDAY, person: { id: "bereitschaft-2", name: "Bereitschaft Zwei" } },
    });
    expect(body.people.map(({ id }: { id: string }) => id)).toEqual([
      ...["bereitschaft-1", "bereitschaft-2", "on-call"],
    ]);
  });

  it("says where nobody is although somebody should be", async () => {
    const { send } = await (await open()).person("analyst");
    const { body } = await send("GET", "/on-call");
    expect(body.schedules[1]).toMatchObject({ id: "tag", isGap: true });
    expect(body.schedules[1].now).toBeUndefined();
  });

  it("tells neither addresses nor another administration's people", async () => {
    const world = await open();
    const { send } = await world.person("analyst");
    for (const path of ["/on-call", "/on-call/shifts", "/paging"]) {
      const { body, status } = await send("GET", path);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toMatch(/@kreis|\+49|foreign-/);
    }
    const foreign = await world.person("analyst", FOREIGN);
    expect((await foreign.send("GET", "/on-call")).body.schedules).toEqual([]);
  });

  it("is empty where nobody is paged", async () => {
    const { send } = await (await openWorld()).person("analyst");
    expect((await send("GET", "/on-call")).body).toEqual({ at: START, schedules: [], people: [] });
  });

  it("is told for weeks ahead, with the gaps", async () => {
    const { send } = await (await open()).person("isb");
    const { body } = await send("GET", "/on-call/shifts?weeks=2");
    const [soc, day] = body.schedules;
    expect(ids(soc.shifts)).toEqual(["bereitschaft-1", "bereitschaft-2", "bereitschaft-1"]);
    expect(soc.gaps).toEqual([]);
    expect(body.from).toBe(Date.UTC(2026, 10, 19, 23));
    expect(body.until).toBe(body.from + 14 * DAY_MS);
    expect(day.gaps[0]).toEqual({ from: body.from, until: body.from + DAY_MS });
    expect((await send("GET", "/on-call/shifts?weeks=13")).status).toBe(422);
  });
});

describe("an override", () => {
  it("puts somebody else on duty, and is on record", async () => {
    const world = await open();
    const { send, id: account } = await world.person("analyst");
    const { body, status } = await send("POST", "/on-call/overrides", SWAP);
    expect([status, body.state, body.personName]).toEqual([200, "planned", "Bereitschaft Zwei"]);
    world.pass(20 * MINUTE_MS);
    const now = (await send("GET", "/on-call")).body.schedules[0].now;
    expect(now).toEqual({
      person: { id: "bereitschaft-2", name: "Bereitschaft Zwei" },
      ...{ from: SWAP.from, until: SWAP.until, override: body.id },
    });
    expect(await entriesOf(world)).toEqual([["on_call.swap", account, body.id, SWAP]]);
  });

  it("is ended early, and stays on the list", async () => {
    const world = await open();
    const { send } = await world.person("analyst");
    const { body } = await send("POST", "/on-call/overrides", SWAP);
    world.pass(20 * MINUTE_MS);
    const ended = await send("DELETE", `/on-call/overrides/${body.id}`);
    expect([ended.status, ended.body.state, ended.body.endedAt]).toEqual([
      200,
      "over",
      world.now(),
    ]);
    expect((await send("GET", "/on-call")).body.schedules[0].now.person.id).toBe("bereitschaft-1");
    const again = await send("DELETE", `/on-call/overrides/${body.id}`);
    expect([again.status, again.body.error.message]).toEqual([
      ...[409, "Die Vertretung ist schon beendet."],
    ]);
    const { overrides } = (await send("GET", "/on-call/overrides")).body;
    expect(overrides.map(({ id }: { id: string }) => id)).toEqual([body.id]);
    expect((await entriesOf(world)).map(([action]) => action)).toEqual([
      ...["on_call.swap", "on_call.swap_end"],
    ]);
  });

  it("that has not begun counts as never made when it is withdrawn", async () => {
    const { send } = await (await open()).person("admin");
    const { body } = await send("POST", "/on-call/overrides", SWAP);
    const ended = await send("DELETE", `/on-call/overrides/${body.id}`);
    expect(ended.body).toMatchObject({ state: "over", endedAt: SWAP.from });
  });

  it.each<[string, object, string]>([
    ["of no schedule", { schedule: "nein" }, "Diesen Dienstplan gibt es nicht."],
    ["for nobody", { person: "nein" }, "Diese Person ist nicht für die Alarmierung eingetragen."],
    ["that ends before it begins", { until: START }, "Das Ende liegt vor dem Anfang."],
    ["of months", { until: START + 70 * DAY_MS }, "Eine Vertretung dauert höchstens 62 Tage."],
    [
      "in the past",
      { from: START - DAY_MS, until: START - HOUR_MS },
      "Das Ende liegt in der Vergangenheit.",
    ],
  ])("%s is refused", async (_name, changes, message) => {
    const world = await open();
    const { send } = await world.person("analyst");
    const { status, body } = await send("POST", "/on-call/overrides", { ...SWAP, ...changes });
    expect([status, body.error.message]).toEqual([422, message]);
    expect(await entriesOf(world)).toEqual([]);
  });

  it("needs a reason and a right", async () => {
    const world = await open();
    const analyst = await world.person("analyst");
    const { status } = await analyst.send("POST", "/on-call/overrides", { ...SWAP, reason: " " });
    expect(status).toBe(422);
    const officer = await world.person("isb");
    expect((await officer.send("POST", "/on-call/overrides", SWAP)).status).toBe(403);
    const { body } = await analyst.send("POST", "/on-call/overrides", SWAP);
    const foreign = await world.person("admin", FOREIGN);
    expect((await foreign.send("DELETE", `/on-call/overrides/${body.id}`)).status).toBe(404);
  });
});

describe("a calendar subscription", () => {
  async function subscribed(world: World, body: object = { schedule: "soc" }) {
    const account = await world.person("analyst");
    const made = await account.send("POST", "/on-call/calendars", body);
    return { account, made: made.body, status: made.status };
  }

  it("is fetched without signing in, by its secret address", async () => {
    const world = await open();
    const { made } = await subscribed(world);
    const { statusCode, body, headers } = await world.api.inject(made.path);
    expect([statusCode, headers["content-type"]]).toEqual([200, "text/calendar; charset=utf-8"]);
    expect(headers["cache-control"]).toBe("private, no-cache");
    expect(body).toContain("SUMMARY:Bereitschaft: Bereitschaft Eins");
    expect(body).toContain("DTSTART:20261116T070000Z");
    expect(body).not.toMatch(/@kreis|\+49/);
  });

  it("tells of overrides, and of one person alone where that was asked for", async () => {
    const world = await open();
    const { made, account } = await subscribed(world, {
      ...{ schedule: "soc", person: "bereitschaft-2" },
    });
    await account.send("POST", "/on-call/overrides", SWAP);
    const { body } = await world.api.inject(made.path);
    expect(body).toContain("Bereitschaft Zwei (Vertretung)");
    expect(body).not.toContain("SUMMARY:Bereitschaft: Bereitschaft Eins");
  });

  it("is listed without its secret, revoked, and on record", async () => {
    const world = await open();
    const { made, account } = await subscribed(world);
    const listed = (await account.send("GET", "/on-call/calendars")).body;
    expect(listed.calendars).toEqual([{ id: made.id, schedule: "soc", createdAt: START }]);
    expect((await account.send("DELETE", `/on-call/calendars/${made.id}`)).status).toBe(204);
    expect((await world.api.inject(made.path)).statusCode).toBe(404);
    expect((await account.send("DELETE", `/on-call/calendars/${made.id}`)).status).toBe(404);
    expect((await entriesOf(world)).map(([action]) => action)).toEqual([
      ...["on_call.calendar_create", "on_call.calendar_remove"],
    ]);
    expect(JSON.stringify(await entriesOf(world))).not.toContain("hwc_");
  });

  it("ends with its account", async () => {
    const world = await open();
    const { made, account } = await subscribed(world);
    const found = await world.store.get(SYSTEM_TENANT, ACCOUNT_KIND, account.id);
    if (found === undefined) throw new Error("the account is gone");
    const locked = { ...found.document, disabled: true };
    await world.store.put(SYSTEM_TENANT, ACCOUNT_KIND, account.id, locked);
    expect((await world.api.inject(made.path)).statusCode).toBe(404);
  });

  it.each([
    ["no key", () => "/on-call/soc.ics"],
    ["another schedule's key", (path: string) => path.replace("/soc.", "/tag.")],
    ["a cut key", (path: string) => path.slice(0, -1)],
    ["a changed key", (path: string) => path.replace(/.$/, (last) => (last === "A" ? "B" : "A"))],
    ["two keys", (path: string) => `${path}&key=x`],
  ])("opens nothing with %s", async (_name, change) => {
    const world = await open();
    const { made } = await subscribed(world);
    const { statusCode } = await world.api.inject(change(made.path));
    expect([404, 422].includes(statusCode)).toBe(true);
  });

  it("is nobody else's to see or revoke", async () => {
    const world = await open();
    const { made } = await subscribed(world);
    const other = await world.person("admin");
    expect((await other.send("GET", "/on-call/calendars")).body.calendars).toEqual([]);
    expect((await other.send("DELETE", `/on-call/calendars/${made.id}`)).status).toBe(404);
    expect((await world.api.inject(made.path)).statusCode).toBe(200);
  });

  it.each([{ schedule: "nein" }, { schedule: "soc", person: "nein" }])(
    "is not made for %o",
    async (body) => {
      expect((await subscribed(await open(), body)).status).toBe(422);
    },
  );

  it("is made twenty times at most", async () => {
    const { send } = await (await open()).person("analyst");
    const made = [];
    for (let at = 0; at < 21; at += 1) {
      made.push((await send("POST", "/on-call/calendars", { schedule: "soc" })).status);
    }
    expect(made).toEqual([...Array.from({ length: 20 }, () => 200), 409]);
  });
});

async function entriesOf({ store }: World) {
  const entries = await store.readAudit(HOME, 1, 50);
  return entries.map(({ action, actor, subject, payload }) => [action, actor, subject, payload]);
}
