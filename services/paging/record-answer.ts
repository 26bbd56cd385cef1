// Writes an answer to a page into its finding, together with its audit entry: who answered by which way, and
// what it changed. Whoever answers at the same time, both are looked at one after the other.
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { PageAnswer } from "../store/paging.ts";
import type { AuditInput, Store } from "../store/store.ts";
import { answer } from "./answers.ts";

/** `unchanged`: no answer is awaited any more; `left`: whoever asked did not want to, having seen it. */
export type Recorded = "written" | "unchanged" | "left" | "not_paged" | "missing";

const ACTIONS: Readonly<Record<PageAnswer["kind"], string>> = {
  acknowledged: "finding.page_acknowledge",
  declined: "finding.page_decline",
};

/**
 * @param by opaque account id; `on-call:` and the configured name where the answer came by a page
 * @param answerOf makes the answer from the finding as it is then; undefined: none. May be asked again
 */
export async function recordAnswer(
  store: Store,
  { tenant, finding }: { readonly tenant: string; readonly finding: string },
  by: { readonly actor: string; readonly at: number },
  answerOf: (finding: Finding) => PageAnswer | undefined,
): Promise<Recorded> {
  let recorded: Recorded = "missing";
  await store.reviseAll(tenant, FINDING_KIND, [finding], ({ document }) => {
    recorded = "left";
    const given = answerOf(document);
    if (given === undefined) return undefined;
    const paging = answer(document, given, by.at);
    recorded = paging === undefined ? "not_paged" : "unchanged";
    if (paging === undefined || paging === document.paging) return undefined;
    recorded = "written";
    const after = { ...document, paging };
    return { document: after, audit: entryOf(document, after, given, by.actor) };
  });
  return recorded;
}

function entryOf(before: Finding, after: Finding, given: PageAnswer, actor: string): AuditInput {
  const { kind, at, via, page } = given;
  const said = ({ paging }: Finding) => ({ state: paging?.state, round: paging?.round });
  const payload = {
    ...{ before: said(before), after: said(after), via },
    ...(page === undefined ? {} : { page }),
  };
  return { at, actor, action: ACTIONS[kind], subject: after.id, payload };
}
