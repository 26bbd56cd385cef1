// The name behind a pseudonym: two people, a reason, an incident, an hour; and never in the audit.
import { describe, expect, it } from "vitest";
import { addFindings, FOREIGN, findingOf, HOME, openWorld } from "./fixture.ts";

const PSEUDONYM = "konto-0123456789";
const NAME = "h.petersen (Hans Petersen)";
const MINUTE_MS = 60_000;

async function withIncident() {
  const resolveIdentity = async (tenant: string, pseudonym: string) =>
    tenant === HOME && pseudonym === PSEUDONYM ? NAME : undefined;
  const world = await openWorld({}, { resolveIdentity });
  await addFindings(world.store, [findingOf("a")]);
  const asker = await world.person("analyst");
  const declared = await asker.send("POST", "/incidents", {
    ...{ title: "Kontoübernahme", findingIds: ["a"], category: "intrusion" },
    firstCompromise: { method: "unknown" },
    impact: { confidentiality: "unknown", integrity: "unknown", availability: "unknown" },
  });
  const incident: string = declared.body.incident.id;
  const body = { pseudonym: PSEUDONYM, reason: "notify_person", incident };
  const second = await world.person("isb");
  return { ...world, body, asker, second };
}

describe("a request for a name", () => {
  it("is approved by a second person, readable by who asked for an hour, and audited", async () => {
    const { body, asker, second, pass, store } = await withIncident();
    const made = await asker.send("POST", "/identity/requests", body);
    expect(made.body).toMatchObject({ state: "waiting", requester: asker.id });
    const path = `/identity/requests/${made.body.id}`;
    expect((await asker.send("GET", path)).body.name).toBeUndefined();
    const approved = await second.send("POST", `${path}/approve`);
    expect(approved.body).toMatchObject({ state: "approved", decidedBy: second.id });
    expect((await asker.send("GET", path)).body.name).toBe(NAME);
    expect((await second.send("GET", path)).body).not.toHaveProperty("name");
    expect(JSON.stringify((await second.send("GET", "/identity/requests")).body)).not.toContain(
      NAME,
    );
    pass(60 * MINUTE_MS);
    expect((await asker.send("GET", path)).body).not.toHaveProperty("name");

    const entries = await store.readAudit(HOME, 0, 100);
    const steps = entries.filter(({ action }) => action.startsWith("identity."));
    expect(steps.map(({ action, actor }) => [action, actor])).toEqual([
      ["identity.request", asker.id],
      ["identity.approve", second.id],
      ["identity.read", asker.id],
    ]);
    expect(JSON.stringify(entries)).not.toContain("etersen");
    expect(steps[0]?.payload).toMatchObject({ reason: "notify_person", pseudonym: PSEUDONYM });
  });

  it("is refused, and stays so", async () => {
    const { body, asker, second } = await withIncident();
    const { id } = (await asker.send("POST", "/identity/requests", body)).body;
    const path = `/identity/requests/${id}`;
    expect((await second.send("POST", `${path}/refuse`)).body.state).toBe("refused");
    expect((await second.send("POST", `${path}/approve`)).status).toBe(409);
    expect((await asker.send("GET", path)).body).not.toHaveProperty("name");
  });

  it("can't be approved by who asked, by an analyst, or from another tenant", async () => {
    const { body, second, person } = await withIncident();
    const own = (await second.send("POST", "/identity/requests", body)).body;
    const path = `/identity/requests/${own.id}`;
    expect((await second.send("POST", `${path}/approve`)).status).toBe(403);
    expect((await (await person("analyst")).send("POST", `${path}/approve`)).status).toBe(403);
    expect((await (await person("isb", FOREIGN)).send("POST", `${path}/approve`)).status).toBe(404);
    expect((await (await person("analyst")).send("GET", path)).status).toBe(404);
  });

  const wrong: [string, object][] = [
    ["a reason that is not on the list", { reason: "curiosity" }],
    ["an incident that there is not", { incident: "none" }],
    ["something that is no pseudonym", { pseudonym: "h.petersen" }],
    ["several at once", { pseudonym: [PSEUDONYM, PSEUDONYM] }],
  ];
  for (const [title, change] of wrong) {
    it(`is not taken with ${title}`, async () => {
      const { body, asker } = await withIncident();
      const { status } = await asker.send("POST", "/identity/requests", { ...body, ...change });
      expect(status).toBe(422);
    });
  }
});
