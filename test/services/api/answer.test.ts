import { describe, expect, it } from "vitest";
import { pagingSchema } from "../../../config/paging.ts";
import type { PagingLink } from "../../../services/api/context.ts";
import { type PageLink, pageMark, signForm, signLink } from "../../../services/paging/links.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { FindingPaging, PageAnswer } from "../../../services/store/paging.ts";
import { addFindings, FOREIGN, findingOf, HOME, openWorld, START, type World } from "./fixture.ts";

const FINDING = "0123456789abcdef0123456789abcdef";
const PAGE = "page-1";
const HOUR_MS = 3_600_000;
const KEYS = createKeyRing(Buffer.alloc(32, 7));
const CONTACTS = [{ channel: "mail", to: "bereitschaft@kreis.example" }];
const TENANT = {
  people: {
    "bereitschaft-1": { name: "Bereitschaft 1", contacts: CONTACTS },
    "on-call": { name: "On call", language: "en", contacts: CONTACTS },
  },
  policies: { main: { steps: [{ to: [{ person: "bereitschaft-1" }] }] } },
  routes: { p1: { policy: "main" }, p2: { policy: "main" } },
};
const CONFIG = pagingSchema.parse({
  channels: { mail: { kind: "mail", host: "mail.kreis.example", from: "soc@kreis.example" } },
  tenants: { [HOME]: TENANT, [FOREIGN]: TENANT },
});

const PAGING: PagingLink = {
  config: CONFIG,
  keys: KEYS,
};

const linkOf = (changes: Partial<PageLink> = {}): PageLink => ({
  ...{ purpose: "acknowledge", tenant: HOME, finding: FINDING, page: PAGE },
  ...{ person: "bereitschaft-1", expiresAt: START + HOUR_MS },
  ...changes,
});

const paging = (changes: Partial<FindingPaging> = {}): FindingPaging => ({
  ...{ priority: "p1", policy: "main", state: "escalating", requestedAt: START },
  ...{ opening: 0, round: 0, step: 1 },
  pages: ["bereitschaft-1", "on-call", undefined].map((person, index) => ({
    ...{ id: `page-${index + 1}`, round: 0, step: 0, channel: "mail", contact: 0 },
    ...(person === undefined ? {} : { person }),
    ...{ state: "handed_over", dueAt: START, at: START, attempts: 1 },
  })),
  answers: [],
  ...changes,
});

async function openPaged(changes: Partial<Finding> = {}): Promise<World> {
  const publicUrl = "http://console.test";
  const world = await openWorld(
    { publicUrl, tenantNames: { [HOME]: "Landkreis" } },
    { paging: PAGING },
  );
  await addFindings(world.store, [findingOf(FINDING, { paging: paging(), ...changes })]);
  return world;
}

const answersOf = async ({ store }: World): Promise<readonly PageAnswer[]> =>
  (await store.get(HOME, FINDING_KIND, FINDING))?.document.paging?.answers ?? [];

const FORM = { "content-type": "application/x-www-form-urlencoded" };

function page(world: World, link = linkOf()) {
  const url = `/antwort/${signLink(KEYS, link)}`;
  const get = (options: object = {}) => world.api.inject({ method: "GET", url, ...options });
  const post = (form: string, headers: object = FORM) =>
    world.api.inject({
      ...{ method: "POST", url, headers: { host: "console.test", ...headers } },
      payload: new URLSearchParams({ form }).toString(),
    });
  const press = async () => post(nonceIn((await get()).body));
  return { url, get, post, press };
}

const nonceIn = (html: string): string => / name="form" value="([^"]*)"/.exec(html)?.[1] ?? "";

