// Block lists over the API: two persons, expiry, what is refused, the feeds as firewalls fetch them, and what
// completed entries propose for an incident.
import { describe, expect, it } from "vitest";
import { createToken } from "../../../services/api/api-tokens.ts";
import type { TokenScope } from "../../../services/api/permissions.ts";
import type { Incident } from "../../../services/store/incident.ts";
import { INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { addFindings, FOREIGN, findingOf, HOME, openWorld, type Send, START } from "./fixture.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ADDRESS = "93.184.216.34";
const body = { type: "address", value: ADDRESS, finding: "f1", reason: "Kommt aus dem Angriff." };

const incident: Incident = {
  ...{ id: "i1", tenant: HOME, title: "Ransomware", description: "", findingIds: ["f2"] },
  ...{ status: "open", verdict: "true_positive", severity: "high", category: "malicious_code" },
  ...{ tlp: "amber", exercise: false, actions: [], evidence: [], reopened: [] },
  firstCompromise: { method: "unknown", evidenceIds: [] },
  impact: { confidentiality: "none", integrity: "none", availability: "limited" },
  tasks: [{ id: "t1", title: "Adresse sperren", origin: "manual", createdAt: START }],
  ...{ mergedFrom: [], splitInto: [], watchers: [], tags: [], createdAt: START, createdBy: "x" },
  ...{ changedAt: START, definitionVersion: 1 },
};

async function withPeople(protectedDomains: readonly string[] = ["kreis.example"]) {
  const shield = { ownNetworks: ["5.6.0.0/16"], ownDomains: [...protectedDomains], critical: [] };
  const blockLists = { days: 30, protectedOf: () => shield };
  const world = await openWorld({ blockLists });
  await addFindings(world.store, [findingOf("f1"), findingOf("f2", { incident: "i1" })]);
  await world.store.create(HOME, INCIDENT_KIND, "i1", incident);
  const first = await world.person("analyst");
  const second = await world.person("analyst");
  const block = async (change: object = {}): Promise<string> => {
    const { id } = (await first.send("POST", "/block-lists", { ...body, ...change })).body;
    await second.send("POST", `/block-lists/${id}/approve`, {});
    return id;
  };
  const firewall = await world.program(["feeds:read"]);
  return { ...world, first, second, block, firewall, shield };
}

const feed = async (send: Send, name = "addresses") =>
  (await send("GET", `/feeds/${name}.txt`)).body;

describe("an entry of a block list", () => {
  it("is proposed by one, approved by another, served until it expires, and audited", async () => {
    const { first, second, firewall, pass, store } = await withPeople();
    const made = (await first.send("POST", "/block-lists", body)).body;
    expect(made).toMatchObject({ state: "proposed", value: ADDRESS, finding: "f1", days: 30 });
    expect(await feed(firewall)).toBe("");
    const own = await first.send("POST", `/block-lists/${made.id}/approve`, {});
    expect([own.status, own.body.error.message]).toEqual([
      403,
      "Zustimmen muss eine zweite Person.",
    ]);
    pass(10 * 60_000);
    const approved = await second.send("POST", `/block-lists/${made.id}/approve`, {});
    expect(approved.body).toMatchObject({
      state: "active",
      until: START + 30 * DAY_MS + 10 * 60_000,
    });
    expect((await second.send("POST", `/block-lists/${made.id}/approve`, {})).status).toBe(409);
    expect(await feed(firewall)).toBe(`${ADDRESS}\n`);
    const actions = (await store.readAudit(HOME, 1, 10)).map(({ action, actor }) => [
      action,
      actor,
    ]);
    expect(actions).toEqual([
      ["block.propose", first.id],
      ["block.approve", second.id],
    ]);
  });

  it("leaves the feed when it expires or is withdrawn", async () => {
    const { first, firewall, block, pass, program } = await withPeople();
    await block({ days: 1 });
    const other = await block({ value: "93.184.216.35", days: 2 });
    expect(await feed(firewall)).toBe(`${ADDRESS}\n93.184.216.35\n`);
    const withdrawn = await first.send("POST", `/block-lists/${other}/withdraw`, {
      reason: "Irrtum",
    });
    expect(withdrawn.body.state).toBe("withdrawn");
    expect(await feed(firewall)).toBe(`${ADDRESS}\n`);
    const again = await first.send("POST", `/block-lists/${other}/withdraw`, { reason: "Irrtum" });
    expect(again.status).toBe(409);
    pass(DAY_MS);
    expect(await feed(await program(["feeds:read"]))).toBe("");
  });

  it("can't be proposed twice, but anew once it is over", async () => {
    const { first, block, pass, person } = await withPeople();
    await block({ days: 1 });
    expect((await first.send("POST", "/block-lists", body)).status).toBe(409);
    pass(DAY_MS);
    const { send } = await person("analyst");
    expect((await send("POST", "/block-lists", body)).status).toBe(200);
  });

  it.each([
    ["a private address", { value: "10.0.0.1" }, "nicht aus dem öffentlichen Netz"],
    ["an own address", { value: "5.6.7.8" }, "im eigenen Netz 5.6.0.0/16"],
    ["an own domain", { type: "domain", value: "www.kreis.example" }, "eigenen Domäne"],
    ["what is no address", { value: "evil.example" }, "keine einzelne Adresse"],
    ["no occasion", { finding: undefined }, "Genau ein Befund"],
    ["two occasions", { incident: "i1" }, "Genau ein Befund"],
    ["a task without an incident", { task: "t1" }, "gehört zu einem Vorfall"],
    ["a task that there is not", { finding: undefined, incident: "i1", task: "t9" }, "nicht"],
    ["more than a year", { days: 366 }, ""],
    ["no reason", { reason: " " }, ""],
  ])("is refused with %s, and said why", async (_title, change, said) => {
    const { first } = await withPeople();
    const answer = await first.send("POST", "/block-lists", { ...body, ...change });
    expect([answer.status, answer.body.error.code]).toEqual([422, "HW_REQUEST_INVALID"]);
    expect(answer.body.error.message).toContain(said);
    expect((await first.send("GET", "/block-lists")).body.entries).toEqual([]);
  });

  it("is of a finding or incident that exists, and of one tenant", async () => {
    const { first, person, block } = await withPeople();
    expect((await first.send("POST", "/block-lists", { ...body, finding: "f9" })).status).toBe(404);
    const id = await block();
    const foreign = await person("analyst", FOREIGN);
    expect((await foreign.send("GET", "/block-lists")).body.entries).toEqual([]);
    const gone = await foreign.send("POST", `/block-lists/${id}/withdraw`, { reason: "x" });
    expect(gone.status).toBe(404);
  });
});

describe("a feed", () => {
  it("has its type alone, one value a line, in the same order however it was made", async () => {
    const { block, firewall } = await withPeople();
    for (const value of ["93.184.216.36", ADDRESS, "2a02:26f0::1"]) await block({ value });
    for (const value of ["evil.example", "bad.example"]) await block({ type: "domain", value });
    await block({ type: "hash", value: "AB".repeat(32) });
    expect(await feed(firewall)).toBe(`2a02:26f0::1\n${ADDRESS}\n93.184.216.36\n`);
    expect(await feed(firewall, "domains")).toBe("bad.example\nevil.example\n");
    expect(await feed(firewall, "hashes")).toBe(`${"ab".repeat(32)}\n`);
  });

  it("answers 304 while nothing has changed", async () => {
    const { block, send, first, store } = await withPeople();
    await block();
    const scopes: TokenScope[] = ["feeds:read"];
    const given = { tenant: HOME, name: "fw", scopes, createdAt: START, createdBy: first.id };
    const { token } = await createToken(store, { ...given, expiresAt: START + DAY_MS });
    const ask = (headers: Record<string, string>) =>
      send({ authorization: `Bearer ${token}`, ...headers })("GET", "/feeds/addresses.txt");
    const whole = await ask({});
    expect(whole.headers["content-type"]).toContain("text/plain");
    const tag = String(whole.headers.etag);
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, "*"]) {
      expect([known, (await ask({ "if-none-match": known })).status]).toEqual([known, 304]);
    }
    await block({ value: "93.184.216.40" });
    const changed = await ask({ "if-none-match": tag });
    expect([changed.status, changed.body]).toEqual([200, `${ADDRESS}\n93.184.216.40\n`]);
    // The token as the password of a name opens the feeds, and nothing else of what it may.
    const basic = `Basic ${Buffer.from(`firewall:${token}`).toString("base64")}`;
    expect((await send({ authorization: basic })("GET", "/feeds/addresses.txt")).status).toBe(200);
    const all: TokenScope[] = ["feeds:read", "findings:read"];
    const broad = await createToken(store, { ...given, scopes: all, expiresAt: START + DAY_MS });
    const asked = { authorization: `Basic ${Buffer.from(`x:${broad.token}`).toString("base64")}` };
    expect((await send(asked)("GET", "/feeds/addresses.txt")).status).toBe(200);
    expect((await send(asked)("GET", "/findings")).status).toBe(403);
  });

  it("leaves out what became our own after it was approved", async () => {
    const { block, firewall, shield } = await withPeople();
    await block({ type: "domain", value: "evil.example" });
    shield.ownDomains.push("evil.example");
    expect(await feed(firewall, "domains")).toBe("");
  });

  it("needs its own scope", async () => {
    const { program, anonymous, person } = await withPeople();
    const reader = await program(["findings:read"]);
    expect((await reader("GET", "/feeds/addresses.txt")).status).toBe(403);
    expect((await anonymous("GET", "/feeds/addresses.txt")).status).toBe(401);
    const { send } = await person("management");
    expect((await send("GET", "/feeds/addresses.txt")).status).toBe(403);
  });

  it("holds nothing of another tenant's", async () => {
    const { block, program } = await withPeople();
    await block();
    expect(await feed(await program(["feeds:read"], FOREIGN))).toBe("");
  });
});

