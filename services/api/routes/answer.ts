// The page behind the links in alarms. Mail gateways and chat programs follow every link: whatever only
// fetches it changes nothing. What acts is the form of the page that was shown, once.
import { normalizeIP } from "@fastify/rate-limit";
import type { FastifyReply, FastifyRequest } from "fastify";
import { answerByLink, type LinkState, linkState } from "../../paging/link-answer.ts";
import {
  findingOfToken,
  isForm,
  type KnownPeople,
  type PageLink,
  readLink,
  signForm,
} from "../../paging/links.ts";
import { formerPeople, recordRefusal } from "../../paging/refused-answer.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import type { Store } from "../../store/store.ts";
import { ANSWER_MESSAGES } from "../answer-messages.ts";
import { ANSWER_STYLE, ANSWER_STYLE_PATH, type AnswerView, answerPage } from "../answer-page.ts";
import type { Api, ApiContext, PagingLink } from "../context.ts";
import { ApiFault } from "../faults.ts";

const PATH = "/antwort/:token";
const BODY_BYTES_MAX = 1024;
const MINUTE_MS = 60_000;
const TIME_ZONE = "Europe/Berlin";
const STATUS: Readonly<Record<AnswerView["kind"], number>> = {
  ...{ ask: 200, done: 200, answered: 200, over: 410, expired: 410 },
  ...{ former: 410, unknown: 404, limited: 429, fault: 400 },
};

type Language = "de" | "en";

/** What is shown, and in which language. */
type Told = AnswerView & { readonly language: Language };

/** Registers the page, outside of /api/v1: who holds a link needs no session. */
export async function registerAnswerPage(
  api: Api,
  context: ApiContext,
  paging: PagingLink,
): Promise<void> {
  await api.register(async (scope) => {
    takeForms(scope);
    const { language } = context.options;
    scope.setErrorHandler((thrown, request, reply) => {
      const isLimited = thrown instanceof ApiFault && thrown.code === "HW_RATE_LIMITED";
      if (!isLimited) request.log.warn({ err: thrown }, "an answer by link failed");
      return tell(reply, { kind: isLimited ? "limited" : "fault", language });
    });
    const desk = createDesk(scope, context, paging);
    const schema = { hide: true };
    scope.get(ANSWER_STYLE_PATH, { schema }, (_request, reply) => {
      reply.type("text/css; charset=utf-8").header("cache-control", "public, max-age=3600");
      return reply.send(ANSWER_STYLE);
    });
    scope.route({
      ...{ method: ["GET", "HEAD"], url: PATH, schema },
      handler: async (request, reply) => tell(reply, await desk.open(request)),
    });
    scope.post(PATH, { schema }, async (request, reply) => tell(reply, await desk.answer(request)));
    scope.options(PATH, { schema }, (_request, reply) =>
      reply.code(204).header("allow", "GET, HEAD, POST, OPTIONS").send(),
    );
  });
}

/** Forms are read here only: everywhere else their type is refused, so that no other site's form gets in. */
function takeForms(scope: Api): void {
  const options = { parseAs: "string", bodyLimit: BODY_BYTES_MAX } as const;
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("application/x-www-form-urlencoded", options, (_request, body, done) =>
    done(null, new URLSearchParams(body.toString())),
  );
}

