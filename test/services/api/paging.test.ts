import { describe, expect, it } from "vitest";
import { createAccount } from "../../../services/api/accounts.ts";
import { csrfTokenOf } from "../../../services/api/secrets.ts";
import { openSession } from "../../../services/api/sessions.ts";
import { CHANNEL_PROOF_KIND } from "../../../services/store/channel-proof.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { FindingPaging } from "../../../services/store/paging.ts";
import { TEST_PAGE_KIND } from "../../../services/store/test-page.ts";
import {
  addFindings,
  FOREIGN,
  findingOf,
  HOME,
  ORIGIN,
  openWorld,
  PASSWORD,
  START,
  type World,
} from "./fixture.ts";
import { PAGING_LINK } from "./paging-world.ts";

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;
const ID = "finding-1";

const pagingOf = (changes: Partial<FindingPaging> = {}): FindingPaging => ({
  ...{ priority: "p1", policy: "main", state: "escalating", requestedAt: START - MINUTE_MS },
  ...{ opening: 0, round: 0, step: 1, leads: true, answers: [] },
  ...{ stepAt: START + 9 * MINUTE_MS, dueAt: START + 9 * MINUTE_MS, mark: "new  " },
  pages: [
    {
      ...{ id: "page-1", round: 0, step: 0, person: "bereitschaft-1", channel: "mail", contact: 0 },
      ...{ state: "handed_over", dueAt: START - MINUTE_MS, at: START - MINUTE_MS, attempts: 1 },
    },
  ],
  ...changes,
});

async function openPaged(changes: Partial<Finding> = {}): Promise<World> {
  const world = await openWorld({}, { paging: PAGING_LINK });
  await addFindings(world.store, [findingOf(ID, { paging: pagingOf(), ...changes })]);
  return world;
}

const stored = async ({ store }: World) =>
  (await store.get(HOME, FINDING_KIND, ID))?.document.paging;

describe("the paging of a finding", () => {
  it("tells who was called and who is next", async () => {
    const { send } = await (await openPaged()).person("analyst");
    const { body } = await send("GET", `/findings/${ID}/paging`);
    expect(body).toMatchObject({
      ...{ at: START, isAwaited: true },
      paging: { state: "escalating", priority: "p1" },
      people: [{ id: "bereitschaft-1", name: "Bereitschaft Eins" }],
      next: {
        ...{ at: START + 9 * MINUTE_MS, round: 0, step: 1 },
        targets: [{ person: { id: "on-call", name: "On call" } }, { channel: "room" }],
        people: [{ id: "on-call", name: "On call" }],
      },
    });
    expect(body.paging.mark).toBeUndefined();
  });

  it("names whoever will be on duty then", async () => {
    const paging = pagingOf({ step: 0, round: 1, stepAt: START + WEEK_MS });
    const { send } = await (await openPaged({ paging })).person("analyst");
    const { next } = (await send("GET", `/findings/${ID}/paging`)).body;
    expect(next.targets).toEqual([{ schedule: { id: "soc", title: "Bereitschaft SOC" } }]);
    expect(next.people).toEqual([{ id: "bereitschaft-2", name: "Bereitschaft Zwei" }]);
  });

  it.each<[string, Partial<FindingPaging>]>([
    ["was acknowledged", { state: "acknowledged" }],
    ["has ended", { state: "ended", ended: "exhausted" }],
    ["has gone through all rounds", { round: 4 }],
    ["has a policy that is gone", { policy: "weg" }],
  ])("has nobody next where it %s", async (_name, changes) => {
    const { send } = await (await openPaged({ paging: pagingOf(changes) })).person("analyst");
    expect((await send("GET", `/findings/${ID}/paging`)).body.next).toBeUndefined();
  });

  it("is empty where nobody was to be called", async () => {
    const world = await openWorld({}, { paging: PAGING_LINK });
    await addFindings(world.store, [findingOf(ID)]);
    const { send } = await world.person("isb");
    const { body } = await send("GET", `/findings/${ID}/paging`);
    expect(body).toEqual({ at: START, people: [], isAwaited: false });
    expect((await send("GET", "/findings/none/paging")).status).toBe(404);
  });
});