describe("completed entries", () => {
  const proposals = async (send: Send) =>
    (await send("GET", "/incidents/i1/containment-proposals")).body;

  it("propose a time of containment for their incident, the latest first", async () => {
    const { first, block, pass } = await withPeople();
    const linked = await block({ finding: "f2" });
    const direct = await block({ finding: undefined, incident: "i1", value: "93.184.216.35" });
    await block();
    expect(await proposals(first.send)).toEqual({ proposals: [], open: 2 });
    pass(20 * 60_000);
    const done = await first.send("POST", `/block-lists/${linked}/complete`, {});
    expect(done.body).toMatchObject({ completedAt: START + 20 * 60_000, state: "active" });
    const at = START + 5 * 60_000;
    await first.send("POST", `/block-lists/${direct}/complete`, { at });
    expect(await proposals(first.send)).toMatchObject({
      open: 0,
      proposals: [
        { at: START + 20 * 60_000, method: "evidence", block: linked, value: ADDRESS },
        { at, method: "evidence", block: direct },
      ],
    });
  });

  it("are also those whose task is done, and propose nothing once a containment is stated", async () => {
    const { first, block, store } = await withPeople();
    await block({ finding: undefined, incident: "i1", task: "t1" });
    const change = async (more: Partial<Incident>) => {
      const present = await store.get(HOME, INCIDENT_KIND, "i1");
      const next = { ...incident, ...present?.document, ...more };
      await store.replace(HOME, INCIDENT_KIND, "i1", next, present?.version ?? 0);
    };
    const doneAt = START + HOUR_MS;
    await change({ tasks: incident.tasks.map((task) => ({ ...task, doneAt })) });
    expect((await proposals(first.send)).proposals).toMatchObject([{ at: doneAt }]);
    await change({ contained: { at: doneAt, method: "evidence", evidenceIds: [] } });
    expect((await proposals(first.send)).proposals).toEqual([]);
  });

  it("are in force, and were completed between approval and now", async () => {
    const { first, second, block } = await withPeople();
    const complete = (id: string, given: object) =>
      first.send("POST", `/block-lists/${id}/complete`, given);
    const waiting = (await first.send("POST", "/block-lists", { ...body, value: "93.184.216.50" }))
      .body;
    expect((await complete(waiting.id, {})).status).toBe(409);
    const id = await block();
    expect((await complete(id, { at: START - 1 })).status).toBe(422);
    expect((await complete(id, { at: START + 1 })).status).toBe(422);
    expect((await complete(id, { at: START })).status).toBe(200);
    expect((await second.send("GET", "/incidents/i9/containment-proposals")).status).toBe(404);
  });
});
