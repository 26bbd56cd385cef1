// Every route, asked by every role, by tokens of every scope, by nobody and from another tenant. The cases
// are made from the server's own list of routes, so that a new route is in here by itself.
import { describe, expect, it } from "vitest";
import { accountAnswer } from "../../../services/api/account-schemas.ts";
import {
  CAPABILITIES,
  ROLE_CAPABILITIES,
  ROLES,
  ROUTE_ACCESS,
  type RouteAccess,
  TOKEN_SCOPES,
} from "../../../services/api/permissions.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { addFindings, FOREIGN, findingOf, openWorld, type Send, START } from "./fixture.ts";

const ROUTES = Object.entries<RouteAccess>(ROUTE_ACCESS).map(([key, { access }]) => {
  const [method = "", path = ""] = key.split(" ");
  return { key, method, path, access };
});

const FINDING_ID = "finding-1";
const FINDING_BODY = { version: 1, verdict: "duplicate", status: "in_progress" };

/** Bodies that fit each changing route, so that an answer speaks of rights and not of shape. */
const BODIES: Readonly<Record<string, unknown>> = {
  "POST /session/password": { present: "falsch", next: "ein anderes Passwort" },
  "POST /accounts": { name: "neu", role: "analyst", password: "ein erstes Passwort" },
  "PATCH /accounts/:id": { version: 1, role: "analyst" },
  "POST /tokens": { name: "t", scopes: ["findings:read"] },
  "POST /shippers": { source: "dc" },
  "POST /backtests": { text: "title: x", range: { from: START, to: START + 1 } },
  "POST /models/:id/train": {},
  "POST /models/:id/evaluate": {},
  "POST /models/:id/promote": {},
  "POST /findings/:id/verdict": { version: 1, verdict: FINDING_BODY.verdict },
  "POST /findings/:id/status": { version: 1, status: FINDING_BODY.status },
  "POST /findings/:id/undo-verdict": { version: 1 },
  "POST /findings/:id/assign": { version: 1, assignee: null },
  "POST /findings/:id/tags": { version: 1, add: ["x"] },
  "POST /findings/:id/watch": { version: 1, watching: true },
  "POST /findings/:id/tlp": { version: 1, tlp: "amber" },
  "POST /findings/bulk/preview": {
    ...{ change: { type: "status", status: "new" }, ids: [FINDING_ID] },
  },
  "POST /findings/bulk": { job: "j", setHash: "0".repeat(64) },
  "POST /kpi/periods": { period: "2026-09" },
  "POST /reports": { period: "2026-09" },
  "POST /incidents/:id/drafts": { kind: "report" },
  "POST /annotations/:id/accept": { version: 1 },
  "POST /annotations/:id/edit": { version: 1, text: "x" },
  "POST /annotations/:id/reject": { version: 1 },
  "PUT /llm/switch": { on: true },
  "POST /silences/preview": { matchers: [{ field: "rule", value: "r" }] },
  "POST /silences": {
    matchers: [{ field: "rule", value: "r" }],
    until: START + 3_600_000,
    reason: "Wartung",
  },
  "POST /silences/:id/end": {},
  "POST /proposals/:id/split": { findings: [FINDING_ID] },
  "POST /groupings/:id/end": { version: 1 },
  "POST /findings/:id/suspicions": { kind: "injection" },
  "POST /identity/requests": {
    ...{ pseudonym: "konto-0123456789", reason: "notify_person", incident: "i" },
  },
  ...incidentBodies(),
  "POST /exceptions/preview": { finding: "f", matchers: [{ field: "host.name", value: "h" }] },
  "POST /exceptions": {
    ...{ finding: "f", matchers: [{ field: "host.name", value: "h" }], reason: "Verteilsoftware" },
  },
  "POST /exceptions/:id/agree": {},
  "POST /exceptions/:id/withdraw": { reason: "Irrtum" },
  "POST /maintenance/preview": { matchers: [{ field: "rule", value: "r" }] },
  "POST /maintenance": {
    ...{ matchers: [{ field: "rule", value: "r" }], reason: "Wartung" },
    ...{ from: START, until: START + 3_600_000 },
  },
  "POST /maintenance/:id/agree": {},
  "POST /maintenance/:id/end": {},
  "POST /block-lists": {
    ...{ type: "address", value: "203.0.113.9", finding: "f", reason: "Angriff" },
  },
  "POST /block-lists/:id/approve": {},
  "POST /block-lists/:id/complete": {},
  "POST /block-lists/:id/withdraw": { reason: "Irrtum" },
  "POST /on-call/overrides": {
    ...{ schedule: "s", person: "p", from: START, until: START + 3_600_000, reason: "Tausch" },
  },
  "POST /on-call/calendars": { schedule: "s" },
  "POST /paging/test-pages": { channel: "c" },
  "POST /findings/:id/page-answer": { kind: "acknowledged" },
};