describe("an answer in the console", () => {
  it("acknowledges once, and is on record", async () => {
    const world = await openPaged();
    const { send, id: account } = await world.person("analyst");
    const answered = await send("POST", `/findings/${ID}/page-answer`, { kind: "acknowledged" });
    expect([answered.status, answered.body.isAwaited]).toEqual([200, false]);
    expect((await stored(world))?.answers).toEqual([
      { kind: "acknowledged", at: START, account, via: "console" },
    ]);
    const [entry] = await world.store.readAudit(HOME, 1, 5);
    expect(entry).toMatchObject({
      action: "finding.page_acknowledge",
      actor: account,
      subject: ID,
    });
    const again = await send("POST", `/findings/${ID}/page-answer`, { kind: "acknowledged" });
    expect([again.status, again.body.error.message]).toEqual([
      ...[409, "Auf diesen Alarm wird keine Antwort mehr erwartet."],
    ]);
  });

  it("of a person who was called counts as theirs", async () => {
    const world = await openPaged();
    const send = await signedIn(world, "Dienst.Eins");
    await send("POST", `/findings/${ID}/page-answer`, { kind: "declined" });
    expect((await stored(world))?.answers).toMatchObject([
      { kind: "declined", person: "bereitschaft-1", via: "console" },
    ]);
  });

  it("is refused where nobody was called, and to who may only read", async () => {
    const world = await openWorld({}, { paging: PAGING_LINK });
    await addFindings(world.store, [findingOf(ID)]);
    const { send } = await world.person("analyst");
    const { status, body } = await send("POST", `/findings/${ID}/page-answer`, {
      kind: "acknowledged",
    });
    expect([status, body.error.message]).toEqual([
      ...[409, "Zu diesem Befund wurde niemand gerufen."],
    ]);
    const officer = await world.person("isb");
    const refused = await officer.send("POST", `/findings/${ID}/page-answer`, {
      kind: "acknowledged",
    });
    expect(refused.status).toBe(403);
    expect((await send("POST", `/findings/${ID}/page-answer`, { kind: "x" })).status).toBe(422);
  });
});

describe("the board of paging", () => {
  it("shows the channels that the administration uses, with their last proof of life", async () => {
    const world = await openPaged();
    const proof = { handedOverAt: START - MINUTE_MS, circuit: "closed", changedAt: START } as const;
    const document = { channel: "mail", kind: "mail", ...proof };
    await world.store.put(HOME, CHANNEL_PROOF_KIND, "mail", document);
    const { send } = await world.person("isb");
    const { body } = await send("GET", "/paging");
    expect(body.channels).toEqual([
      { id: "mail", kind: "mail", leavesHouse: false, proof },
      { id: "room", kind: "webhook", leavesHouse: false },
      { id: "sms", kind: "sms_http", leavesHouse: true },
    ]);
  });

  it("shows policies as steps, and what goes to the digest", async () => {
    const { send } = await (await openPaged()).person("analyst");
    const { body } = await send("GET", "/paging");
    expect(body).toMatchObject({ isOn: true, digest: ["p3"], truncated: false });
    expect(body.policies).toEqual([
      {
        ...{ id: "main", priorities: ["p1", "p2"], repeats: 3, repeatAfterMinutes: 15 },
        actionWithinMinutes: 30,
        steps: [
          { afterMinutes: 0, to: [{ schedule: { id: "soc", title: "Bereitschaft SOC" } }] },
          {
            afterMinutes: 10,
            to: [{ person: { id: "on-call", name: "On call" } }, { channel: "room" }],
          },
        ],
      },
    ]);
  });

  it("lists what is open, the most urgent first, with how many others are told with it", async () => {
    const world = await openPaged();
    const gathered = pagingOf({ state: "gathered", gatheredIn: ID, pages: [] });
    await addFindings(world.store, [
      findingOf("second", { paging: pagingOf({ priority: "p2" }) }),
      findingOf("told-1", { paging: gathered }),
      findingOf("told-2", { paging: gathered }),
      findingOf("over", { paging: pagingOf({ state: "ended", ended: "exhausted" }) }),
      findingOf("closed", { status: "closed", paging: pagingOf() }),
      findingOf("never"),
    ]);
    const { send } = await world.person("analyst");
    const { open } = (await send("GET", "/paging")).body;
    expect(open).toMatchObject([
      { finding: ID, priority: "p1", title: "Sicherungen gelöscht", gathers: 2 },
      { finding: "second", priority: "p2" },
    ]);
    expect(open).toHaveLength(2);
  });

  it("is empty where nobody is paged", async () => {
    const { send } = await (await openWorld()).person("analyst");
    expect((await send("GET", "/paging")).body).toEqual({
      ...{ at: START, isOn: false, channels: [], policies: [], digest: [], open: [] },
      truncated: false,
    });
    expect((await send("GET", "/paging/check")).body.faults).toEqual([]);
    expect((await send("GET", "/paging/noise")).body).toEqual({ at: START, weeks: [] });
  });

  it("tells what the check of the configuration found, for this administration only", async () => {
    const { send } = await (await openPaged()).person("analyst");
    const { faults } = (await send("GET", "/paging/check")).body;
    const keys = faults.map(({ key }: { key: string }) => key);
    expect(keys).toContain("channel_leaves_house");
    expect(keys).not.toContain("channel_unused");
    expect(JSON.stringify(faults)).not.toMatch(/samtgemeinde|spare|@kreis/);
    for (const { message, mend, path } of faults) {
      expect([message, mend, path].every((text) => text.length > 0)).toBe(true);
    }
  });

  it("counts the pages of the weeks against the budget", async () => {
    const world = await openPaged();
    const calls = [0, 1, 2].map((round) => ({
      ...pagingOf().pages[0],
      ...{ id: `page-${round}`, round, state: "handed_over" as const },
      ...{ at: START, dueAt: START, step: 0, channel: "mail", contact: 0, attempts: 1 },
    }));
    await addFindings(world.store, [findingOf("loud", { paging: pagingOf({ pages: calls }) })]);
    const { send } = await world.person("isb");
    expect((await send("GET", "/paging/noise")).body).toEqual({
      ...{ at: START, budget: 2 },
      weeks: [{ week: "2026-W47", pages: 4, findings: 2, falsePages: 0, isOver: true }],
    });
  });
});