describe("the page behind a link", () => {
  it("says what will be done with which finding, and nothing more", async () => {
    const world = await openPaged();
    const { body, statusCode, headers } = await page(world).get();
    expect(statusCode).toBe(200);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    for (const said of ["P1: sofort", "Sicherungen gelöscht", "Landkreis", "20.11.2026, 08:59"]) {
      expect(body).toContain(said);
    }
    for (const secret of ["fs01", "T1490", "Schattenkopien", FINDING, "bereitschaft"]) {
      expect(body).not.toContain(secret);
    }
    expect(body).toContain('<html lang="de">');
    expect(await answersOf(world)).toEqual([]);
  });

  it("is not kept, not indexed, tells no referrer and runs no script", async () => {
    const { body, headers } = await page(await openPaged()).get();
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["x-robots-tag"]).toContain("noindex");
    expect(headers["referrer-policy"]).toBe("no-referrer");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).toContain("style-src 'self'");
    expect(body).not.toMatch(/<script|style=| on\w+=/);
  });

  it("has its style sheet beside it", async () => {
    const { api } = await openPaged();
    const { body, headers, statusCode } = await api.inject("/antwort/seite.css");
    expect([statusCode, headers["content-type"]]).toEqual([200, "text/css; charset=utf-8"]);
    expect(body).toContain("light-dark(");
  });

  it("speaks the person's language", async () => {
    const world = await openPaged();
    const link = linkOf({ person: "on-call", page: "page-2", purpose: "decline" });
    const { body } = await page(world, link).get();
    expect(body).toContain('<html lang="en">');
    expect(body).toContain("Decline the page");
  });

  it("shows a hostile title as plain text", async () => {
    const title = `</dd><script>alert(1)</script>"'&\u202Etxt.exe\u0000\u200B`;
    const { detector } = findingOf(FINDING);
    const { body } = await page(await openPaged({ detector: { ...detector, title } })).get();
    expect(body).toContain("&lt;/dd&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;");
    for (const gone of ["<script", "\u202E", "\u0000", "\u200B"]) expect(body).not.toContain(gone);
  });
});

describe("the form of a link", () => {
  it("acts once, and says so the second time", async () => {
    const world = await openPaged();
    const { get, post } = page(world);
    const nonce = nonceIn((await get()).body);
    const first = await post(nonce);
    expect([first.statusCode, first.body.includes("Übernommen.")]).toEqual([200, true]);
    expect(first.body).toContain(`http://console.test/warteschlange/${FINDING}`);
    const second = await post(nonce);
    expect([second.statusCode, second.body.includes("schon geantwortet")]).toEqual([200, true]);
    expect((await get()).body).toContain("schon geantwortet");
    expect(await answersOf(world)).toEqual([
      {
        ...{ kind: "acknowledged", at: START, via: "link" },
        ...{ person: "bereitschaft-1", page: PAGE },
      },
    ]);
  });

  it("writes who answered into the audit chain", async () => {
    const world = await openPaged();
    await page(world).press();
    const entries = await world.store.readAudit(HOME, 1, 10);
    expect(
      entries.map(({ action, actor, subject, payload }) => [action, actor, subject, payload]),
    ).toEqual([
      [
        "finding.page_acknowledge",
        "on-call:bereitschaft-1",
        FINDING,
        {
          before: { state: "escalating", round: 0 },
          after: { state: "acknowledged", round: 0 },
          ...{ via: "link", page: PAGE },
        },
      ],
    ]);
  });

  it("declines where the link is for that", async () => {
    const world = await openPaged();
    const { body } = await page(world, linkOf({ purpose: "decline" })).press();
    expect(body).toContain("Abgelehnt.");
    expect((await answersOf(world)).map(({ kind }) => kind)).toEqual(["declined"]);
  });

  it("of a room says that somebody there answered", async () => {
    const world = await openPaged();
    await page(world, linkOf({ person: undefined, page: "page-3" })).press();
    expect(await answersOf(world)).toEqual([
      { kind: "acknowledged", at: START, via: "link", page: "page-3" },
    ]);
  });

  it("answers once when it is sent twice at the same time", async () => {
    const world = await openPaged();
    const { get, post } = page(world);
    const nonce = nonceIn((await get()).body);
    const sent = await Promise.all(Array.from({ length: 20 }, () => post(nonce)));
    expect(sent.filter(({ body }) => body.includes("Übernommen.")).length).toBe(1);
    expect((await answersOf(world)).length).toBe(1);
  });

  it("is shown again when it was open for too long", async () => {
    const world = await openPaged();
    const link = linkOf({ expiresAt: START + 3 * HOUR_MS });
    const { get, post } = page(world, link);
    const nonce = nonceIn((await get()).body);
    world.pass(HOUR_MS + 2000);
    const late = await post(nonce);
    expect(late.body).toContain("zu lange offen");
    expect(await answersOf(world)).toEqual([]);
    await post(nonceIn(late.body));
    expect((await answersOf(world)).length).toBe(1);
  });

  it.each([
    ["no form", ""],
    ["a made-up form", `${Math.floor(START / 1000).toString(36)}.${"A".repeat(43)}`],
    ["another link's form", signForm(KEYS, { ...linkOf(), page: pageMark(PAGE) }, "x", START)],
  ])("does nothing with %s", async (_name, form) => {
    const world = await openPaged();
    expect((await page(world).post(form)).statusCode).toBe(200);
    expect(await answersOf(world)).toEqual([]);
  });

  it.each([
    ["JSON", { "content-type": "application/json" }],
    ["plain text", { "content-type": "text/plain" }],
    ["many parts", { "content-type": "multipart/form-data; boundary=x" }],
  ])("is not taken as %s", async (_name, headers) => {
    const world = await openPaged();
    const { get, post } = page(world);
    const { statusCode, body } = await post(nonceIn((await get()).body), headers);
    expect([statusCode, body.includes("nicht angenommen")]).toEqual([400, true]);
    expect(await answersOf(world)).toEqual([]);
  });

  it("is not taken when it is huge", async () => {
    const world = await openPaged();
    expect((await page(world).post("x".repeat(5000))).statusCode).toBe(400);
  });
});

