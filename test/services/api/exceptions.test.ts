// Exceptions over the API: their life from a false positive to their end, who must agree when, the preview,
// the audit, and what others may see.
import { describe, expect, it } from "vitest";
import { addFindings, FOREIGN, findingOf, HOME, openWorld, type Send, START } from "./fixture.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const { detector } = findingOf("x");
const matchers = [{ field: "entity", value: "host:fs01" }];
const FALSE_POSITIVE = { verdict: "false_positive", reason: "logic", at: START, by: "x" } as const;
const TRUE_POSITIVE = { verdict: "true_positive", at: START - 20 * DAY_MS, by: "x" } as const;
const body = { finding: "fp", matchers, reason: "Die Verteilsoftware räumt auf." };

const falsePositive = findingOf("fp", {
  ...{ raisedAt: START - 2 * HOUR_MS, status: "closed", verdict: FALSE_POSITIVE },
});
const open = findingOf("open", { raisedAt: START - HOUR_MS });
const elsewhere = findingOf("elsewhere", {
  ...{ raisedAt: START - HOUR_MS, entities: [{ type: "host", value: "fs02" }] },
});
const otherRule = findingOf("other", {
  ...{ raisedAt: START - HOUR_MS, detector: { ...detector, id: "other" } },
});
const once = findingOf("once", {
  ...{ raisedAt: START - 20 * DAY_MS, verdictHistory: [TRUE_POSITIVE] },
});

async function withFindings(...more: Parameters<typeof addFindings>[1]) {
  const world = await openWorld();
  await addFindings(world.store, [falsePositive, open, elsewhere, otherRule, ...more]);
  const { send, id } = await world.person("analyst");
  return { ...world, connect: world.send, send, account: id };
}

const quiet = async ({ send }: { readonly send: Send }, state: string) =>
  (await send("GET", `/findings?quiet=${state}`)).body.findings
    .map(({ id }: { id: string }) => id)
    .sort();

