// What people made of a call of the language model. The decision stands in the annotation that came of it,
// and nowhere else, so that there is one place where it is true.
import { ANNOTATION_KIND, type Annotation } from "./annotation.ts";
import type { LlmCallRecord } from "./llm-call.ts";
import type { Store } from "./store.ts";

export interface DecidedCall extends LlmCallRecord {
  /** Missing where nothing came of the call. */
  readonly decision?: { readonly state: Annotation["state"]; readonly at?: number };
}

/** The call with the present decision. */
export async function withDecision(store: Store, call: LlmCallRecord): Promise<DecidedCall> {
  if (call.annotation === undefined) return call;
  const found = await store.get(call.tenant, ANNOTATION_KIND, call.annotation);
  if (found === undefined) return call;
  const { state, decidedAt } = found.document;
  return { ...call, decision: { state, ...(decidedAt === undefined ? {} : { at: decidedAt }) } };
}