describe("a link that can't be answered any more", () => {
  it.each<[string, Partial<Finding>, number, string]>([
    ["was taken by somebody else", { paging: paging({ state: "acknowledged" }) }, 200, "schon"],
    ["is closed", { status: "closed" }, 410, "erledigt"],
    ["has ended", { paging: paging({ state: "ended", ended: "told" }) }, 410, "erledigt"],
    ["lost its page", { paging: paging({ pages: [] }) }, 410, "erledigt"],
  ])("says so where its finding %s", async (_name, changes, status, text) => {
    const world = await openPaged(changes);
    const { get, post } = page(world);
    const token = signLink(KEYS, linkOf());
    const nonce = signForm(KEYS, linkOf(), token, START);
    for (const answer of [await get(), await post(nonce)]) {
      expect([answer.statusCode, answer.body.includes(text)]).toEqual([status, true]);
      expect(answer.body).not.toContain("<form");
    }
    expect(await answersOf(world)).toEqual([]);
  });

  it("still takes it after all calls were in vain, but declines nothing then", async () => {
    const world = await openPaged({ paging: paging({ state: "ended", ended: "exhausted" }) });
    const declining = await page(world, linkOf({ purpose: "decline" })).get();
    expect(declining.statusCode).toBe(410);
    expect((await page(world).press()).body).toContain("Übernommen.");
  });

  it("says so after its time", async () => {
    const world = await openPaged();
    const { get, post } = page(world);
    const nonce = nonceIn((await get()).body);
    world.pass(HOUR_MS);
    for (const answer of [await get(), await post(nonce)]) {
      expect([answer.statusCode, answer.body.includes("gilt nicht mehr")]).toEqual([410, true]);
    }
    expect(await answersOf(world)).toEqual([]);
  });

  it("acts again by the link of a newer page, when the finding was taken up again", async () => {
    const world = await openPaged();
    const old = page(world);
    const nonce = nonceIn((await old.get()).body);
    await old.post(nonce);
    const found = await world.store.get(HOME, FINDING_KIND, FINDING);
    const { pages, answers } = found?.document.paging ?? paging();
    const [first] = pages;
    const again = { ...(first ?? paging().pages[0]), id: "page-9", round: 1 };
    await world.store.put(HOME, FINDING_KIND, FINDING, {
      ...findingOf(FINDING),
      // Made of a page that is there.
      paging: paging({ round: 1, answers, pages: [...pages, again as (typeof pages)[number]] }),
    });
    expect((await old.post(nonce)).body).toContain("schon geantwortet");
    expect((await page(world, linkOf({ page: "page-9" })).press()).body).toContain("Übernommen.");
  });

  it.each([
    ["is of another administration", linkOf({ tenant: FOREIGN })],
    ["is about no finding", linkOf({ finding: "f".repeat(32) })],
    ["names the other person's page", linkOf({ page: "page-2" })],
  ])("does nothing where it %s", async (_name, link) => {
    const world = await openPaged();
    expect((await page(world, link).get()).statusCode).toBe(410);
    expect(await answersOf(world)).toEqual([]);
  });

  it.each(["x", "A".repeat(96), "%2e%2e%2fapi", "A".repeat(500)])(
    "is unknown where it is made up: %s",
    async (token) => {
      const { api } = await openPaged();
      const { statusCode, body } = await api.inject(`/antwort/${token}`);
      expect([statusCode, body.includes("gibt es nicht")]).toEqual([404, true]);
    },
  );

  it("says that the answer of whoever is not configured any more does not count, and notes it", async () => {
    const person = "ehemals";
    const [first, ...others] = paging().pages;
    const pages = [{ ...first, person } as typeof first & object, ...others]; // There is one.
    const world = await openPaged({ paging: paging({ pages }) });
    const before = (await world.store.readAudit(HOME, 1, 100)).length;
    const { get, post } = page(world, linkOf({ person }));
    for (const told of [await get(), await get({ method: "HEAD" })]) {
      expect(told.statusCode).toBe(410);
    }
    expect((await get()).body).toContain("Antwort zählt nicht");
    expect(await world.store.readAudit(HOME, 1, 100)).toHaveLength(before);
    expect((await post("x")).body).toContain("Antwort zählt nicht");
    const entry = (await world.store.readAudit(HOME, 1, 100)).at(-1);
    expect(entry).toMatchObject({
      ...{ action: "finding.page_refuse", subject: FINDING, actor: "system" },
      payload: { kind: "acknowledged", via: "link", why: "former", former: [person] },
    });
    expect(await answersOf(world)).toEqual([]);
    expect(
      (await page(world, linkOf({ page: "page-2", person: "on-call" })).press()).body,
    ).toContain("Page taken");
  });

  it("is refused for a while to an address that guesses, and good links work on", async () => {
    const world = await openPaged();
    const guess = () => world.api.inject(`/antwort/${"A".repeat(96)}`);
    for (let at = 0; at < 30; at += 1) expect((await guess()).statusCode).toBe(404);
    expect((await guess()).statusCode).toBe(429);
    expect((await page(world).press()).body).toContain("Übernommen.");
  });
});

