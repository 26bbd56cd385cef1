// How people on duty were paged for an alarm: by two ways, answered by the first one or, where nobody
// answered, passed on to the second. Names are those of duties, as a configuration would have them.
import type { FindingPaging, PageDelivery } from "../../store/paging.ts";
import type { Random } from "../random.ts";
import { MINUTE, SECOND } from "../world.ts";
import type { PastAlarm, PastStep } from "./past.ts";

const ON_DUTY = ["bereitschaft-1", "bereitschaft-2"] as const;
const ESCALATED_AFTER = 15 * MINUTE;
const POLICY = "bereitschaft";

export interface PastPaging {
  readonly paging: FindingPaging;
  readonly answeredAt: number;
  readonly step: PastStep;
}

export function drawPaging(
  random: Random,
  { id, raisedAt }: PastAlarm,
  isEscalated: boolean,
): PastPaging {
  const page = (step: number, channel: string, contact: number, failed = false): PageDelivery => {
    const dueAt = raisedAt + 2 * SECOND + step * ESCALATED_AFTER;
    const at = dueAt + random.int(2, 11) * SECOND;
    const outcome = failed
      ? { state: "failed" as const, attempts: 3, fault: "unreachable: Zeitüberschreitung" }
      : { state: "handed_over" as const, attempts: 1, reference: random.hex(8) };
    const person = ON_DUTY[step] ?? ON_DUTY[0];
    const base = { id: random.hex(32), opening: 0, round: 0, step, person, channel, contact };
    return { ...base, ...outcome, dueAt, sentAt: dueAt, at };
  };
  const pages = [page(0, "sms", 0, isEscalated), page(0, "mail", 1)];
  if (isEscalated) pages.push(page(1, "sms", 0), page(1, "mail", 1));
  const steps = isEscalated ? 2 : 1;
  const answered = pages[pages.length - 2];
  const { id: pageId = "", person = ON_DUTY[0], dueAt = raisedAt } = answered ?? {};
  const answeredAt = dueAt + random.int(2 * 60, 8 * 60) * SECOND;
  const paging: FindingPaging = {
    ...{ priority: "p1", policy: POLICY, state: "ended", ended: "closed", opening: 0 },
    ...{ requestedAt: raisedAt, round: 0, step: steps, leads: true, pages },
    answers: [{ kind: "acknowledged", at: answeredAt, person, via: "link", page: pageId }],
  };
  const by = `on-call:${person}`;
  const step: PastStep = { at: answeredAt, by, kind: "page_answered", finding: id, page: pageId };
  return { paging, answeredAt, step };
}
