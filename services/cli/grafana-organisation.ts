// One organisation in Grafana: itself, its data source, its folder, its boards and the accounts that may look
// at them. Done again, it changes only what is not as it should be; dry, it only looks.
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { GrafanaApi, GrafanaRequest } from "./grafana-api.ts";
import type { GrafanaBoard } from "./grafana-boards.ts";

const FOLDER = "heidewacht";
const VIEWER_ACCOUNT = "heidewacht-viewer";

interface DataSource {
  readonly uid: string;
  readonly name: string;
  readonly type: "elasticsearch" | "prometheus";
  readonly url: string;
  readonly jsonData: Readonly<Record<string, unknown>>;
  /** Name of the field in `secureJsonData` → how it is made, asked only where it is needed. */
  readonly secret?: { readonly field: string; readonly make: () => Promise<string> };
}

export interface Organisation {
  readonly name: string;
  readonly source: DataSource;
  readonly folderTitle: string;
  readonly boards: readonly GrafanaBoard[];
  /** Logins of users that there are in Grafana; they may look. */
  readonly viewers: readonly string[];
}

export type Became = "made" | "updated" | "kept";
export interface Step {
  readonly organisation: string;
  readonly part: "organisation" | "source" | "folder" | "board" | "account" | "viewer";
  readonly name: string;
  readonly became: Became;
}

interface Work {
  readonly api: GrafanaApi;
  readonly administrator: string;
  readonly isDry: boolean;
  /** The secret of the data source is made anew. */
  readonly renewsKey: boolean;
}

const anything = z.unknown();

/** @throws AppError for what Grafana refuses */
export async function setUpOrganisation(wanted: Organisation, work: Work): Promise<Step[]> {
  const steps: Step[] = [];
  const note = (part: Step["part"], name: string, became: Became) =>
    steps.push({ organisation: wanted.name, part, name, became });
  const found = await organisationOf(wanted.name, work);
  note("organisation", wanted.name, found.became);
  const { id } = found;
  if (id !== undefined) await joinOrganisation(id, work);
  note("source", wanted.source.name, await setUpSource(wanted.source, id, work));
  note("folder", wanted.folderTitle, await setUpFolder(wanted.folderTitle, id, work));
  for (const board of wanted.boards) note("board", board.title, await setUpBoard(board, id, work));
  note("account", VIEWER_ACCOUNT, await setUpViewerAccount(id, work));
  for (const login of wanted.viewers) note("viewer", login, await addViewer(login, id, work));
  return steps;
}

/** Without an id: it would be made, but nothing is to be changed. */
async function organisationOf(
  name: string,
  { api, isDry }: Work,
): Promise<{ readonly id: number | undefined; readonly became: Became }> {
  const asked = { method: "GET", path: `/orgs/name/${encodeURIComponent(name)}` } as const;
  const known = z.looseObject({ id: z.number() });
  const found = await api.askUnless([404], asked, known);
  if (found !== undefined) return { id: found.id, became: "kept" };
  if (isDry) return { id: undefined, became: "made" };
  const made = z.looseObject({ orgId: z.coerce.number() });
  const request = { method: "POST", path: "/orgs", body: { name } } as const;
  const answer = await api.askUnless([409], request, made);
  // Somebody else has made it meanwhile.
  if (answer === undefined) return { id: (await api.ask(asked, known)).id, became: "kept" };
  return { id: answer.orgId, became: "made" };
}

/** Who is no member of an organisation can't work in it, also not as an administrator of the server. */
async function joinOrganisation(id: number, { api, administrator, isDry }: Work): Promise<void> {
  if (isDry) return;
  const path = `/orgs/${id}/users`;
  const members = z.array(z.looseObject({ login: z.string(), role: z.string() }));
  const found = await api.ask({ method: "GET", path }, members);
  if (found.some(({ login }) => login === administrator)) return;
  const body = { loginOrEmail: administrator, role: "Admin" };
  await api.askUnless([409], { method: "POST", path, body }, anything);
}

async function setUpSource(
  { secret, ...plain }: DataSource,
  organisation: number | undefined,
  work: Work,
): Promise<Became> {
  const { api, renewsKey } = work;
  const path = `/datasources/uid/${plain.uid}`;
  const known = z.looseObject({
    ...{ name: z.string(), type: z.string(), url: z.string(), access: z.string() },
    jsonData: z.record(z.string(), z.unknown()),
    secureJsonFields: z.record(z.string(), z.boolean()).default({}),
  });
  const found = await get(api, path, organisation, known);
  const { uid: _, ...shown } = plain;
  const isSame =
    found !== undefined &&
    Object.entries(shown).every(([key, value]) => isDeepStrictEqual(found[key], value)) &&
    found.access === "proxy";
  const lacksSecret =
    secret !== undefined && (renewsKey || found?.secureJsonFields[secret.field] !== true);
  return settle(found, isSame && !lacksSecret, organisation, work, async (id) => {
    const body = {
      ...{ ...plain, access: "proxy", isDefault: true },
      ...(lacksSecret ? { secureJsonData: { [secret.field]: await secret.make() } } : {}),
    };
    const [method, target] =
      found === undefined ? (["POST", "/datasources"] as const) : (["PUT", path] as const);
    await api.ask({ method, path: target, organisation: id, body }, anything);
  });
}