/** Of the steps of an incident. */
function incidentBodies(): Readonly<Record<string, unknown>> {
  const version = 1;
  const impact = { confidentiality: "none", integrity: "none", availability: "none" };
  const stated = { version, method: "unknown", impact };
  const bodies = {
    ...{ edit: { version }, assign: { version, assignee: null } },
    ...{ watch: { version, watching: true }, contain: stated, recover: stated },
    ...{ impact: { version, impact }, compromise: { version, method: "unknown" } },
    close: { version, verdict: "true_positive" },
    reopen: { version, reason: "x" },
    "findings/link": { version, findingIds: ["x"] },
    "findings/unlink": { version, findingIds: ["x"] },
    "actions/add": { version, title: "x" },
    "actions/complete": { version, action: "x" },
    "actions/cancel": { version, action: "x" },
    "tasks/add": { version, title: "x" },
    "tasks/playbook": { version },
    "tasks/done": { version, task: "x" },
    "tasks/reopen": { version, task: "x" },
    "evidence/add": { version, kind: "note", reference: "x" },
    "evidence/hand-over": { version, evidence: "x", action: "x" },
    "notifications/record": {
      ...{ version, clock: "ndig_26", outcome: "sent" },
      ...{ sentAt: START, authority: "x" },
    },
    ...{ merge: { version, source: "x" }, unmerge: { version, source: "x" } },
    split: { version, parts: [{ title: "x", findingIds: ["x"] }] },
    ...{ unsplit: { version }, comments: { text: "x" } },
  };
  return {
    "POST /findings/:id/comments": { text: "x" },
    "POST /incidents": { title: "x", firstCompromise: { method: "unknown" }, impact },
    ...Object.fromEntries(
      Object.entries(bodies).map(([step, body]) => [`POST /incidents/:id/${step}`, body]),
    ),
  };
}

const ask = (send: Send, route: { key: string; method: string; path: string }, id = FINDING_ID) =>
  send(
    route.method,
    `${route.path.replace(":id", id).replace(":form", "html")}${queryOf(route.key)}`,
    BODIES[route.key],
  );

const QUERIES: Readonly<Record<string, string>> = {
  "GET /events/:id": `?time=${START}`,
  "GET /incidents/:id/notifications/draft": "?clock=gdpr_art33",
};
const queryOf = (key: string) => QUERIES[key] ?? "";

// A live connection does not end by itself: it has its own tests.
const CLOSED = ROUTES.filter(({ key, access }) => access !== "public" && key !== "GET /stream");

