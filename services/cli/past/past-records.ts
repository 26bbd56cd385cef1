// What else the diary of the past tells of: exceptions, silences, requests for names, test pages, calls of a
// model, and sources that came back. Written as the routes and stages write it, with their audit entries.
import { createHash } from "node:crypto";
import { agreeToException, proposeException, withdrawException } from "../../cases/exception.ts";
import { annotationId } from "../../explain/record.ts";
import type { PastCall, PastStep } from "../../simulator/casework/past.ts";
import { ANNOTATION_KIND, type Annotation } from "../../store/annotation.ts";
import { CHANNEL_PROOF_KIND } from "../../store/channel-proof.ts";
import { IDENTITY_REQUEST_KIND, type IdentityRequest } from "../../store/identity.ts";
import { FINDING_KIND, SILENCE_KIND } from "../../store/kinds.ts";
import { LLM_CALL_KIND } from "../../store/llm-call.ts";
import { TEST_PAGE_KIND, type TestPage } from "../../store/test-page.ts";
import { CLI_MESSAGES } from "../messages.ts";
import { nameOf } from "./past-incidents.ts";
import type { PastTarget } from "./write-past.ts";

/** Ids of what the diary calls by keys. */
export interface PastNames {
  readonly incidents: Map<string, string>;
  readonly exceptions: Map<string, string>;
  /** Finding → incident that it was linked to first. */
  readonly linked: Map<string, string>;
}

type Note = Exclude<PastStep, { readonly kind: "raise" | "acknowledge" | "judge" | "incident" }>;
type NoteOf<Kind extends Note["kind"]> = Extract<Note, { readonly kind: Kind }>;
type Place = Pick<PastTarget, "store" | "tenant">;

const READABLE_MS = 3_600_000;
const MINUTE_MS = 60_000;
const MODEL = "simuliert";

export async function notePast(place: Place, names: PastNames, step: Note): Promise<void> {
  switch (step.kind) {
    case "exception":
    case "exception_agreed":
    case "exception_withdrawn":
      return noteException(place, names, step);
    case "silence":
      return noteSilence(place, step);
    case "identity":
      return noteRequest(place, names, step);
    case "identity_decided":
      return noteDecision(place, step);
    case "test_page":
      return noteTestPage(place, step.page);
    case "call":
      return noteCall(place, step.at, step.call);
    case "page_answered":
    case "source_resumed":
      return noteAudit(place, step);
  }
}

async function noteException(
  { store, tenant }: Place,
  names: PastNames,
  step: NoteOf<"exception" | "exception_agreed" | "exception_withdrawn">,
) {
  const actor = { at: step.at, actor: step.by, account: step.by, isPerson: true };
  if (step.kind === "exception") {
    const { finding, host: value, days, reason } = step;
    const matchers = [{ field: "host.name", operator: "equals" as const, value }];
    const made = await proposeException(store, tenant, { finding, matchers, days, reason }, actor);
    names.exceptions.set(step.key, made.id);
    return;
  }
  const id = nameOf(names.exceptions, step.key);
  if (step.kind === "exception_agreed") await agreeToException(store, tenant, id, actor);
  else await withdrawException(store, tenant, id, { ...actor, reason: "" });
}

async function noteSilence({ store, tenant }: Place, step: NoteOf<"silence">) {
  const { at: from, by: actor, until, reason, host } = step;
  const id = createHash("sha256").update(`${host}/${from}`).digest("hex").slice(0, 32);
  const matchers = [{ field: "host.name", operator: "equals" as const, value: host }];
  const silence = { id, tenant, matchers, from, until, reason, createdAt: from, createdBy: actor };
  const payload = { matchers, from, until, reason };
  const audit = { at: from, actor, action: "silence.create", subject: id, payload };
  await store.create(tenant, SILENCE_KIND, id, silence, audit);
}

async function noteRequest({ store, tenant }: Place, names: PastNames, step: NoteOf<"identity">) {
  const { id, incident: key, ...about } = step.request;
  const incident = nameOf(names.incidents, key);
  const asked: IdentityRequest = {
    ...{ ...about, id, incident, requester: step.by, state: "waiting", createdAt: step.at },
  };
  await store.create(
    tenant,
    IDENTITY_REQUEST_KIND,
    id,
    asked,
    requestAudit("request", asked, step),
  );
}

