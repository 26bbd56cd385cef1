import { describe, expect, it } from "vitest";
import { createAccount } from "../../../services/api/accounts.ts";
import { SYSTEM_TENANT } from "../../../services/api/kinds.ts";
import { issueSetupCode } from "../../../services/api/setup.ts";
import { markSimulated } from "../../../services/store/simulated-mark.ts";
import { HOME, ORIGIN, openWorld, PASSWORD, type World } from "./fixture.ts";

const MINUTE_MS = 60_000;

async function withAccount(world: World, name = "Erika", changes = {}) {
  return createAccount(world.store, {
    tenant: HOME,
    name,
    role: "analyst",
    password: PASSWORD,
    passwordChangeDue: false,
    createdAt: world.now(),
    ...changes,
  });
}

const signIn = (world: World, name: string, password: string) =>
  world.send({ origin: ORIGIN })("POST", "/session", { name, password });

const cookieOf = (headers: Readonly<Record<string, unknown>>) =>
  String(headers["set-cookie"]).split(";")[0] ?? "";

const auditActions = async (world: World, tenant = HOME) =>
  (await world.store.readAudit(tenant, 0, 100)).map(
    ({ action, subject }) => `${action} ${subject}`,
  );

describe("signing in", () => {
  it("gives a session that says who it is, what it may and which CSRF token it needs", async () => {
    const world = await openWorld();
    const account = await withAccount(world);
    const answer = await signIn(world, " ERIKA ", PASSWORD);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      account: { id: account.id, name: "Erika", role: "analyst", roleName: "Analyse" },
      tenant: HOME,
      passwordChangeDue: false,
    });
    const cookie = cookieOf(answer.headers);
    const again = await world.send({ cookie })("GET", "/session");
    expect(again.body).toEqual(answer.body);
    expect(await auditActions(world)).toEqual([`session.sign_in ${account.id}`]);
  });

  it("says whether the tenant's data were made up, to that tenant alone", async () => {
    const world = await openWorld();
    await withAccount(world);
    const before = await signIn(world, "Erika", PASSWORD);
    expect(before.body).toMatchObject({ isSimulated: false });
    await markSimulated(world.store, "nachbarkreis", world.now());
    expect((await signIn(world, "Erika", PASSWORD)).body).toMatchObject({ isSimulated: false });
    await markSimulated(world.store, HOME, world.now());
    const after = await signIn(world, "Erika", PASSWORD);
    expect(after.body).toMatchObject({ isSimulated: true });
    const again = await world.send({ cookie: cookieOf(after.headers) })("GET", "/session");
    expect(again.body).toEqual(after.body);
  });

  it("sets a cookie that no script reads and no other site sends", async () => {
    const world = await openWorld();
    await withAccount(world);
    const { headers } = await signIn(world, "Erika", PASSWORD);
    expect(headers["set-cookie"]).toMatch(
      /^hw_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  it("ties the cookie to the host behind TLS", async () => {
    const world = await openWorld({ publicUrl: "https://wacht.landkreis.test" });
    await withAccount(world);
    const send = world.send({ origin: "https://wacht.landkreis.test" });
    const { headers } = await send("POST", "/session", { name: "Erika", password: PASSWORD });
    expect(headers["set-cookie"]).toMatch(
      /^__Host-hw_session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(headers["strict-transport-security"]).toContain("max-age=31536000");
    const { body } = await world.send({ cookie: cookieOf(headers) })("GET", "/session");
    const out = await world.send({
      origin: "https://wacht.landkreis.test",
      cookie: cookieOf(headers),
      "x-csrf-token": body.csrfToken,
    })("DELETE", "/session");
    expect(out.headers["set-cookie"]).toMatch(
      /^__Host-hw_session=; .*Expires=Thu, 01 Jan 1970.*; Secure/,
    );
  });

  it("keeps neither password nor session secret in the store", async () => {
    const world = await openWorld();
    await withAccount(world);
    const { headers, body } = await signIn(world, "Erika", PASSWORD);
    const secret = cookieOf(headers).replace("hw_session=", "");
    const audit = JSON.stringify([
      await world.store.readAudit(HOME, 0, 100),
      await world.store.readAudit(SYSTEM_TENANT, 0, 100),
    ]);
    for (const text of [secret, PASSWORD, body.csrfToken]) expect(audit).not.toContain(text);
  });

  it("refuses a wrong password, an unknown name and a locked account in the same words", async () => {
    const world = await openWorld();
    const erika = await withAccount(world);
    const locked = await withAccount(world, "Gesperrt");
    const admin = await world.person("admin");
    await admin.send("PATCH", `/accounts/${locked.id}`, { version: 1, disabled: true });
    const refusals = [
      await signIn(world, "Erika", "falsch"),
      await signIn(world, "Niemand", PASSWORD),
      await signIn(world, "Gesperrt", PASSWORD),
    ];
    for (const { status, body, headers } of refusals) {
      expect(status).toBe(401);
      expect(body).toEqual(refusals[0]?.body);
      expect(headers["set-cookie"]).toBeUndefined();
    }
    expect(refusals[0]?.body.error.message).toBe("Name oder Passwort stimmt nicht.");
    expect(await auditActions(world)).toEqual([
      `account.change ${locked.id}`,
      `session.sign_in_failed ${erika.id}`,
      `session.sign_in_failed ${locked.id}`,
    ]);
    expect(await auditActions(world, SYSTEM_TENANT)).toEqual(["session.sign_in_failed unknown"]);
  });

  it("does not keep the name that was typed: it may be a password", async () => {
    const world = await openWorld();
    await signIn(world, "Passwort im falschen Feld", "x");
    expect(JSON.stringify(await world.store.readAudit(SYSTEM_TENANT, 0, 9))).not.toContain("Feld");
  });

  it.each(["Erika", "Niemand"])(
    "refuses even the right password of %s after too many attempts",
    async (name) => {
      const world = await openWorld({ limits: { signInsPerNameAndAddressMax: 3 } });
      await withAccount(world);
      const tries = await Promise.all(
        Array.from({ length: 8 }, () => signIn(world, name, "falsch")),
      );
      expect(tries.map(({ status }) => status).sort()).toEqual([
        401, 401, 401, 429, 429, 429, 429, 429,
      ]);
      const late = await signIn(world, name, PASSWORD);
      expect([late.status, late.body.error.code]).toEqual([429, "HW_RATE_LIMITED"]);
      expect(late.body.error.message).toContain("15 Minuten");
    },
  );

  it("is limited for an address that tries many names", async () => {
    const world = await openWorld({ limits: { signInsPerAddressMax: 4 } });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await signIn(world, `n${i}`, "falsch")).status);
    expect(statuses).toEqual([401, 401, 401, 401, 429, 429]);
  });

  it("ends the session that was there before", async () => {
    const world = await openWorld();
    await withAccount(world);
    const cookie = cookieOf((await signIn(world, "Erika", PASSWORD)).headers);
    const send = world.send({ origin: ORIGIN, cookie });
    const second = await send("POST", "/session", { name: "Erika", password: PASSWORD });
    expect(cookieOf(second.headers)).not.toBe(cookie);
    expect((await send("GET", "/session")).status).toBe(401);
  });
});

