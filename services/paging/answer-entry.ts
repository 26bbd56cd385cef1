// The audit entry about an answer to a page: who answered by which way, and what it changed.
import type { Finding } from "../store/finding.ts";
import type { PageAnswer } from "../store/paging.ts";
import type { AuditInput } from "../store/store.ts";

const ACTIONS: Readonly<Record<PageAnswer["kind"], string>> = {
  acknowledged: "finding.page_acknowledge",
  declined: "finding.page_decline",
};

/** @param actor opaque account id; `on-call:` and the configured name where the answer came by a page */
export function answerEntry(
  before: Finding,
  after: Finding,
  answer: PageAnswer,
  actor: string,
): AuditInput {
  const { kind, at, via, page } = answer;
  const said = ({ paging }: Finding) => ({ state: paging?.state, round: paging?.round });
  const payload = {
    ...{ before: said(before), after: said(after), via },
    ...(page === undefined ? {} : { page }),
  };
  return { at, actor, action: ACTIONS[kind], subject: after.id, payload };
}
