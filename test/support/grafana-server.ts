// Grafana's HTTP API in this process, as its documentation tells it, in as far as `heidewacht grafana` uses
// it: basic authentication, organisations by header, conflicts. It keeps what it was told, and every request.
import Fastify, { type FastifyRequest } from "fastify";
import { z } from "zod";

const ADMINISTRATOR = { login: "verwalter", password: "grafana-passwort" } as const;

interface StoredOrganisation {
  readonly id: number;
  readonly name: string;
  readonly members: Map<string, string>;
  readonly sources: Map<string, Record<string, unknown>>;
  readonly secrets: Map<string, Record<string, string>>;
  readonly folders: Map<string, { title: string }>;
  readonly boards: Map<string, { dashboard: Record<string, unknown>; folderUid: string }>;
  readonly accounts: Map<number, { name: string; role: string }>;
}

export interface GrafanaDouble {
  readonly url: string;
  readonly login: string;
  readonly password: string;
  readonly organisations: StoredOrganisation[];
  /** `POST /api/orgs`, all that changes something. */
  readonly writes: string[];
  /** Users that there are. */
  readonly users: Set<string>;
  /** Boards that files provide can't be saved. */
  readonly provisioned: Set<string>;
  /** Users who manage an organisation, not the server. */
  readonly isServerAdministrator: { value: boolean };
  close(): Promise<void>;
}