describe("a hundred link scanners", () => {
  const AGENTS = [
    "Mozilla/5.0 (compatible; Microsoft Office Existence Discovery)",
    "BarracudaCentral",
    "Proofpoint URL Defense",
    "Slackbot-LinkExpanding 1.0",
    "Twitterbot/1.0",
    "curl/8.5.0",
    "facebookexternalhit/1.1",
    "SkypeUriPreview Preview/0.5",
    "Synapse (URL preview)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140 Safari/537.36",
  ];
  const WAYS: readonly (readonly [
    string,
    { method?: string; headers?: object; times?: number; body?: string; tail?: string },
  ])[] = [
    ["fetch", {}],
    ["ask for the head first", { method: "HEAD" }],
    ["ask what is allowed", { method: "OPTIONS" }],
    ["prefetch", { headers: { purpose: "prefetch", "sec-purpose": "prefetch;prerender" } }],
    ["preview", { headers: { "x-purpose": "preview", "x-moz": "prefetch" } }],
    ["fetch many times", { times: 25 }],
    ["send a body with GET", { body: "form=x", headers: FORM }],
    ["add their own parameters", { tail: "?utm_source=x&form=y&_method=POST" }],
    ["ask for another method by header", { headers: { "x-http-method-override": "POST" } }],
    ["post without the form", { method: "POST", headers: FORM, body: "" }],
  ];
  const SCANNERS = AGENTS.flatMap((agent) => WAYS.map(([way, how]) => ({ agent, way, how })));

  it("acknowledge nothing", async () => {
    expect(SCANNERS.length).toBe(100);
    const world = await openPaged();
    for (const { agent, way, how } of SCANNERS) {
      for (const purpose of ["acknowledge", "decline"] as const) {
        const url = `${page(world, linkOf({ purpose })).url}${how.tail ?? ""}`;
        for (let time = 0; time < (how.times ?? 1); time += 1) {
          const { statusCode } = await world.api.inject({
            // Only methods that the server knows are written above.
            method: (how.method ?? "GET") as "GET",
            ...{ url, headers: { "user-agent": agent, ...how.headers } },
            ...(how.body === undefined ? {} : { payload: how.body }),
          });
          expect([way, [200, 204].includes(statusCode)]).toEqual([way, true]);
        }
      }
    }
    expect(await answersOf(world)).toEqual([]);
    expect(await world.store.readAudit(HOME, 1, 10)).toEqual([]);
    expect((await page(world).press()).body).toContain("Übernommen.");
  });
});
