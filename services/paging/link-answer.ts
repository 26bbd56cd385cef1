// What a signed link does to its finding: whether it is still to be answered, and the answer itself, written
// together with its audit entry. A link acts once for its page, however often its form is sent.
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { FindingPaging, PageAnswer } from "../store/paging.ts";
import type { AuditInput, Store } from "../store/store.ts";
import { answerEntry } from "./answer-entry.ts";
import { type PageLink, pageMark } from "./links.ts";

/** `over`: the page is gone, or nothing is left to be done about its finding. */
export type LinkState = "open" | "answered" | "over" | "expired";

/** Makes the next state of a finding's paging from an answer to it. */
export type ApplyAnswer = (finding: Finding, answer: PageAnswer) => FindingPaging | undefined;

/** Where a link stands at a moment, ms UTC. */
export function linkState(finding: Finding | undefined, link: PageLink, now: number): LinkState {
  if (now >= link.expiresAt) return "expired";
  const paging = finding?.paging;
  if (finding === undefined || paging === undefined) return "over";
  const page = paging.pages.find(
    ({ id, person }) => pageMark(id) === link.page && person === link.person,
  );
  if (page === undefined) return "over";
  if (paging.answers.some((answer) => answer.page === page.id)) return "answered";
  if (finding.status === "closed" || paging.state === "ended") return "over";
  return paging.state === "acknowledged" ? "answered" : "open";
}

/**
 * Answers by a link whose form was sent.
 * @returns where the link stood; where it was open the answer is written
 */
export async function answerByLink(
  store: Store,
  link: PageLink,
  now: number,
  apply: ApplyAnswer,
): Promise<LinkState> {
  let stood: LinkState = "over";
  await store.reviseAll(link.tenant, FINDING_KIND, [link.finding], ({ document }) => {
    stood = linkState(document, link, now);
    if (stood !== "open") return undefined;
    const answer = answerOf(document, link, now);
    const paging = apply(document, answer);
    if (paging === undefined) {
      stood = "over";
      return undefined;
    }
    const after = { ...document, paging };
    return { document: after, audit: entryOf(document, after, answer) };
  });
  return stood;
}

function answerOf(finding: Finding, link: PageLink, at: number): PageAnswer {
  const page = finding.paging?.pages.find(({ id }) => pageMark(id) === link.page);
  return {
    kind: link.purpose === "acknowledge" ? "acknowledged" : "declined",
    ...{ at, via: "link" },
    ...(link.person === undefined ? {} : { person: link.person }),
    ...(page === undefined ? {} : { page: page.id }),
  };
}

function entryOf(before: Finding, after: Finding, answer: PageAnswer): AuditInput {
  return answerEntry(before, after, answer, `on-call:${answer.person ?? ""}`);
}