async function noteDecision({ store, tenant }: Place, step: NoteOf<"identity_decided">) {
  const { at, by, state, request: id } = step;
  const found = await store.get(tenant, IDENTITY_REQUEST_KIND, id);
  if (found === undefined) throw new RangeError("nobody has asked for this name");
  const readable = state === "approved" ? { readableUntil: at + READABLE_MS } : {};
  const decided = { ...found.document, state, decidedAt: at, decidedBy: by, ...readable };
  const audit = requestAudit(state === "approved" ? "approve" : "refuse", decided, step);
  await store.replace(tenant, IDENTITY_REQUEST_KIND, id, decided, found.version, audit);
}

function requestAudit(verb: string, request: IdentityRequest, { at, by }: Note) {
  const { id, pseudonym, reason, incident, state } = request;
  const payload = { pseudonym, reason, incident, state };
  return { at, actor: by, action: `identity.${verb}`, subject: id, payload };
}

/** With the proofs of its channels, of which the newest stay. */
async function noteTestPage({ store, tenant }: Place, page: Omit<TestPage, "tenant">) {
  await store.create(tenant, TEST_PAGE_KIND, page.id, { ...page, tenant });
  for (const { channel, id, at = page.requestedAt, state, fault } of page.results ?? []) {
    const known = (await store.get(tenant, CHANNEL_PROOF_KIND, channel))?.document;
    const news =
      state === "handed_over"
        ? { handedOverAt: at, page: id }
        : { fault: { at, kind: "unreachable", message: fault ?? "" } };
    const proof = {
      ...known,
      channel,
      kind: channel,
      circuit: "closed" as const,
      changedAt: at,
      ...news,
    };
    await store.put(tenant, CHANNEL_PROOF_KIND, channel, proof);
  }
}

async function noteCall({ store, tenant }: Place, at: number, call: PastCall) {
  const { id, finding, outcome, durationMs, promptChars, claims: total, dropped, decision } = call;
  const about = await store.get(tenant, FINDING_KIND, finding);
  if (about === undefined) throw new RangeError("a call about no finding");
  const hash = createHash("sha256").update(id).digest("hex");
  const verification = { total, dropped: dropped === 0 ? {} : { unknown_value: dropped } };
  const subject = { kind: "finding" as const, id: finding };
  const annotation = annotationId(subject, "summary", hash);
  const isAnswered = outcome !== "timeout";
  const answered = isAnswered ? { verification } : {};
  const sentence = CLI_MESSAGES.de.demoPastAnswer;
  const claim = {
    ...{ kind: "statement" as const, section: "what" as const },
    parts: [{ type: "text" as const, text: sentence }],
  };
  const said: Annotation = {
    ...{ id: annotation, tenant, subject, task: "summary", createdAt: at - durationMs, at },
    ...{ contentHash: hash, promptHash: hash, model: MODEL, durationMs },
    state: decision?.state ?? "proposed",
    ...(isAnswered ? { outcome } : { outcome: "failed", failure: outcome }),
    claims: outcome === "verified" ? [claim] : [],
    ...(isAnswered ? { verification: { ...verification, removedCharacters: 0 } } : {}),
    template: about.document.summary,
    ...(decision === undefined ? {} : { decidedAt: decision.at, decidedBy: "simuliert" }),
  };
  await Promise.all([
    store.put(tenant, ANNOTATION_KIND, annotation, said),
    store.put(tenant, LLM_CALL_KIND, id, {
      ...{ id, tenant, at, subject: `finding:${finding}`, task: "summary", annotation },
      ...{ promptHash: hash, promptChars, model: MODEL, sampling: {}, attempts: 1, durationMs },
      ...{ outcome, removedCharacters: 0, output: isAnswered ? sentence : "" },
      ...answered,
    }),
  ]);
}

async function noteAudit(
  { store, tenant }: Place,
  step: NoteOf<"page_answered" | "source_resumed">,
): Promise<void> {
  const { at, by: actor, finding: subject } = step;
  if (step.kind === "source_resumed") {
    const silentMinutes = Math.round((at - step.since) / MINUTE_MS);
    const payload = {
      ...{ source: step.source, lastReceivedAt: step.since, resumedAt: at, silentMinutes },
    };
    await store.appendAudit(tenant, { at, actor, action: "source.resumed", subject, payload });
    return;
  }
  const state = (name: string) => ({ state: name, round: 0 });
  const payload = {
    ...{ before: state("escalating"), after: state("acknowledged"), via: "link", page: step.page },
  };
  await store.appendAudit(tenant, {
    ...{ at, actor, action: "finding.page_acknowledge", subject, payload },
  });
}
