// What an answer to a page changes: who acknowledges stops the calls, who declines has the next step begin at
// once. Pure and idempotent: an answer that comes twice, or late, changes nothing a second time. What was
// told by the same pages is acknowledged with it: the engine sees the answer of the finding that told of it.
import type { Finding } from "../store/finding.ts";
import { ANSWERS_KEPT_MAX, type FindingPaging, type PageAnswer } from "../store/paging.ts";
import { dropPending, withDue, withSkipped } from "./paging-state.ts";

/** `stepAt` of what was answered just now: the engine says what follows, whatever the answer's clock says. */
export const AT_ONCE = 0;

/**
 * The finding's paging after an answer; the same object when the answer changes nothing, undefined when
 * nobody was to be paged.
 */
export function answer(
  finding: Finding,
  given: PageAnswer,
  now: number,
): FindingPaging | undefined {
  const { paging } = finding;
  if (paging === undefined) return undefined;
  return given.kind === "acknowledged"
    ? acknowledge(finding, paging, given, now)
    : decline(paging, given, now);
}

/** What people have done with a finding, as far as it stands in it; another mark: something was done. */
export function actionMark({ status, verdict, incident }: Finding): string {
  return [status, verdict?.at ?? "", incident ?? ""].join(" ");
}

function acknowledge(
  finding: Finding,
  paging: FindingPaging,
  given: PageAnswer,
  now: number,
): FindingPaging {
  const isOver = paging.state === "ended" && paging.ended !== "exhausted";
  if (paging.state === "acknowledged" || isOver) return paging;
  const { ended: _, gatheredIn: __, gatheredAt: ___, toldBy: ____, ...rest } = paging;
  return withDue({
    ...rest,
    ...{ state: "acknowledged", stepAt: AT_ONCE, mark: actionMark(finding) },
    pages: dropPending(paging.pages, now),
    answers: withAnswer(paging, given),
  });
}

// Nobody else is held up by it: whoever was called by the same step may still answer.
function decline(paging: FindingPaging, given: PageAnswer, now: number): FindingPaging {
  const { state, answers, pages, round, step } = paging;
  const begun = pages.at(-1);
  const own = given.page === undefined ? begun : pages.find(({ id }) => id === given.page);
  if (state !== "escalating" || begun === undefined || own === undefined) return paging;
  const isKnown = answers.some(
    (one) => one.kind === "declined" && isSame(one, given) && one.at >= own.dueAt,
  );
  if (isKnown) return paging;
  const isMeant = (page: FindingPaging["pages"][number]) =>
    given.person !== undefined &&
    page.person === given.person &&
    page.opening === own.opening &&
    page.round === own.round;
  const isPresent =
    own.opening === begun.opening && own.round === begun.round && own.step === begun.step;
  const hasNext = begun.round === round && step > begun.step;
  const next = {
    ...paging,
    pages: dropPending(pages, now, isMeant),
    answers: withAnswer(paging, given),
  };
  if (!isPresent || !hasNext) return withDue(next);
  const skipped = withSkipped(paging, { round: own.round, step: own.step, why: "declined" });
  return withDue({ ...next, skipped, stepAt: AT_ONCE });
}

function isSame(one: PageAnswer, other: PageAnswer): boolean {
  return one.page === other.page && one.person === other.person && one.account === other.account;
}

function withAnswer({ answers }: FindingPaging, given: PageAnswer): PageAnswer[] {
  return [...answers, given].slice(-ANSWERS_KEPT_MAX);
}