describe("a session", () => {
  it("ends by signing out", async () => {
    const world = await openWorld();
    const { send } = await world.person("analyst");
    const out = await send("DELETE", "/session");
    expect(out.status).toBe(204);
    expect(out.headers["set-cookie"]).toMatch(/^hw_session=; .*Expires=Thu, 01 Jan 1970/);
    expect((await send("GET", "/session")).status).toBe(401);
  });

  it("ends when nobody uses it, and what screens ask by themselves is no use", async () => {
    const world = await openWorld();
    const used = await world.person("analyst");
    const idle = await world.person("analyst");
    for (let minutes = 0; minutes < 40; minutes += 10) {
      world.pass(10 * MINUTE_MS);
      expect((await used.send("GET", "/findings")).status).toBe(200);
      if (minutes < 20) expect((await idle.send("GET", "/status")).status).toBe(200);
    }
    expect((await idle.send("GET", "/session")).status).toBe(401);
  });

  it("ends after its absolute time, however much it is used", async () => {
    const world = await openWorld();
    const { send } = await world.person("analyst");
    for (let minutes = 0; minutes < 590; minutes += 10) {
      world.pass(10 * MINUTE_MS);
      expect((await send("GET", "/findings")).status).toBe(200);
    }
    world.pass(10 * MINUTE_MS);
    expect((await send("GET", "/findings")).status).toBe(401);
  });

  it("ends at once when its account is locked, and follows a change of its role", async () => {
    const world = await openWorld();
    const admin = await world.person("admin");
    const analyst = await world.person("analyst");
    const change = (version: number, patch: object) =>
      admin.send("PATCH", `/accounts/${analyst.id}`, { version, ...patch });
    expect((await change(1, { role: "management" })).status).toBe(200);
    expect((await analyst.send("GET", "/findings")).status).toBe(403);
    expect((await change(2, { role: "analyst", disabled: true })).status).toBe(200);
    expect((await analyst.send("GET", "/findings")).status).toBe(401);
  });
});

