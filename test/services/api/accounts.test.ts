import { describe, expect, it } from "vitest";
import { createAccount, nameKey } from "../../../services/api/accounts.ts";
import { ACCOUNT_NAME_KIND, SYSTEM_TENANT } from "../../../services/api/kinds.ts";
import { createStoreShipperKeys } from "../../../services/api/shipper-keys.ts";
import { FOREIGN, HOME, openWorld } from "./fixture.ts";

const NEW = { name: "Erika", role: "analyst", password: "ein erstes Passwort" };

describe("accounts", () => {
  it("are made for the administrator's own tenant and listed without their hash", async () => {
    const world = await openWorld();
    const { send } = await world.person("admin");
    const made = await send("POST", "/accounts", NEW);
    expect(made.body).toMatchObject({ name: "Erika", role: "analyst", passwordChangeDue: true });
    const { body } = await send("GET", "/accounts");
    expect(body.accounts).toContainEqual(made.body);
    expect(JSON.stringify(body)).not.toContain("argon2");
    const foreign = await world.person("admin", FOREIGN);
    expect((await foreign.send("GET", "/accounts")).body.accounts).toHaveLength(1);
  });

  it("have one name each, whatever its case", async () => {
    const world = await openWorld();
    const { send } = await world.person("admin");
    await send("POST", "/accounts", NEW);
    const again = await send("POST", "/accounts", { ...NEW, name: "ERIKA" });
    expect([again.status, again.body.error.code]).toEqual([409, "HW_EXISTS"]);
  });

  it("can take a name whose account was never written", async () => {
    const world = await openWorld();
    const id = nameKey("Erika");
    await world.store.create(SYSTEM_TENANT, ACCOUNT_NAME_KIND, id, {
      accountId: "lost",
      claimedAt: world.now(),
    });
    const { send } = await world.person("admin");
    expect((await send("POST", "/accounts", NEW)).status).toBe(409);
    world.pass(60_000);
    expect((await send("POST", "/accounts", NEW)).status).toBe(200);
  });

  it.each([
    { ...NEW, name: "" },
    { ...NEW, name: "-erika" },
    { ...NEW, name: "erika\u202Enimda" },
    { ...NEW, role: "root" },
    { ...NEW, password: "kurz" },
    { ...NEW, password: "x".repeat(201) },
    { ...NEW, tenant: FOREIGN },
    { name: "Erika" },
    [],
    "text",
  ])("are not made of %j", async (body) => {
    const world = await openWorld();
    const { send } = await world.person("admin");
    const { status, body: answer } = await send("POST", "/accounts", body);
    expect([status, answer.error.code]).toEqual([422, "HW_REQUEST_INVALID"]);
  });

  it("change only from their present version, and with an audit of old and new", async () => {
    const world = await openWorld();
    const { send } = await world.person("admin");
    const { id } = (await send("POST", "/accounts", NEW)).body;
    expect((await send("PATCH", `/accounts/${id}`, { version: 1, role: "isb" })).body.version).toBe(
      2,
    );
    const stale = await send("PATCH", `/accounts/${id}`, { version: 1, role: "admin" });
    expect([stale.status, stale.body.error.code]).toEqual([409, "HW_CONFLICT"]);
    const entry = (await world.store.readAudit(HOME, 0, 100)).at(-1);
    expect(entry).toMatchObject({
      action: "account.change",
      subject: id,
      payload: { before: { role: "analyst" }, after: { role: "isb" }, passwordSet: false },
    });
  });

  it("of one's own can't be changed, so that one administrator always stays", async () => {
    const world = await openWorld();
    const { id, send } = await world.person("admin");
    const own = await send("PATCH", `/accounts/${id}`, { version: 1, role: "analyst" });
    expect([own.status, own.body.error.message]).toEqual([
      409,
      "Das eigene Konto lässt sich so nicht ändern.",
    ]);
  });
});

describe("tokens", () => {
  it("work until they are over or deleted, and are shown once", async () => {
    const world = await openWorld();
    const { send } = await world.person("admin");
    const body = { name: "Auswertung", scopes: ["findings:read"], validDays: 1 };
    const { id, token } = (await send("POST", "/tokens", body)).body;
    const program = world.send({ authorization: `Bearer ${token}` });
    expect((await program("GET", "/findings")).status).toBe(200);
    expect(JSON.stringify((await send("GET", "/tokens")).body)).not.toContain(token);
    world.pass(86_399_999);
    expect((await program("GET", "/findings")).status).toBe(200);
    world.pass(1);
    expect((await program("GET", "/findings")).status).toBe(401);

    const admin = await world.person("admin");
    const second = (await admin.send("POST", "/tokens", body)).body;
    expect((await admin.send("DELETE", `/tokens/${second.id}`)).status).toBe(204);
    expect((await admin.send("DELETE", `/tokens/${second.id}`)).status).toBe(404);
    expect(id).not.toBe(second.id);
    const deleted = world.send({ authorization: `Bearer ${second.token}` });
    expect((await deleted("GET", "/findings")).status).toBe(401);
  });

  it.each([[["accounts:write"]], [["tokens:write"]], [["audit:read"]], [[]], [["*"]]])(
    "can't have the scopes %j",
    async (scopes) => {
      const world = await openWorld();
      const { send } = await world.person("admin");
      expect((await send("POST", "/tokens", { name: "t", scopes })).status).toBe(422);
    },
  );
});

describe("shipper keys", () => {
  it("stand for a tenant, a source and its format until they are deleted", async () => {
    const world = await openWorld();
    const { send } = await world.person("admin");
    const body = { source: "dc", format: "winlogbeat", timeZone: "Europe/Berlin" };
    const { id, key } = (await send("POST", "/shippers", body)).body;
    const keys = createStoreShipperKeys(world.store);
    expect(await keys.verify(id, key)).toEqual({ tenant: HOME, ...body });
    expect(await keys.verify(id, `${key}x`)).toBeUndefined();
    expect(await keys.verify(id, "")).toBeUndefined();
    expect(await keys.verify("unknown", key)).toBeUndefined();
    expect(JSON.stringify((await send("GET", "/shippers")).body)).not.toContain(key);
    expect((await send("DELETE", `/shippers/${id}`)).status).toBe(204);
    expect(await keys.verify(id, key)).toBeUndefined();
  });

  it.each([
    { source: "" },
    { source: "../x" },
    { source: "dc", timeZone: "Mars/Olympus" },
    { source: "dc", format: "A B" },
    { source: "dc", tenant: FOREIGN },
  ])("are not made of %j", async (body) => {
    const world = await openWorld();
    const { send } = await world.person("admin");
    expect((await send("POST", "/shippers", body)).status).toBe(422);
  });
});

describe("the store of accounts", () => {
  it("never makes two accounts of one name at the same time", async () => {
    const { store } = await openWorld();
    const one = () =>
      createAccount(store, {
        tenant: HOME,
        name: "Erika",
        role: "analyst",
        password: "ein langes Passwort",
        passwordChangeDue: false,
        createdAt: 0,
      });
    const made = await Promise.allSettled([one(), one(), one()]);
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});