describe("the table of permissions", () => {
  it("names every route that the server has below /api/v1, and no other", async () => {
    const { api } = await openWorld();
    await api.ready();
    const paths = Object.entries(api.swagger().paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const table = ROUTES.map(
      ({ method, path }) => `${method} /api/v1${path.replace(/:(\w+)/g, "{$1}")}`,
    );
    expect(paths.sort()).toEqual(table.sort());
  });

  it("gives every capability to some role, and no role one that does not exist", () => {
    const given = new Set(Object.values(ROLE_CAPABILITIES).flat());
    expect([...given].sort()).toEqual([...CAPABILITIES].sort());
  });

  it("lets management see figures only", () => {
    expect(ROLE_CAPABILITIES.management).toEqual(["kpi:read"]);
  });

  it("lets the security officer change nothing, but publish reports", () => {
    expect(ROLE_CAPABILITIES.isb.filter((one) => one.endsWith(":write"))).toEqual(["report:write"]);
  });
});

describe("nobody", () => {
  it("gets 401 from every route but sign-in and set-up", async () => {
    const { anonymous } = await openWorld();
    for (const route of ROUTES.filter(({ access }) => access !== "public")) {
      const { status, body } = await ask(anonymous, route);
      expect([route.key, status, body.error.code]).toEqual([route.key, 401, "HW_UNAUTHENTICATED"]);
    }
  });

  it.each([
    [
      "authorization",
      "Bearer hwt_00000000-0000-0000-0000-000000000000_0000000000000000000000000000000000000000000",
    ],
    ["authorization", "Bearer x"],
    ["authorization", "Basic eDp5"],
    ["cookie", "hw_session=0000000000000000000000000000000000000000000"],
    ["cookie", "hw_session=../../x"],
  ])("is who sends a made-up %s", async (header, value) => {
    const { send } = await openWorld();
    expect((await send({ [header]: value })("GET", "/findings")).status).toBe(401);
  });
});

describe.each(ROLES)("the role %s", (role) => {
  it("gets 403 exactly where the table does not let it", async () => {
    const world = await openWorld();
    for (const route of CLOSED.filter(({ key }) => key !== "DELETE /session")) {
      const { send } = await world.person(role);
      await world.store.put("landkreis", FINDING_KIND, FINDING_ID, findingOf(FINDING_ID));
      const { status } = await ask(send, route);
      const { access } = route;
      const may =
        access === "signed-in" ||
        ROLE_CAPABILITIES[role].some((capability) => capability === access);
      expect([route.key, status !== 403]).toEqual([route.key, may]);
      expect([route.key, status === 401 || status >= 500]).toEqual([route.key, false]);
    }
  });

  it("finds nothing of another tenant's by its id", async () => {
    const world = await openWorld();
    await addFindings(world.store, [findingOf(FINDING_ID)], FOREIGN);
    const admin = await world.person("admin", FOREIGN);
    const ids = {
      findings: FINDING_ID,
      accounts: admin.id,
      tokens: (await admin.send("POST", "/tokens", BODIES["POST /tokens"])).body.id,
      shippers: (await admin.send("POST", "/shippers", { source: "dc" })).body.id,
      events: "event-1",
      incidents: (await admin.send("POST", "/incidents", BODIES["POST /incidents"])).body.incident
        .id,
      backtests: (await admin.send("POST", "/backtests", BODIES["POST /backtests"])).body.id,
      reports: String(
        (await admin.send("POST", "/reports", BODIES["POST /reports"])).body.sequence,
      ),
    };
    const { send } = await world.person(role);
    for (const route of CLOSED.filter(({ path }) => path.includes(":id"))) {
      // The first part of a path with an id is a key of `ids`; a missing one fails the expectation.
      const kind = route.path.split("/")[1] as keyof typeof ids;
      const { status, body } = await ask(send, route, ids[kind]);
      expect([route.key, [403, 404].includes(status)]).toEqual([route.key, true]);
      expect(JSON.stringify(body)).not.toContain("Schattenkopien");
    }
    expect((await admin.send("GET", "/tokens")).body.tokens).toHaveLength(1);
    expect((await admin.send("GET", "/shippers")).body.shippers).toHaveLength(1);
  });

  it("sees nothing of another tenant's in any list", async () => {
    const world = await openWorld();
    await addFindings(world.store, [findingOf("foreign-finding")], FOREIGN);
    await world.store.appendAudit(FOREIGN, {
      at: START,
      actor: "foreign-actor",
      action: "finding.verdict",
      subject: "foreign-finding",
      payload: {},
    });
    const admin = await world.person("admin", FOREIGN);
    await admin.send("POST", "/tokens", {
      ...Object(BODIES["POST /tokens"]),
      name: "foreign-token",
    });
    await admin.send("POST", "/shippers", { source: "foreign-source" });
    const { send } = await world.person(role);
    for (const route of CLOSED.filter((one) => one.method === "GET" && !one.path.includes(":id"))) {
      for (const claim of ["", `?tenant=${FOREIGN}`]) {
        const { body } = await send(route.method, `${route.path}${claim}`);
        expect(JSON.stringify(body)).not.toMatch(/foreign-|samtgemeinde/);
      }
    }
    expect((await send("GET", "/findings/summary")).body.total ?? 0).toBe(0);
  });
});

describe.each(TOKEN_SCOPES)("a token with the scope %s", (scope) => {
  it("opens the routes of its scope and no other", async () => {
    const world = await openWorld();
    await addFindings(world.store, [findingOf(FINDING_ID)]);
    const send = await world.program([scope]);
    for (const route of CLOSED) {
      const { status } = await ask(send, route);
      expect([route.key, status !== 403]).toEqual([route.key, route.access === scope]);
      expect([route.key, status === 401 || status >= 500]).toEqual([route.key, false]);
    }
  });
});

describe("statistics about people", () => {
  it("are offered by no route: nothing filters, groups or counts by account", async () => {
    const { api } = await openWorld();
    await api.ready();
    const names = /^(?:by|actor|analyst|account|accountId|assignee|owner|user|person|judgedBy)$/i;
    const offered: string[] = [];
    for (const [path, methods] of Object.entries(api.swagger().paths ?? {})) {
      for (const operation of Object.values(methods ?? {})) {
        // OpenAPI's own types allow references here; none of our parameters is one.
        const parameters = (operation as { parameters?: { name: string }[] }).parameters ?? [];
        offered.push(
          ...parameters.filter(({ name }) => names.test(name)).map(({ name }) => `${path} ${name}`),
        );
      }
      if (/(?:statistic|analyst|performance|leaderboard|workload)/i.test(path)) offered.push(path);
    }
    expect(offered).toEqual([]);
  });

  it("are not in what is said of an account", () => {
    expect(Object.keys(accountAnswer.shape)).toEqual([
      "id",
      "version",
      "name",
      "role",
      "disabled",
      "passwordChangeDue",
      "createdAt",
    ]);
  });
});
