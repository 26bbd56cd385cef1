// Makes the report of a suspicion from what was seen, and stores it with its audit entry. Sending is for
// suspicion-report-sender.ts: whoever reports never waits for a mail server.
import { AppError } from "../../config/errors.ts";
import { manipulationsIn } from "../../detectors/manipulation/manipulation.ts";
import { ANNOTATION_KIND, type Annotation, annotationSubject } from "../store/annotation.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { SearchPage, Store } from "../store/store.ts";
import { SUSPICION_KIND, type Suspicion } from "../store/suspicion.ts";

/** What somebody reports. */
interface SuspicionInput {
  readonly id: string;
  readonly finding: string;
  readonly kind: Suspicion["kind"];
  readonly comment: string;
  /** Of several suggestions the one that is meant; undefined: the newest one. */
  readonly annotation?: string | undefined;
}

interface Reporter {
  /** ms UTC. */
  readonly at: number;
  /** Opaque account id. */
  readonly actor: string;
}

const SEEN_MAX = 12;
const EVENTS_MAX = 5;
const FIELD_CHARACTERS_MAX = 100;

/**
 * Stores a report; it is sent later.
 * @param neutral cuts a value, takes identities, hosts and addresses out of it, and whatever could come alive
 * @throws AppError HW_NOT_FOUND
 */
export async function reportSuspicion(
  store: Store,
  tenant: string,
  input: SuspicionInput,
  by: Reporter,
  neutral: (text: string) => string,
): Promise<Suspicion> {
  const found = await store.get(tenant, FINDING_KIND, input.finding);
  if (found === undefined) throw notFound();
  const annotation = await annotationOf(store, tenant, input);
  const suspicion = suspicionOf(found.document, annotation, input, by, neutral);
  const { kind, finding, seen } = suspicion;
  const payload = {
    kind,
    finding,
    annotation: annotation?.id,
    fields: seen.map((one) => one.field),
  };
  await store.create(tenant, SUSPICION_KIND, input.id, suspicion, {
    ...by,
    action: "suspicion.report",
    subject: input.id,
    payload: { before: undefined, after: payload },
  });
  return suspicion;
}

/** Reports, newest first. @throws AppError HW_REQUEST_INVALID for a foreign cursor */
export function listSuspicions(
  store: Store,
  tenant: string,
  asked: {
    readonly kind?: readonly Suspicion["kind"][] | undefined;
    readonly finding?: string | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  },
): Promise<SearchPage<Suspicion>> {
  const { kind, finding, limit, cursor } = asked;
  return store.search(tenant, SUSPICION_KIND, {
    terms: {
      ...(kind === undefined ? {} : { kind }),
      ...(finding === undefined ? {} : { finding: [finding] }),
    },
    sort: [{ field: "createdAt", order: "desc" }],
    limit,
    ...(cursor === undefined ? {} : { cursor }),
  });
}

async function annotationOf(
  store: Store,
  tenant: string,
  { finding, annotation }: SuspicionInput,
): Promise<Annotation | undefined> {
  const subject = annotationSubject({ kind: "finding", id: finding });
  if (annotation !== undefined) {
    const named = await store.get(tenant, ANNOTATION_KIND, annotation);
    if (named === undefined || annotationSubject(named.document.subject) !== subject) {
      throw notFound();
    }
    return named.document;
  }
  const page = await store.search(tenant, ANNOTATION_KIND, {
    terms: { subject: [subject] },
    sort: [{ field: "createdAt", order: "desc" }],
    limit: 1,
  });
  return page.hits[0]?.document;
}

function suspicionOf(
  finding: Finding,
  annotation: Annotation | undefined,
  { id, kind, comment }: SuspicionInput,
  { at, actor }: Reporter,
  neutral: (text: string) => string,
): Suspicion {
  const { detector } = finding;
  return {
    ...{ id, tenant: finding.tenant, kind, finding: finding.id, comment },
    ...{ createdAt: at, createdBy: actor },
    detector: { id: detector.id, title: neutral(detector.title), level: detector.level },
    ...(annotation === undefined ? {} : { annotation: saidBy(annotation) }),
    seen: seenIn(finding, neutral),
    ...{ delivered: {}, pending: true, attempts: 0, nextAt: at },
  };
}

function saidBy(annotation: Annotation): NonNullable<Suspicion["annotation"]> {
  const { id, task, outcome, model, promptHash, claims, verification } = annotation;
  return {
    ...{ id, task, outcome, claims: claims.length },
    ...(model === undefined ? {} : { model }),
    ...(promptHash === undefined ? {} : { promptHash }),
    ...(verification === undefined
      ? {}
      : { verification: { total: verification.total, dropped: verification.dropped } }),
    removedCharacters: verification?.removedCharacters ?? 0,
  };
}

// What looks like manipulation comes first; where nothing does, what the finding was raised for.
function seenIn({ evidence }: Finding, neutral: (text: string) => string): Suspicion["seen"] {
  const documents = evidence.flatMap(({ events }) => events).slice(-EVENTS_MAX);
  const signs = documents.flatMap(({ document }) =>
    Object.entries(document).flatMap(([field, value]) =>
      [value].flat().flatMap((text) =>
        typeof text === "string"
          ? manipulationsIn({ text, use: "line" }).map(({ sign, excerpt }) => ({
              ...{ field, sign, excerpt },
            }))
          : [],
      ),
    ),
  );
  const matched = evidence
    .flatMap((one) => one.matched)
    .map(({ field, value }) => ({ field, sign: "", excerpt: value }));
  const all = (signs.length > 0 ? signs : matched).slice(0, SEEN_MAX);
  return all.map(({ field, sign, excerpt }) => ({
    field: neutral(field).slice(0, FIELD_CHARACTERS_MAX),
    sign,
    excerpt: neutral(excerpt),
  }));
}

function notFound(): AppError {
  return new AppError("HW_NOT_FOUND", "no such finding or suggestion");
}
