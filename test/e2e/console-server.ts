// A small server with the API's routes and shapes, for the console's browser tests: answers are written
// through the API's own schemas, so that a drift of the shapes fails here.
import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import fastifyHelmet from "@fastify/helmet";
import fastifyStatic from "@fastify/static";
import Fastify, { type FastifyInstance } from "fastify";
import type { z } from "zod";
import { sessionAnswer } from "../../services/api/account-schemas.ts";
import {
  eventPage,
  findingHistory,
  findingPage,
  findingRow,
  findingSummary,
  rulesAnswer,
  statusAnswer,
  verdictBody,
  versionedFinding,
} from "../../services/api/schemas.ts";
import type { Finding } from "../../services/store/finding.ts";

export interface ConsoleServer {
  readonly url: string;
  /** Adds or replaces a finding and tells the streams, as the pipeline would. */
  readonly put: (finding: Finding) => void;
  readonly get: (id: string) => Finding | undefined;
  readonly close: () => Promise<void>;
}

export const ACCOUNT = { name: "sichtung", password: "richtig-langes-Passwort" };
export const SETUP_CODE = "7Q2M-K9XD";
const COOKIE = "hw_session=open";

interface State {
  readonly findings: Map<string, { version: number; finding: Finding }>;
  readonly history: Map<string, { at: number; action: string }[]>;
  readonly streams: Set<ServerResponse>;
}

/** Starts the server on a free loopback port with these findings and the built console. */
export async function startConsoleServer(
  dist: string,
  findings: readonly Finding[],
): Promise<ConsoleServer> {
  const state: State = {
    findings: new Map(findings.map((finding) => [finding.id, { version: 1, finding }])),
    history: new Map(),
    streams: new Set(),
  };
  const app = Fastify({ forceCloseConnections: true });
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  });
  await app.register(fastifyStatic, { root: dist });
  app.setNotFoundHandler((request, reply) =>
    request.url.startsWith("/api/")
      ? reply.code(404).send(fault("HW_NOT_FOUND"))
      : reply.sendFile("index.html"),
  );
  sessionRoutes(app);
  findingRoutes(app, state);
  otherRoutes(app, state);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    url,
    put: (finding) => change(state, finding.id, () => finding),
    get: (id) => state.findings.get(id)?.finding,
    close: () => app.close(),
  };
}

function fault(code: string) {
  return { error: { code, message: code } };
}

function sessionRoutes(app: FastifyInstance): void {
  const session = sessionAnswer.parse({
    account: { id: "a-1", name: ACCOUNT.name, role: "analyst", roleName: "Sichtung" },
    tenant: "Landkreis Lüneburg",
    csrfToken: "csrf-1",
    capabilities: ["findings:read", "findings:write", "events:read", "rules:read", "status:read"],
    passwordChangeDue: false,
    expiresAt: Date.now() + 3_600_000,
  });
  app.addHook("preHandler", async (request, reply) => {
    if (!request.url.startsWith("/api/")) return;
    const open = request.method === "POST" && request.url.startsWith("/api/v1/session");
    if (!open && request.headers.cookie !== COOKIE)
      return reply.code(401).send(fault("HW_UNAUTHENTICATED"));
    const changes = request.method !== "GET" && !open;
    if (changes && request.headers["x-csrf-token"] !== session.csrfToken)
      return reply.code(403).send(fault("HW_FORBIDDEN"));
  });
  app.get("/api/v1/session", async () => session);
  app.post<{ Body: Record<string, string> }>("/api/v1/session", async (request, reply) => {
    const { name, password } = request.body;
    if (name !== ACCOUNT.name || password !== ACCOUNT.password)
      return reply.code(401).send(fault("HW_UNAUTHENTICATED"));
    return reply.header("set-cookie", `${COOKIE}; Path=/; HttpOnly; SameSite=Strict`).send(session);
  });
  app.post<{ Body: Record<string, string> }>("/api/v1/session/setup", async (request, reply) =>
    request.body.code === SETUP_CODE
      ? reply.header("set-cookie", `${COOKIE}; Path=/; HttpOnly; SameSite=Strict`).send(session)
      : reply.code(401).send(fault("HW_UNAUTHENTICATED")),
  );
  app.delete("/api/v1/session", async (_request, reply) =>
    reply.header("set-cookie", "hw_session=; Path=/; Max-Age=0").send({}),
  );
}

function rowOf({ version, finding }: { version: number; finding: Finding }) {
  const { detector, ...rest } = finding;
  return findingRow.parse({
    ...rest,
    ...detector,
    id: finding.id,
    status: finding.status,
    version,
    detectorId: detector.id,
  });
}

/** Writes a new version and tells every stream. */
function change(state: State, id: string, make: (now: Finding | undefined) => Finding) {
  const now = state.findings.get(id);
  const next = { version: (now?.version ?? 0) + 1, finding: make(now?.finding) };
  state.findings.set(id, next);
  const text = `event: finding\ndata: ${JSON.stringify(rowOf(next))}\n\n`;
  for (const stream of state.streams) stream.write(text);
  return versionedFinding.parse(next);
}