describe("an exception", () => {
  it("is active at once, hides its own detector's findings alone, and is counted and audited", async () => {
    const world = await withFindings();
    const { send, store, account } = world;
    const made = await send("POST", "/exceptions", { ...body, from: START - 3 * HOUR_MS });
    expect(made.body).toMatchObject({
      ...{ state: "active", findings: 2, owner: account, detector: detector.id, finding: "fp" },
      until: START + 90 * DAY_MS,
      consent: { proposedBy: account, needs: [] },
    });
    expect(await quiet(world, "excepted")).toEqual(["fp", "open"]);
    expect(await quiet(world, "none")).toEqual(["elsewhere", "other"]);
    expect((await send("GET", "/findings/open")).body.finding.exceptedBy).toEqual([made.body.id]);
    expect((await send("GET", "/findings/summary")).body).toMatchObject({
      quiet: { silenced: 0, inhibited: 0, excepted: 1, maintenance: 0 },
    });
    const [entry] = await store.readAudit(HOME, 1, 10);
    expect(entry).toMatchObject({
      ...{ action: "exception.propose", subject: made.body.id, actor: account },
      payload: { after: { state: "active", reason: body.reason } },
    });
    expect((await send("GET", "/exceptions")).body).toMatchObject({
      exceptions: [{ id: made.body.id, state: "active", findings: 2 }],
      truncated: false,
    });
  });

  it("leaves what was raised before it in the queue, unless it is asked to reach back", async () => {
    const world = await withFindings();
    await world.send("POST", "/exceptions", body);
    expect(await quiet(world, "excepted")).toEqual([]);
  });

  it("needs a second person when it would have hidden a true positive, even one judged anew since", async () => {
    const world = await withFindings(once);
    const { send, store } = world;
    const from = START - 3 * HOUR_MS;
    const made = (await send("POST", "/exceptions", { ...body, from })).body;
    expect(made).toMatchObject({
      ...{ state: "proposed", findings: 0 },
      consent: { needs: ["true_positives"], truePositives: ["once"] },
    });
    expect(await quiet(world, "excepted")).toEqual([]);
    const own = await send("POST", `/exceptions/${made.id}/agree`, {});
    expect([own.status, own.body.error.message]).toEqual([
      403,
      "Zustimmen muss eine zweite Person.",
    ]);
    const second = await world.person("analyst");
    const agreed = await second.send("POST", `/exceptions/${made.id}/agree`, {});
    expect(agreed.body).toMatchObject({
      ...{ state: "active", findings: 2 },
      consent: { agreedBy: second.id, agreedAt: START },
    });
    expect((await second.send("POST", `/exceptions/${made.id}/agree`, {})).status).toBe(409);
    const entries = await store.readAudit(HOME, 1, 10);
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ["exception.propose", world.account],
      ["exception.agree", second.id],
    ]);
    expect(entries[1]?.payload).toMatchObject({
      before: { state: "proposed" },
      after: { state: "active" },
    });
  });

  it("needs a second person for a critical detector", async () => {
    const critical = { ...detector, level: "critical" } as const;
    const { send } = await withFindings(
      findingOf("grave", { ...falsePositive, id: "grave", detector: critical }),
    );
    const made = await send("POST", "/exceptions", { ...body, finding: "grave" });
    expect(made.body).toMatchObject({
      ...{ state: "proposed", consent: { needs: ["critical_detector"] } },
    });
  });

  it("can't be agreed to by programs, nor by the account whose program proposed it", async () => {
    const world = await withFindings(once);
    const admin = await world.person("admin");
    const asked = { name: "automat", scopes: ["findings:write"] };
    const { token } = (await admin.send("POST", "/tokens", asked)).body;
    const program = world.connect({ authorization: `Bearer ${token}` });
    const made = (await program("POST", "/exceptions", body)).body;
    expect(made.consent.proposedBy).toBe(admin.id);
    expect((await admin.send("POST", `/exceptions/${made.id}/agree`, {})).status).toBe(403);
    expect((await program("POST", `/exceptions/${made.id}/agree`, {})).status).toBe(403);
    const officer = await world.person("isb");
    expect((await officer.send("POST", `/exceptions/${made.id}/agree`, {})).status).toBe(403);
    const [only] = (await admin.send("GET", "/exceptions")).body.exceptions;
    expect(only.state).toBe("proposed");
  });

  it("gives back what it hid when it is withdrawn, once", async () => {
    const world = await withFindings();
    const { send } = world;
    const made = (await send("POST", "/exceptions", { ...body, from: START - 3 * HOUR_MS })).body;
    const withdraw = () => send("POST", `/exceptions/${made.id}/withdraw`, { reason: "Irrtum" });
    expect((await withdraw()).body).toMatchObject({ state: "withdrawn", findings: 0 });
    expect(await quiet(world, "excepted")).toEqual([]);
    expect((await withdraw()).status).toBe(409);
    expect((await send("POST", "/exceptions/nothing/withdraw", { reason: "x" })).status).toBe(404);
  });

  it("expires by the clock, and can't be agreed to afterwards", async () => {
    const { send, pass, person } = await withFindings(once);
    const made = (await send("POST", "/exceptions", { ...body, days: 2 })).body;
    pass(2 * DAY_MS);
    const second = await person("analyst");
    expect((await second.send("POST", `/exceptions/${made.id}/agree`, {})).status).toBe(409);
    const [only] = (await second.send("GET", "/exceptions")).body.exceptions;
    expect(only.state).toBe("expired");
  });

  it.each([
    ["a finding without a verdict", { finding: "open" }],
    ["matchers that don't fit its finding", { matchers: [{ field: "entity", value: "fs02" }] }],
    ["a matcher about the rule", { matchers: [{ field: "rule", value: detector.id }] }],
    ["a matcher about the level", { matchers: [...matchers, { field: "level", value: "high" }] }],
    [
      "matchers that fit everything",
      { matchers: [{ field: "entity", operator: "glob", value: "*" }] },
    ],
    ["no matcher", { matchers: [] }],
    ["no reason", { reason: "  " }],
    ["more than a year", { days: 366 }],
    ["a beginning too long ago", { from: START - 8 * DAY_MS }],
    ["a beginning in the future", { from: START + 1 }],
    ["an owner that there is not", { owner: "nobody" }],
    ["an unknown key", { tenant: FOREIGN }],
  ])("is refused with %s", async (_title, change) => {
    const { send } = await withFindings();
    const answer = await send("POST", "/exceptions", { ...body, ...change });
    expect([answer.status, answer.body.error.code]).toEqual([422, "HW_REQUEST_INVALID"]);
    expect((await send("GET", "/exceptions")).body.exceptions).toEqual([]);
  });

  it("belongs to its tenant, and so does the finding that it is made from", async () => {
    const { send, person } = await withFindings();
    const { id } = (await send("POST", "/exceptions", body)).body;
    const foreign = (await person("analyst", FOREIGN)).send;
    expect((await foreign("GET", "/exceptions")).body.exceptions).toEqual([]);
    expect((await foreign("POST", `/exceptions/${id}/withdraw`, { reason: "x" })).status).toBe(404);
    expect((await foreign("POST", "/exceptions", body)).status).toBe(404);
  });
});

describe("the preview of an exception", () => {
  it("counts 30 days of its detector and names every true positive, without changing anything", async () => {
    const world = await withFindings(
      once,
      findingOf("real", { raisedAt: START - DAY_MS, status: "closed", verdict: TRUE_POSITIVE }),
      findingOf("ancient", { raisedAt: START - 31 * DAY_MS, verdict: TRUE_POSITIVE }),
      findingOf("busy", { raisedAt: START - 25 * DAY_MS, signalCount: 5 }),
    );
    const asked = { finding: "fp", matchers, from: START - 3 * HOUR_MS };
    const { body: preview } = await world.send("POST", "/exceptions/preview", asked);
    expect(preview).toMatchObject({
      ...{ days: 30, findings: 5, signals: 9, leaving: 1, critical: 0, truncated: false },
      needs: ["true_positives"],
    });
    const ids = preview.truePositives.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(["real", "once"]);
    expect(await quiet(world, "excepted")).toEqual([]);
    expect((await world.send("GET", "/exceptions")).body.exceptions).toEqual([]);
  });
});