async function setUpFolder(
  title: string,
  organisation: number | undefined,
  work: Work,
): Promise<Became> {
  const { api } = work;
  const path = `/folders/${FOLDER}`;
  const found = await get(api, path, organisation, z.looseObject({ title: z.string() }));
  return settle(found, found?.title === title, organisation, work, async (id) => {
    const request: GrafanaRequest =
      found === undefined
        ? { method: "POST", path: "/folders", organisation: id, body: { uid: FOLDER, title } }
        : { method: "PUT", path, organisation: id, body: { title, overwrite: true } };
    // 409, 412: somebody else has made it meanwhile.
    await api.askUnless([409, 412], request, anything);
  });
}

async function setUpBoard(
  board: GrafanaBoard,
  organisation: number | undefined,
  work: Work,
): Promise<Became> {
  const { api } = work;
  const known = z.looseObject({
    dashboard: z.record(z.string(), z.unknown()),
    meta: z.looseObject({ folderUid: z.string().optional() }),
  });
  const found = await get(api, `/dashboards/uid/${board.uid}`, organisation, known);
  const isSame =
    found !== undefined &&
    found.meta.folderUid === FOLDER &&
    // Grafana adds what it counts by itself.
    Object.entries(board).every(([key, value]) => isDeepStrictEqual(found.dashboard[key], value));
  return settle(found, isSame, organisation, work, async (id) => {
    const body = { dashboard: { ...board, id: null }, folderUid: FOLDER, overwrite: true };
    await api.ask({ method: "POST", path: "/dashboards/db", organisation: id, body }, anything);
  });
}

/** A service account that may look and nothing else; tokens for it are made by people in Grafana. */
async function setUpViewerAccount(organisation: number | undefined, work: Work): Promise<Became> {
  const { api } = work;
  const known = z.looseObject({
    serviceAccounts: z.array(z.looseObject({ id: z.number(), name: z.string(), role: z.string() })),
  });
  const path = `/serviceaccounts/search?perpage=100&page=1&query=${VIEWER_ACCOUNT}`;
  const answer = await get(api, path, organisation, known);
  const found = answer?.serviceAccounts.find(({ name }) => name === VIEWER_ACCOUNT);
  return settle(found, found?.role === "Viewer", organisation, work, async (id) => {
    const body = { name: VIEWER_ACCOUNT, role: "Viewer", isDisabled: false };
    const request: GrafanaRequest =
      found === undefined
        ? { method: "POST", path: "/serviceaccounts", organisation: id, body }
        : { method: "PATCH", path: `/serviceaccounts/${found.id}`, organisation: id, body };
    await api.ask(request, anything);
  });
}

/** A user who has another role keeps it: that was given by people. */
async function addViewer(
  login: string,
  organisation: number | undefined,
  { api, isDry }: Work,
): Promise<Became> {
  if (organisation === undefined) return "made";
  const path = `/orgs/${organisation}/users`;
  const members = z.array(z.looseObject({ login: z.string() }));
  const found = await api.ask({ method: "GET", path }, members);
  if (found.some((one) => one.login === login)) return "kept";
  if (isDry) return "made";
  const body = { loginOrEmail: login, role: "Viewer" };
  const added = await api.askUnless([409], { method: "POST", path, body }, anything);
  return added === undefined ? "kept" : "made";
}

/** Changes what is not as it should be, unless nothing is to be changed or the organisation is not there yet. */
async function settle(
  found: unknown,
  isAsWanted: boolean,
  organisation: number | undefined,
  { isDry }: Work,
  change: (organisation: number) => Promise<void>,
): Promise<Became> {
  if (isAsWanted) return "kept";
  if (!isDry && organisation !== undefined) await change(organisation);
  return found === undefined ? "made" : "updated";
}

/** Undefined where it is not there, or the organisation is not. */
async function get<Schema extends z.ZodType>(
  api: GrafanaApi,
  path: string,
  organisation: number | undefined,
  answer: Schema,
): Promise<z.infer<Schema> | undefined> {
  if (organisation === undefined) return undefined;
  return api.askUnless([404], { method: "GET", path, organisation }, answer);
}