describe("a forged request", () => {
  const body = { version: 1, verdict: "duplicate" };

  it.each([
    ["without the CSRF token", { "x-csrf-token": undefined }],
    ["with another session's CSRF token", { "x-csrf-token": "x".repeat(43) }],
    ["without an origin", { origin: undefined }],
    ["from another site", { origin: "http://evil.test" }],
    ["from a sandboxed frame", { origin: "null" }],
    ["from the same host under another port", { origin: "http://console.test:81" }],
  ])("is refused: %s", async (_name, changes) => {
    const world = await openWorld();
    const { cookie, send } = await world.person("analyst");
    const good = {
      cookie,
      origin: ORIGIN,
      "x-csrf-token": (await send("GET", "/session")).body.csrfToken,
    };
    const headers = Object.entries({ ...good, ...changes }).filter((one) => one[1] !== undefined);
    // Undefined values were just filtered out.
    const forged = world.send(Object.fromEntries(headers) as Record<string, string>);
    const { status, body: answer } = await forged("POST", "/findings/x/verdict", body);
    expect([status, answer.error.code]).toEqual([403, "HW_FORBIDDEN"]);
    expect((await world.send(good)("POST", "/findings/x/verdict", body)).status).toBe(404);
  });

  it("can't sign a browser in from another site", async () => {
    const world = await openWorld();
    await withAccount(world);
    const send = world.send({ origin: "http://evil.test" });
    expect((await send("POST", "/session", { name: "Erika", password: PASSWORD })).status).toBe(
      403,
    );
  });

  it("is not what a token sends: tokens need no CSRF token", async () => {
    const world = await openWorld();
    const send = await world.program(["findings:write"]);
    expect((await send("POST", "/findings/x/verdict", body)).status).toBe(404);
  });
});

