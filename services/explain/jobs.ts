// The two things that the stage does: explain a finding by itself, and answer what somebody asked for.
import { isAppError } from "../../config/errors.ts";
import type { CaseInput } from "../llm/case.ts";
import { type Explanation, explainCase } from "../llm/explain-case.ts";
import { ANNOTATION_KIND, type Annotation } from "../store/annotation.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../store/kinds.ts";
import type { Store, Versioned } from "../store/store.ts";
import { caseOfFindings, contentHashOf } from "./case-of-finding.ts";
import type { ExplainOptions } from "./explain.ts";
import type { LlmMetrics } from "./metrics.ts";
import { isAllowed, whileOn } from "./off-switch.ts";
import { annotationId, answeredPart, createAnnotation, recordCall } from "./record.ts";
import type { Waiting } from "./waiting.ts";

const FINDINGS_MAX = 20;

/** `later`: nothing was tried, or it was broken off from outside. */
export type Outcome =
  | { readonly kind: "done"; readonly contentHash?: string }
  | { readonly kind: "failed" | "later" };

/** Annotates a finding, once for each content. */
export async function explainFinding(
  { tenant, id }: Waiting,
  options: ExplainOptions,
  metrics: LlmMetrics,
  stop: AbortSignal,
): Promise<Outcome> {
  const { store, now } = options;
  const found = await store.get(tenant, FINDING_KIND, id);
  if (found === undefined) return { kind: "done" };
  const finding = found.document;
  const contentHash = contentHashOf(finding);
  const subject = { kind: "finding" as const, id };
  const annotation = annotationId(subject, "summary", contentHash);
  const known = await store.get(tenant, ANNOTATION_KIND, annotation);
  if (known !== undefined) return { kind: "done", contentHash };
  if (!(await isAllowed(store, tenant))) return { kind: "later" };

  const about = { tenant, subject, task: "summary" as const };
  const explanation = await ask([finding], about, options, metrics, stop);
  if (wasNotTried(explanation)) return { kind: "later" };
  const isMade = explanation.kind !== "failed";
  await recordCall(store, about, explanation, now(), isMade ? annotation : undefined);
  if (!isMade) return { kind: "failed" };
  await createAnnotation(store, {
    ...{ id: annotation, ...about, contentHash, createdAt: now(), template: finding.summary },
    ...answeredPart(explanation, now()),
  });
  return { kind: "done", contentHash };
}

/** Answers what somebody waits for; whatever comes of it, they are told. */
export async function answerRequest(
  { tenant, id }: Waiting,
  options: ExplainOptions,
  metrics: LlmMetrics,
  stop: AbortSignal,
): Promise<Outcome> {
  const { store, now } = options;
  const request = await store.get(tenant, ANNOTATION_KIND, id);
  if (request === undefined || request.document.state !== "requested") return { kind: "done" };
  const { subject, task } = request.document;
  const failed = (failure: string) =>
    finish(store, request, { state: "proposed", outcome: "failed", failure, at: now() });
  if (!(await isAllowed(store, tenant))) return failed("switched_off");
  const findings = await findingsOf(store, tenant, subject);
  if (findings.length === 0) return failed("no_findings");
  const about = { tenant, subject, task };
  const explanation = await ask(findings, about, options, metrics, stop);
  if (stop.aborted) return { kind: "later" };
  if (!wasNotTried(explanation)) await recordCall(store, about, explanation, now(), id);
  return finish(store, request, answeredPart(explanation, now()));
}

/** Who has withdrawn the request or was quicker meanwhile is left alone. */
async function finish(
  store: Store,
  { id, version, document }: Versioned<Annotation>,
  answered: Partial<Annotation>,
): Promise<Outcome> {
  const next = { ...document, ...answered };
  try {
    await store.replace(document.tenant, ANNOTATION_KIND, id, next, version);
  } catch (error) {
    if (!isAppError(error, "HW_CONFLICT") && !isAppError(error, "HW_NOT_FOUND")) throw error;
  }
  return { kind: "done" };
}

async function ask(
  findings: readonly Finding[],
  { tenant, subject, task }: Pick<Annotation, "tenant" | "subject" | "task">,
  { store, parts, timeZoneOf }: ExplainOptions,
  metrics: LlmMetrics,
  stop: AbortSignal,
): Promise<Explanation> {
  const timeZone = timeZoneOf(tenant);
  const input: CaseInput = caseOfFindings(findings, { task, subject: subject.id, timeZone });
  const explanation = await whileOn(store, tenant, stop, (signal) =>
    explainCase(parts, input, signal),
  );
  metrics.ended(explanation);
  return explanation;
}

function wasNotTried(explanation: Explanation): boolean {
  return (
    explanation.kind === "failed" && ["circuit_open", "cancelled"].includes(explanation.failure)
  );
}

async function findingsOf(
  store: Store,
  tenant: string,
  { kind, id }: Annotation["subject"],
): Promise<readonly Finding[]> {
  const incident =
    kind === "incident" ? await store.get(tenant, INCIDENT_KIND, id) : { document: undefined };
  const ids = kind === "finding" ? [id] : (incident?.document?.findingIds ?? []);
  const found = await Promise.all(
    ids.slice(0, FINDINGS_MAX).map((one) => store.get(tenant, FINDING_KIND, one)),
  );
  return found.flatMap((one) => (one === undefined ? [] : [one.document]));
}