/** Opens links and answers by them. */
function createDesk(scope: Api, context: ApiContext, paging: PagingLink) {
  const { store, options, clock, limits } = context;
  const { keys } = paging;
  const known = knownPeople(paging);
  // Only what is no link of ours is counted: who guesses from one address shuts nobody's good link out.
  const misses = scope.createRateLimit({
    ...{ max: limits.badLinksPerAddressMax, timeWindow: MINUTE_MS },
    keyGenerator: (request: FastifyRequest) => normalizeIP(request.ip),
  });
  const unknown = async (request: FastifyRequest): Promise<Told> => {
    const counted = await misses(request);
    const isLimited = !counted.isAllowed && counted.isExceeded;
    return { kind: isLimited ? "limited" : "unknown", language: options.language };
  };
  const closed = (link: PageLink, state: Exclude<LinkState, "open">): Told => ({
    ...{ kind: state, language: languageOf(context, paging, link) },
    ...consoleLink(context, link),
  });
  const shown = async (link: PageLink, token: string, isAgain: boolean): Promise<Told> => {
    const found = await store.get(link.tenant, FINDING_KIND, link.finding);
    const state = linkState(found?.document, link, clock());
    const priority = found?.document.paging?.priority;
    if (state !== "open") return closed(link, state);
    if (found === undefined || priority === undefined) return closed(link, "over");
    const { detector, raisedAt } = found.document;
    const timeZone = options.timeZoneOf?.(link.tenant) ?? TIME_ZONE;
    const tenantName = options.tenantNames?.[link.tenant] ?? link.tenant;
    return {
      ...{ kind: "ask", purpose: link.purpose, isAgain },
      subject: { tenantName, priority, title: detector.title, raisedAt, timeZone },
      nonce: signForm(keys, link, token, clock()),
      language: languageOf(context, paging, link),
    };
  };
  /** Of somebody who is not configured any more: it counts no more, and that is said. */
  const former = async (request: FastifyRequest): Promise<Told> => {
    const miss = await unknown(request);
    if (miss.kind === "limited") return miss;
    const link = await readFormerLink(store, paging, tokenOf(request));
    if (link === undefined) return miss;
    if (request.method === "POST") {
      const kind = link.purpose === "acknowledge" ? "acknowledged" : "declined";
      const people = link.person === undefined ? [] : [link.person];
      const refused = { kind, via: "link", at: clock(), former: people } as const;
      await recordRefusal(store, link, refused);
    }
    return { kind: "former", language: options.language };
  };
  return {
    async open(request: FastifyRequest): Promise<Told> {
      const token = tokenOf(request);
      const link = readLink(keys, token, known);
      return link === undefined ? former(request) : shown(link, token, false);
    },
    async answer(request: FastifyRequest): Promise<Told> {
      const token = tokenOf(request);
      const link = readLink(keys, token, known);
      if (link === undefined) return former(request);
      const nonce = request.body instanceof URLSearchParams ? request.body.get("form") : null;
      const now = clock();
      if (!isForm(keys, link, { token, nonce: nonce ?? "", now })) return shown(link, token, true);
      const state = await answerByLink(store, link, now);
      if (state !== "open") return closed(link, state);
      const language = languageOf(context, paging, link);
      return { kind: "done", purpose: link.purpose, language, ...consoleLink(context, link) };
    },
  };
}

/** Who was called stands in the finding that the link names. */
async function readFormerLink(
  store: Store,
  { keys, config }: PagingLink,
  token: string,
): Promise<PageLink | undefined> {
  const id = findingOfToken(token);
  if (id === undefined) return undefined;
  for (const [tenant, { people }] of Object.entries(config.tenants)) {
    const found = await store.get(tenant, FINDING_KIND, id);
    const former = formerPeople(found?.document.paging, people);
    const link =
      former.length === 0 ? undefined : readLink(keys, token, new Map([[tenant, former]]));
    if (link !== undefined) return link;
  }
  return undefined;
}

function tokenOf({ params }: FastifyRequest): string {
  const token = typeof params === "object" && params !== null && "token" in params && params.token;
  return typeof token === "string" ? token : "";
}

function tell(reply: FastifyReply, { language, ...view }: Told): FastifyReply {
  return reply
    .code(STATUS[view.kind])
    .type("text/html; charset=utf-8")
    .header("cache-control", "no-store")
    .header("x-robots-tag", "noindex, nofollow, noarchive")
    .send(answerPage(view, ANSWER_MESSAGES[language]));
}

function knownPeople({ config }: PagingLink): KnownPeople {
  const tenants = Object.entries(config.tenants);
  return new Map(tenants.map(([tenant, { people }]) => [tenant, Object.keys(people)]));
}

function languageOf({ options }: ApiContext, { config }: PagingLink, link: PageLink): Language {
  const person = link.person === undefined ? undefined : config.tenants[link.tenant]?.people;
  return person?.[link.person ?? ""]?.language ?? options.language;
}

function consoleLink({ options }: ApiContext, { finding }: PageLink): { consoleUrl?: string } {
  if (options.publicUrl === undefined) return {};
  return { consoleUrl: new URL(`/warteschlange/${finding}`, options.publicUrl).href };
}
