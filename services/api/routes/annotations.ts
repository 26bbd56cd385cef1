// What the language model says of findings and incidents: reading it, asking for it, and deciding on it.
// Nothing here changes a finding or an incident; the model itself works elsewhere and finds requests in
// the store. Each decision is written together with its audit entry.
import { randomUUID } from "node:crypto";
import { isAppError } from "../../../config/errors.ts";
import { levelRank } from "../../../detectors/detector.ts";
import { templateDraft } from "../../llm/draft-template.ts";
import { LLM_MESSAGES } from "../../llm/messages.ts";
import { ANNOTATION_KIND, type Annotation, annotationSubject } from "../../store/annotation.ts";
import type { Finding } from "../../store/finding.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../store/kinds.ts";
import type { Store, Versioned } from "../../store/store.ts";
import {
  type AnnotationAnswer,
  acceptBody,
  annotationAnswer,
  annotationList,
  draftBody,
  editBody,
  rejectBody,
} from "../annotation-schemas.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { type Principal, principalOf } from "../guard.ts";
import { idParams } from "../schemas.ts";

const ANNOTATIONS_LISTED_MAX = 50;
const FINDINGS_MAX = 20;
const TIME_ZONE = "Europe/Berlin";

type Subject = Annotation["subject"];

/** Registers the reading and asking routes below `/findings` and `/incidents`, and `/annotations`. */
export function registerAnnotationRoutes(api: Api, context: ApiContext): void {
  const reading = { params: idParams, response: answers(annotationList) };
  api.get("/findings/:id/annotations", { schema: reading }, (request) =>
    listOf(context, principalOf(request), { kind: "finding", id: request.params.id }),
  );
  api.get("/incidents/:id/annotations", { schema: reading }, (request) =>
    listOf(context, principalOf(request), { kind: "incident", id: request.params.id }),
  );
  const asking = { params: idParams, response: answers(annotationAnswer) };
  api.post("/findings/:id/questions", { schema: asking }, (request) => {
    const subject = { kind: "finding" as const, id: request.params.id };
    return requestDraft(context, principalOf(request), subject, "questions");
  });
  const drafting = { ...asking, body: draftBody };
  api.post("/incidents/:id/drafts", { schema: drafting }, (request) => {
    const subject = { kind: "incident" as const, id: request.params.id };
    return requestDraft(context, principalOf(request), subject, request.body.kind);
  });
  registerDecisions(api, context);
}

function registerDecisions(api: Api, context: ApiContext): void {
  const deciding = { params: idParams, response: answers(annotationAnswer) };
  const accepting = { ...deciding, body: acceptBody };
  api.post("/annotations/:id/accept", { schema: accepting }, (request) =>
    decide(context, principalOf(request), request.params.id, request.body.version, (present) => {
      // Without a claim that holds there is nothing that could be taken over.
      if (present.outcome !== "verified") throw new ApiFault("HW_CONFLICT");
      return { state: "accepted" };
    }),
  );
  const editing = { ...deciding, body: editBody };
  api.post("/annotations/:id/edit", { schema: editing }, (request) => {
    const { version, text } = request.body;
    return decide(context, principalOf(request), request.params.id, version, () => ({
      state: "edited",
      editedText: text,
    }));
  });
  const rejecting = { ...deciding, body: rejectBody };
  api.post("/annotations/:id/reject", { schema: rejecting }, (request) => {
    const { version, reason } = request.body;
    return decide(context, principalOf(request), request.params.id, version, () => ({
      state: "rejected",
      ...(reason === undefined ? {} : { reason }),
    }));
  });
}

async function listOf(context: ApiContext, { tenant }: Principal, subject: Subject) {
  const findings = await findingsOf(context.store, tenant, subject);
  const page = await context.store.search(tenant, ANNOTATION_KIND, {
    terms: { subject: [annotationSubject(subject)] },
    sort: [{ field: "createdAt", order: "desc" }],
    limit: ANNOTATIONS_LISTED_MAX,
  });
  return { annotations: page.hits.map((one) => answerOf(context, one, findings)) };
}

