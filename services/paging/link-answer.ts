// What a signed link does to its finding: whether it is still to be answered, and the answer. A link acts
// once for its page, however often its form is sent.
import type { Finding } from "../store/finding.ts";
import type { FindingPaging, PageAnswer, PageDelivery } from "../store/paging.ts";
import type { Store } from "../store/store.ts";
import { type PageLink, pageMark } from "./links.ts";
import { recordAnswer } from "./record-answer.ts";

/** `over`: the page is gone, or nothing is left to be done about its finding. */
export type LinkState = "open" | "answered" | "over" | "expired";

/** Where a link stands at a moment, ms UTC. */
export function linkState(finding: Finding | undefined, link: PageLink, now: number): LinkState {
  if (now >= link.expiresAt) return "expired";
  const paging = finding?.paging;
  const page = pageOf(paging, link);
  if (finding === undefined || paging === undefined || page === undefined) return "over";
  if (paging.answers.some((answer) => answer.page === page.id)) return "answered";
  // Nobody answered all the calls: who does so late still takes it.
  const isLate = paging.ended === "exhausted" && link.purpose === "acknowledge";
  if (finding.status === "closed" || (paging.state === "ended" && !isLate)) return "over";
  return paging.state === "acknowledged" ? "answered" : "open";
}

/**
 * Answers by a link whose form was sent.
 * @returns where the link stood; where it was open the answer is written
 */
export async function answerByLink(store: Store, link: PageLink, now: number): Promise<LinkState> {
  let stood: LinkState = "over";
  const by = { at: now, actor: `on-call:${link.person ?? "room"}` };
  const recorded = await recordAnswer(store, link, by, (finding) => {
    stood = linkState(finding, link, now);
    return stood === "open" ? answerOf(finding, link, now) : undefined;
  });
  return recorded === "unchanged" ? "answered" : stood;
}

function answerOf({ paging }: Finding, link: PageLink, at: number): PageAnswer {
  const page = pageOf(paging, link);
  return {
    kind: link.purpose === "acknowledge" ? "acknowledged" : "declined",
    ...{ at, via: "link" },
    ...(link.person === undefined ? {} : { person: link.person }),
    ...(page === undefined ? {} : { page: page.id }),
  };
}

function pageOf(paging: FindingPaging | undefined, link: PageLink): PageDelivery | undefined {
  return paging?.pages.find(
    ({ id, person }) => person === link.person && pageMark(id) === link.page,
  );
}