class Refusal extends Error {
  readonly statusCode: number;
  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

const sourceBody = z.looseObject({
  ...{ uid: z.string(), name: z.string(), type: z.string(), url: z.string() },
  access: z.enum(["proxy", "direct"]),
  jsonData: z.record(z.string(), z.unknown()),
  secureJsonData: z.record(z.string(), z.string()).optional(),
});
const boardBody = z.object({
  dashboard: z.looseObject({ id: z.null(), uid: z.string().max(40), title: z.string() }),
  folderUid: z.string(),
  overwrite: z.boolean(),
});
const memberBody = z.object({
  loginOrEmail: z.string(),
  role: z.enum(["Viewer", "Editor", "Admin"]),
});

export async function startGrafana(): Promise<GrafanaDouble> {
  const server = Fastify({ bodyLimit: 5_000_000 });
  const organisations: StoredOrganisation[] = [];
  const writes: string[] = [];
  const users = new Set<string>([ADMINISTRATOR.login]);
  const provisioned = new Set<string>();
  const isServerAdministrator = { value: true };
  let lastId = 1;
  const id = () => {
    lastId += 1;
    return lastId;
  };

  server.addHook("onRequest", async (request) => {
    const { login, password } = ADMINISTRATOR;
    const expected = `Basic ${Buffer.from(`${login}:${password}`).toString("base64")}`;
    if (request.headers.authorization !== expected) {
      throw new Refusal(401, "Invalid username or password");
    }
    if (request.method !== "GET") writes.push(`${request.method} ${request.url}`);
    const isAboutServer = request.url.startsWith("/api/orgs");
    if (isAboutServer && !isServerAdministrator.value) {
      throw new Refusal(403, "You'll need additional permissions to perform this action");
    }
  });
  server.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Refusal ? error.statusCode : 400;
    const message = error instanceof Error ? error.message : "bad request data";
    return reply.code(status).send({ message });
  });
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: "Not found" }));

  /** The organisation of the header, whose member one has to be. */
  const current = ({ headers }: FastifyRequest): StoredOrganisation => {
    const found = organisations.find((one) => String(one.id) === headers["x-grafana-org-id"]);
    if (found?.members.get(ADMINISTRATOR.login) !== "Admin") throw new Refusal(403, "Forbidden");
    return found;
  };
  const param = ({ params }: FastifyRequest, name: string) =>
    z.record(z.string(), z.string()).parse(params)[name] ?? "";
  const existing = <T>(found: T | undefined, what: string): T => {
    if (found === undefined) throw new Refusal(404, `${what} not found`);
    return found;
  };

  server.get("/api/orgs/name/:name", async (request) => {
    const name = param(request, "name");
    const found = existing(
      organisations.find((one) => one.name === name),
      "Organization",
    );
    return { id: found.id, name: found.name };
  });
  server.post("/api/orgs", async (request) => {
    const { name } = z.object({ name: z.string().min(1) }).parse(request.body);
    if (organisations.some((one) => one.name === name)) {
      throw new Refusal(409, "Organization name taken");
    }
    const made = {
      ...{ id: id(), name, members: new Map([[ADMINISTRATOR.login, "Admin"]]) },
      ...{ sources: new Map(), secrets: new Map(), folders: new Map() },
      ...{ boards: new Map(), accounts: new Map() },
    };
    organisations.push(made);
    return { orgId: made.id, message: "Organization created" };
  });
  const organisationOf = (request: FastifyRequest) =>
    existing(
      organisations.find((one) => String(one.id) === param(request, "id")),
      "Organization",
    );
  server.get("/api/orgs/:id/users", async (request) =>
    [...organisationOf(request).members].map(([login, role]) => ({ login, role })),
  );
  server.post("/api/orgs/:id/users", async (request) => {
    const { loginOrEmail, role } = memberBody.parse(request.body);
    if (!users.has(loginOrEmail)) throw new Refusal(404, "User not found");
    const { members } = organisationOf(request);
    if (members.has(loginOrEmail)) throw new Refusal(409, "User is already member");
    members.set(loginOrEmail, role);
    return { message: "User added to organization" };
  });

  const shown = ({ sources, secrets }: StoredOrganisation, uid: string) => ({
    ...existing(sources.get(uid), "Data source"),
    secureJsonFields: Object.fromEntries(
      Object.keys(secrets.get(uid) ?? {}).map((key) => [key, true]),
    ),
  });
  const keep = (into: StoredOrganisation, uid: string, body: unknown) => {
    const { secureJsonData = {}, ...source } = sourceBody.parse(body);
    into.sources.set(uid, { ...source, readOnly: false });
    into.secrets.set(uid, { ...into.secrets.get(uid), ...secureJsonData });
  };
  server.get("/api/datasources/uid/:uid", async (request) =>
    shown(current(request), param(request, "uid")),
  );
  server.post("/api/datasources", async (request) => {
    const into = current(request);
    const { uid, name } = sourceBody.parse(request.body);
    const isTaken = [...into.sources.values()].some((one) => one.uid === uid || one.name === name);
    if (isTaken) throw new Refusal(409, "data source with the same name already exists");
    keep(into, uid, request.body);
    return { id: id(), message: "Datasource added", name };
  });
  server.put("/api/datasources/uid/:uid", async (request) => {
    const into = current(request);
    const uid = param(request, "uid");
    existing(into.sources.get(uid), "Data source");
    keep(into, uid, request.body);
    return { message: "Datasource updated" };
  });

  server.get("/api/folders/:uid", async (request) => {
    const uid = param(request, "uid");
    return { uid, ...existing(current(request).folders.get(uid), "folder") };
  });
  server.post("/api/folders", async (request) => {
    const { folders } = current(request);
    const { uid, title } = z
      .object({ uid: z.string().max(40), title: z.string() })
      .parse(request.body);
    if (folders.has(uid)) throw new Refusal(409, "folder already exists");
    folders.set(uid, { title });
    return { uid, title, version: 1 };
  });
  server.put("/api/folders/:uid", async (request) => {
    const { folders } = current(request);
    const { title, overwrite } = z
      .object({ title: z.string(), overwrite: z.boolean() })
      .parse(request.body);
    if (!overwrite) throw new Refusal(412, "The folder has been changed by someone else");
    existing(folders.get(param(request, "uid")), "folder").title = title;
    return { title, version: 2 };
  });

  server.get("/api/dashboards/uid/:uid", async (request) => {
    const { boards } = current(request);
    const { dashboard, folderUid } = existing(boards.get(param(request, "uid")), "Dashboard");
    return { dashboard, meta: { folderUid } };
  });
  server.post("/api/dashboards/db", async (request) => {
    const into = current(request);
    const { dashboard, folderUid, overwrite } = boardBody.parse(request.body);
    if (provisioned.has(dashboard.uid)) {
      throw new Refusal(400, "Cannot save provisioned dashboard");
    }
    existing(into.folders.get(folderUid), "folder");
    const before = into.boards.get(dashboard.uid)?.dashboard;
    if (before !== undefined && !overwrite) {
      throw new Refusal(412, "A dashboard with the same uid already exists");
    }
    const version = Number(before?.version ?? 0) + 1;
    into.boards.set(dashboard.uid, { dashboard: { ...dashboard, id: id(), version }, folderUid });
    return { status: "success", uid: dashboard.uid, version };
  });

  server.get("/api/serviceaccounts/search", async (request) => ({
    serviceAccounts: [...current(request).accounts].map(([one, account]) => ({
      id: one,
      ...account,
    })),
  }));
  server.post("/api/serviceaccounts", async (request, reply) => {
    const account = z.looseObject({ name: z.string(), role: z.string() }).parse(request.body);
    const made = id();
    current(request).accounts.set(made, { name: account.name, role: account.role });
    return reply.code(201).send({ id: made });
  });
  server.patch("/api/serviceaccounts/:id", async (request) => {
    const { accounts } = current(request);
    const account = existing(accounts.get(Number(param(request, "id"))), "Service account");
    account.role = z.looseObject({ role: z.string() }).parse(request.body).role;
    return { message: "Service account updated" };
  });

  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  const { login, password } = ADMINISTRATOR;
  return {
    ...{ url, login, password, organisations, writes, users, provisioned, isServerAdministrator },
    close: () => server.close(),
  };
}