describe("the first set-up", () => {
  const account = { name: "Erste", password: "ein sehr langes Passwort" };
  const setUp = (world: World, code: string, given: object = account) =>
    world.send({ origin: ORIGIN })("POST", "/session/setup", { code, ...given });

  it("makes an administrator of the given tenant with the code of the log, once", async () => {
    const world = await openWorld();
    const code = (await issueSetupCode(world.store, HOME, world.now())) ?? "";
    expect((await world.anonymous("GET", "/session")).body.error.details).toEqual({ setup: true });
    const answers = await Promise.all([
      setUp(world, code.toLowerCase()),
      setUp(world, code, { ...account, name: "Zweite" }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const good = answers.find(({ status }) => status === 200);
    expect(good?.body).toMatchObject({ account: { role: "admin" }, tenant: HOME });
    expect((await world.anonymous("GET", "/session")).body.error.details).toEqual({ setup: false });
    expect(await issueSetupCode(world.store, HOME, world.now())).toBeUndefined();
    expect((await signIn(world, good?.body.account.name, account.password)).status).toBe(200);
  });

  it.each([
    ["a wrong code", () => "00000-00000-00000-00000", 0],
    ["an empty code", () => "-", 0],
    ["a code that is over", (code: string) => code, 24 * 60 * MINUTE_MS],
  ])("refuses %s", async (_name, typed, passed) => {
    const world = await openWorld();
    const code = (await issueSetupCode(world.store, HOME, world.now())) ?? "";
    world.pass(passed);
    expect((await setUp(world, typed(code))).status).toBe(401);
    expect(await auditActions(world, SYSTEM_TENANT)).toEqual(["session.setup_failed setup"]);
  });

  it("keeps the code when the account does not fit, and replaces it at the next start", async () => {
    const world = await openWorld();
    const first = (await issueSetupCode(world.store, HOME, world.now())) ?? "";
    expect((await setUp(world, first, { name: "Erste", password: "kurz" })).status).toBe(422);
    const second = (await issueSetupCode(world.store, HOME, world.now())) ?? "";
    expect((await setUp(world, first)).status).toBe(401);
    expect((await setUp(world, second)).status).toBe(200);
  });
});

describe("passwords", () => {
  it("have to be changed first when somebody else set them", async () => {
    const world = await openWorld();
    await withAccount(world, "Neu", { passwordChangeDue: true });
    const { body, headers } = await signIn(world, "Neu", PASSWORD);
    expect(body.passwordChangeDue).toBe(true);
    const given = { origin: ORIGIN, cookie: cookieOf(headers), "x-csrf-token": body.csrfToken };
    expect((await world.send(given)("GET", "/findings")).status).toBe(403);
    const next = "mein eigenes Passwort";
    const changed = await world.send(given)("POST", "/session/password", {
      present: PASSWORD,
      next,
    });
    expect(changed.body.passwordChangeDue).toBe(false);
    const fresh = world.send({ cookie: cookieOf(changed.headers) });
    expect((await fresh("GET", "/findings")).status).toBe(200);
    expect((await signIn(world, "Neu", PASSWORD)).status).toBe(401);
    expect((await signIn(world, "Neu", next)).status).toBe(200);
  });

  it("end all other sessions of the account when they change", async () => {
    const world = await openWorld();
    await withAccount(world);
    const other = cookieOf((await signIn(world, "Erika", PASSWORD)).headers);
    const { body, headers } = await signIn(world, "Erika", PASSWORD);
    const given = { origin: ORIGIN, cookie: cookieOf(headers), "x-csrf-token": body.csrfToken };
    const next = "mein eigenes Passwort";
    await world.send(given)("POST", "/session/password", { present: PASSWORD, next });
    expect((await world.send({ cookie: other })("GET", "/session")).status).toBe(401);
  });

  it.each([
    ["the present one is wrong", { present: "falsch", next: "mein eigenes Passwort" }],
    ["the next one is the present one", { present: PASSWORD, next: PASSWORD }],
    ["the next one is too short", { present: PASSWORD, next: "kurz" }],
  ])("stay when %s", async (_name, body) => {
    const world = await openWorld();
    const { send } = await world.person("analyst");
    const { status, body: answer } = await send("POST", "/session/password", body);
    expect([status, answer.error.code]).toEqual([422, "HW_REQUEST_INVALID"]);
    expect(JSON.stringify(answer)).not.toContain(body.next);
    expect((await send("GET", "/session")).status).toBe(200);
  });
});