describe("a test page", () => {
  it.each([{ channel: "mail" }, { person: "bereitschaft-1" }, { policy: "main" }])(
    "is asked for by %o, and is on record",
    async (target) => {
      const world = await openPaged();
      const { send, id: account } = await world.person("analyst");
      const { body, status } = await send("POST", "/paging/test-pages", target);
      expect([status, body.state, body.target]).toEqual([200, "requested", target]);
      const found = await world.store.get(HOME, TEST_PAGE_KIND, body.id);
      expect(found?.document).toMatchObject({ requestedAt: START, requestedBy: account, target });
      const [entry] = await world.store.readAudit(HOME, 1, 5);
      expect(entry).toMatchObject({ action: "paging.test", actor: account, payload: { target } });
      expect((await send("GET", `/paging/test-pages/${body.id}`)).body).toEqual(body);
      expect((await send("GET", "/paging/test-pages")).body.testPages).toEqual([body]);
    },
  );

  it("waits for the one before it, for ten minutes", async () => {
    const world = await openPaged();
    const { send } = await world.person("analyst");
    await send("POST", "/paging/test-pages", { channel: "mail" });
    const second = await send("POST", "/paging/test-pages", { channel: "sms" });
    expect(second.status).toBe(409);
    world.pass(11 * MINUTE_MS);
    expect((await send("POST", "/paging/test-pages", { channel: "sms" })).status).toBe(200);
  });

  it("shows its result without what processes and addresses say", async () => {
    const world = await openPaged();
    await world.store.put(HOME, TEST_PAGE_KIND, "t", {
      ...{ id: "t", tenant: HOME, requestedAt: START, requestedBy: "cli", leaseUntil: START },
      target: { channel: "mail", to: "geheim@kreis.example" },
      state: "done",
      results: [
        { id: "p", channel: "mail", contact: 0, state: "handed_over", tookMs: 12, attempts: 1 },
      ],
    });
    const { send } = await world.person("isb");
    const { body } = await send("GET", "/paging/test-pages/t");
    expect(body.target).toEqual({ channel: "mail" });
    expect(body.results).toHaveLength(1);
    expect(body.leaseUntil).toBeUndefined();
    const foreign = await world.person("admin", FOREIGN);
    expect((await foreign.send("GET", "/paging/test-pages/t")).status).toBe(404);
  });

  it.each([
    [{ channel: "spare" }, 422],
    [{ person: "nachbarn" }, 422],
    [{ policy: "constructor" }, 422],
    [{}, 422],
    [{ channel: "mail", to: "fremd@anders.example" }, 422],
    [{ channel: "mail", person: "on-call" }, 422],
  ])("is refused for %o", async (target, status) => {
    const { send } = await (await openPaged()).person("analyst");
    expect((await send("POST", "/paging/test-pages", target)).status).toBe(status);
  });

  it("is not for who may only read", async () => {
    const { send } = await (await openPaged()).person("isb");
    expect((await send("POST", "/paging/test-pages", { channel: "mail" })).status).toBe(403);
  });
});

/** Somebody with an account of this name. */
async function signedIn({ store, now, send }: World, name: string) {
  const given = { tenant: HOME, name, role: "analyst", password: PASSWORD } as const;
  const account = await createAccount(store, {
    ...{ ...given, passwordChangeDue: false, createdAt: now() },
  });
  const limits = { sessionIdleMs: 1_800_000, sessionAbsoluteMs: 36_000_000 };
  const owner = { accountId: account.id, tenant: HOME };
  const { secret } = await openSession(store, owner, now(), limits);
  return send({
    ...{ cookie: `hw_session=${secret}`, origin: ORIGIN, "x-csrf-token": csrfTokenOf(secret) },
  });
}