function listed(state: State, query: Readonly<Record<string, string | undefined>>) {
  const status = query.status?.split(",");
  const level = query.level?.split(",");
  const text = query.text?.toLowerCase() ?? "";
  const all = [...state.findings.values()]
    .filter(
      ({ finding }) =>
        (status?.includes(finding.status) ?? true) &&
        (level?.includes(finding.detector.level) ?? true) &&
        `${finding.detector.title} ${finding.groupKey}`.toLowerCase().includes(text),
    )
    .sort((a, b) => b.finding.score - a.finding.score || (a.finding.id < b.finding.id ? -1 : 1));
  const from = Number(query.cursor ?? 0);
  const to = from + Number(query.limit ?? 100);
  return findingPage.parse({
    findings: all.slice(from, to).map(rowOf),
    total: all.length,
    ...(to < all.length ? { cursor: String(to) } : {}),
  });
}

function findingRoutes(app: FastifyInstance, state: State): void {
  type WithId = { Params: { id: string } };
  app.get<{ Querystring: Record<string, string> }>("/api/v1/findings", async (request) =>
    listed(state, request.query),
  );
  app.get("/api/v1/findings/summary", async () => {
    const count = (fits: (finding: Finding) => boolean) =>
      [...state.findings.values()].filter(({ finding }) => fits(finding)).length;
    const status = (name: Finding["status"]) => count((f) => f.status === name);
    const level = (name: string) =>
      count((f) => f.status !== "closed" && f.detector.level === name);
    return findingSummary.parse({
      total: state.findings.size,
      status: { new: status("new"), in_progress: status("in_progress"), closed: status("closed") },
      level: {
        informational: level("informational"),
        low: level("low"),
        medium: level("medium"),
        high: level("high"),
        critical: level("critical"),
      },
    });
  });
  app.get<WithId>("/api/v1/findings/:id", async (request, reply) => {
    const found = state.findings.get(request.params.id);
    return found ? versionedFinding.parse(found) : reply.code(404).send(fault("HW_NOT_FOUND"));
  });
  app.get<WithId>("/api/v1/findings/:id/history", async (request) =>
    findingHistory.parse({
      entries: (state.history.get(request.params.id) ?? []).map((entry, sequence) => ({
        ...entry,
        sequence,
        actor: "a-1",
        subject: request.params.id,
        hash: createHash("sha256").update(String(sequence)).digest("hex"),
      })),
      truncated: false,
    }),
  );
  const write = (
    path: string,
    action: string,
    next: (finding: Finding, body: unknown) => Finding,
  ) =>
    app.post<WithId & { Body: { version: number } }>(
      `/api/v1/findings/:id/${path}`,
      async (request, reply) => {
        const { id } = request.params;
        if (state.findings.get(id)?.version !== request.body.version)
          return reply.code(409).send(fault("HW_CONFLICT"));
        state.history.set(id, [...(state.history.get(id) ?? []), { at: Date.now(), action }]);
        return change(state, id, (now) => {
          if (now === undefined) throw new Error(`no finding ${id}`);
          return next(now, request.body);
        });
      },
    );
  write("verdict", "finding.verdict", (finding, body) => {
    const { version: _, ...verdict } = verdictBody.parse(body) satisfies z.infer<
      typeof verdictBody
    >;
    return { ...finding, status: "closed", verdict: { ...verdict, at: Date.now(), by: "a-1" } };
  });
  write("undo-verdict", "finding.undo_verdict", ({ verdict: _, ...finding }) => ({
    ...finding,
    status: "new",
  }));
  write("status", "finding.status", (finding) => ({ ...finding, status: "in_progress" }));
}

function otherRoutes(app: FastifyInstance, state: State): void {
  const first = () => [...state.findings.values()].slice(0, 20).map(({ finding }) => finding);
  app.get("/api/v1/events", async () =>
    eventPage.parse({
      events: first()
        .flatMap((finding) => finding.evidence.slice(0, 1).flatMap((signal) => signal.events))
        .map((event) => ({ ...event, source: "winlogbeat-dc", dataClass: "security" })),
    }),
  );
  app.get("/api/v1/rules", async () =>
    rulesAnswer.parse({
      rules: [...new Map(first().map(({ detector }) => [detector.id, detector])).values()].map(
        (detector, at) => ({ ...detector, hits: 5 * at }),
      ),
      faults: [
        {
          place: "pack/linux/kaputt.yml:7:3",
          code: "HW_RULE_INVALID",
          message: "„condition“ nennt eine Auswahl, die es nicht gibt: auswahl2",
        },
      ],
    }),
  );
  app.get("/api/v1/status", async () =>
    statusAnswer.parse({
      at: Date.now(),
      version: "0.1.0",
      startedAt: Date.now() - 5_400_000,
      eventsPerSecond: 412.4,
      lagMs: 180,
      lag: [],
      archive: { events: 1_204_331, bytes: 88_000_000, oldest: null, newest: null },
      sources: [
        {
          name: "winlogbeat-dc",
          events: 1_204_331,
          eventsPerSecond: 412.4,
          failed: 3,
          lastEventAt: Date.now() - 900,
        },
        { name: "fortigate", events: 0, eventsPerSecond: 0, failed: 0, lastEventAt: null },
      ],
    }),
  );
  app.get("/api/v1/stream", (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { "content-type": "text/event-stream" });
    reply.raw.write(": open\n\n");
    state.streams.add(reply.raw);
    request.raw.on("close", () => state.streams.delete(reply.raw));
  });
}
