// Writes down what came of a call: the log entry of every call, and the annotation where there is one.
// These are the only documents that the stage ever writes.
import { createHash, randomUUID } from "node:crypto";
import { isAppError } from "../../config/errors.ts";
import type { Explanation } from "../llm/explain-case.ts";
import { ANNOTATION_KIND, type Annotation, annotationSubject } from "../store/annotation.ts";
import { LLM_CALL_KIND } from "../store/llm-call.ts";
import type { Store } from "../store/store.ts";

/** The same subject, task and content give the same id, so that nothing is annotated twice. */
export function annotationId(
  subject: Annotation["subject"],
  task: Annotation["task"],
  contentHash: string,
): string {
  const text = [annotationSubject(subject), task, contentHash].join("\n");
  return createHash("sha256").update(text).digest("hex").slice(0, 40);
}

/** The part of an annotation that a call decides; the state is `proposed` from then on. */
export function answeredPart(explanation: Explanation, at: number) {
  const { kind, call } = explanation;
  const answered = {
    ...{ state: "proposed" as const, outcome: kind, at },
    ...{ durationMs: call.durationMs, model: call.model, promptHash: call.promptHash },
  };
  if (kind === "failed") return { ...answered, failure: explanation.failure, claims: [] };
  const { assessment, verification } = explanation;
  return {
    ...answered,
    claims: kind === "verified" ? verification.claims.map(copyOfClaim) : [],
    ...(kind === "verified" ? { assessment } : {}),
    verification: {
      total: verification.total,
      dropped: { ...verification.dropped },
      removedCharacters: call.removedCharacters,
    },
  };
}

type Claim = Annotation["claims"][number];

function copyOfClaim(
  claim: Extract<Explanation, { kind: "verified" | "replaced" }>["verification"]["claims"][number],
): Claim {
  return { ...claim, parts: claim.parts.map((part) => ({ ...part })) };
}

/** Creates an annotation; where another process was quicker, its one stays. */
export async function createAnnotation(store: Store, annotation: Annotation): Promise<void> {
  try {
    await store.create(annotation.tenant, ANNOTATION_KIND, annotation.id, annotation);
  } catch (error) {
    if (!isAppError(error, "HW_EXISTS")) throw error;
  }
}

/** @param annotation id of the annotation that comes of the call; undefined: none */
export async function recordCall(
  store: Store,
  about: Pick<Annotation, "tenant" | "subject" | "task">,
  explanation: Explanation,
  at: number,
  annotation: string | undefined,
): Promise<void> {
  const { kind, call } = explanation;
  const { promptTokens, completionTokens, output, itemsLeftOut: _, ...rest } = call;
  const id = randomUUID();
  await store.create(about.tenant, LLM_CALL_KIND, id, {
    ...rest,
    ...{ id, tenant: about.tenant, at, task: about.task },
    subject: annotationSubject(about.subject),
    sampling: { ...call.sampling },
    outcome: kind === "failed" ? explanation.failure : kind,
    ...(annotation === undefined ? {} : { annotation }),
    ...(promptTokens === undefined ? {} : { promptTokens }),
    ...(completionTokens === undefined ? {} : { completionTokens }),
    ...(output === undefined ? {} : { output }),
    ...(kind === "failed"
      ? {}
      : {
          verification: {
            total: explanation.verification.total,
            dropped: { ...explanation.verification.dropped },
          },
        }),
  });
}