/** A request that nobody has answered yet is not made twice. */
async function requestDraft(
  context: ApiContext,
  { tenant, actor }: Principal,
  subject: Subject,
  task: Annotation["task"],
): Promise<AnnotationAnswer> {
  const { store, options } = context;
  const findings = await findingsOf(store, tenant, subject);
  const open = await store.search(tenant, ANNOTATION_KIND, {
    terms: { subject: [annotationSubject(subject)], task: [task], state: ["requested"] },
    sort: [{ field: "createdAt", order: "desc" }],
    limit: 1,
  });
  const [waiting] = open.hits;
  if (waiting !== undefined) return answerOf(context, waiting, findings);
  const id = randomUUID();
  const createdAt = context.clock();
  const facts = findings.map(({ detector, ...finding }) => ({
    ...finding,
    title: detector.title,
    response: detector.response,
  }));
  const zone = options.timeZoneOf?.(tenant) ?? TIME_ZONE;
  const template = templateDraft(task, facts, zone, options.language);
  const request: Annotation = {
    ...{ id, tenant, subject, task, state: "requested", outcome: "pending", contentHash: id },
    ...{ createdAt, requestedBy: actor, claims: [], template },
  };
  const made = await store.create(tenant, ANNOTATION_KIND, id, request, {
    ...{ at: createdAt, actor, action: "annotation.request", subject: id },
    payload: { about: annotationSubject(subject), task },
  });
  return answerOf(context, made, findings);
}

/** @param next what the decision changes; throws where it does not fit */
async function decide(
  context: ApiContext,
  { tenant, actor }: Principal,
  id: string,
  version: number,
  next: (present: Annotation) => Pick<Annotation, "state"> & Partial<Annotation>,
): Promise<AnnotationAnswer> {
  const { store } = context;
  const load = async () => {
    const found = await store.get(tenant, ANNOTATION_KIND, id);
    if (found === undefined) throw new ApiFault("HW_NOT_FOUND");
    return found;
  };
  const answer = async (one: Versioned<Annotation>) =>
    answerOf(context, one, await findingsOf(store, tenant, one.document.subject, true));
  const conflict = async (one: Versioned<Annotation>) =>
    new ApiFault("HW_CONFLICT", { details: await answer(one) });
  const present = await load();
  const { state, outcome } = present.document;
  if (present.version !== version || state === "requested") throw await conflict(present);
  const at = context.clock();
  // An earlier decision leaves nothing of its own behind; the audit chain has it.
  const { editedText: _, reason: __, ...rest } = present.document;
  const decided = { ...rest, ...next(present.document), decidedBy: actor, decidedAt: at };
  const audit = {
    ...{ at, actor, action: `annotation.${decided.state}`, subject: id },
    payload: {
      about: annotationSubject(rest.subject),
      ...{ before: { state, outcome }, after: { state: decided.state } },
    },
  };
  try {
    return answer(await store.replace(tenant, ANNOTATION_KIND, id, decided, version, audit));
  } catch (error) {
    if (!isAppError(error, "HW_CONFLICT")) throw error;
    throw await conflict(await load());
  }
}

function answerOf(
  { options }: ApiContext,
  { version, document }: Versioned<Annotation>,
  findings: readonly Finding[],
): AnnotationAnswer {
  const { tenant: _, contentHash: __, ...shown } = document;
  const text = LLM_MESSAGES[options.language];
  const isTemplate = document.outcome !== "verified" && document.outcome !== "pending";
  const isGrave = findings.some(({ detector }) => levelRank(detector.level) >= levelRank("high"));
  return {
    ...shown,
    version,
    notice:
      isTemplate && document.state === "proposed" ? text.noAnswer : text.notice[document.state],
    folded: isGrave && document.state === "proposed",
  };
}

/**
 * The finding, or those of the incident.
 * @throws ApiFault HW_NOT_FOUND when the subject is not there, unless it may be gone meanwhile
 */
async function findingsOf(
  store: Store,
  tenant: string,
  { kind, id }: Subject,
  mayBeGone = false,
): Promise<readonly Finding[]> {
  const incident = kind === "incident" ? await store.get(tenant, INCIDENT_KIND, id) : undefined;
  if (kind === "incident" && incident === undefined && !mayBeGone)
    throw new ApiFault("HW_NOT_FOUND");
  const ids = kind === "finding" ? [id] : (incident?.document.findingIds ?? []);
  const found = await Promise.all(
    ids.slice(0, FINDINGS_MAX).map((one) => store.get(tenant, FINDING_KIND, one)),
  );
  const findings = found.flatMap((one) => (one === undefined ? [] : [one.document]));
  if (kind === "finding" && findings.length === 0 && !mayBeGone) throw new ApiFault("HW_NOT_FOUND");
  return findings;
}
