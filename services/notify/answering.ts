// Takes answers that come by a channel: finds the page that is meant and the person behind the address, and
// writes the answer with its audit entry. Whoever has nothing to do with the page answers nothing.
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { messageOf } from "../../config/errors.ts";
import type { TenantPaging } from "../../config/paging.ts";
import type { AnsweringChannel, Channel, ChannelAnswer } from "../channels/channel.ts";
import { pageCode, readCode } from "../paging/page-code.ts";
import { recordAnswer } from "../paging/record-answer.ts";
import { formerPeople, recordRefusal } from "../paging/refused-answer.ts";
import { sameAddress } from "../paging/same-address.ts";
import type { KeyRing } from "../privacy/keys.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { FindingPaging, PageAnswer } from "../store/paging.ts";
import type { Store } from "../store/store.ts";
import type { AnswerMetrics } from "./metrics.ts";

const AGAIN_AFTER_MS = 5000;
/** Answers to older pages come too late for anything. */
const ANSWERABLE_MS = 72 * 3_600_000;
const ROWS_PER_PAGE = 200;
const FINDINGS_MAX = 5000;

export interface AnsweringParts {
  readonly store: Store;
  /** Tenant → its on-call. */
  readonly paging: ReadonlyMap<string, TenantPaging>;
  readonly keys: KeyRing;
  readonly metrics: AnswerMetrics;
  readonly now: () => number;
  readonly logger: Logger;
}

export function isAnswering(channel: Channel): channel is AnsweringChannel {
  return "listen" in channel && typeof channel.listen === "function";
}

/** Listens until the signal aborts, again and again when the channel fails. */
export async function listenTo(
  name: string,
  channel: AnsweringChannel,
  parts: AnsweringParts,
  signal: AbortSignal,
): Promise<void> {
  let isFailing = false;
  while (!signal.aborted) {
    try {
      await channel.listen(async (given) => {
        await takeAnswer(name, channel.kind, given, parts);
        isFailing = false;
      }, signal);
    } catch (error) {
      if (!isFailing && !signal.aborted) {
        parts.logger.warn({ channel: name, reason: messageOf(error) }, "answers can't be heard");
      }
      isFailing = true;
    }
    await sleep(AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** @throws what the store throws when it is away: the answer is then to be given again */
export async function takeAnswer(
  channel: string,
  kind: string,
  given: ChannelAnswer,
  parts: AnsweringParts,
): Promise<void> {
  const via = kind === "matrix" ? "matrix" : "sms";
  const refused: Meant[] = [];
  for (const { tenant, finding, paging } of await meantBy(channel, given, parts)) {
    if (finding.paging === undefined) continue;
    const person = personBehind(finding.paging, channel, given.from, paging);
    if (person === undefined) {
      refused.push({ tenant, finding, paging });
      continue;
    }
    const page = pageOf(finding.paging, given, person, channel);
    const said: PageAnswer = {
      ...{ kind: given.kind, at: parts.now(), person, via },
      ...(page === undefined ? {} : { page }),
    };
    const by = { actor: `on-call:${person}`, at: parts.now() };
    const about = { tenant, finding: finding.id };
    const recorded = await recordAnswer(parts.store, about, by, () => said);
    parts.metrics.answered(via, recorded === "written" ? "taken" : "repeated");
    return;
  }
  parts.metrics.answered(via, refused.length > 0 ? "unknown_sender" : "unknown_page");
  for (const { tenant, finding, paging } of refused) {
    const former = formerPeople(finding.paging, paging.people);
    const answer = { kind: given.kind, via, at: parts.now(), former } as const;
    await recordRefusal(parts.store, { tenant, finding: finding.id }, answer);
  }
  const findings = refused.map(({ finding }) => finding.id);
  parts.logger.warn(
    { channel, findings },
    findings.length > 0
      ? "an answer counts for nothing: its sender is not configured for this page (any more)"
      : "an answer fits no page of whoever sent it and is left out",
  );
}

interface Meant {
  readonly tenant: string;
  readonly finding: Finding;
  readonly paging: TenantPaging;
}

/** The findings whose page may be meant. An answer that names none means the only one that is open there. */
async function meantBy(
  channel: string,
  given: ChannelAnswer,
  parts: AnsweringParts,
): Promise<readonly Meant[]> {
  const { page, from } = given;
  const code = page !== undefined && "code" in page ? readCode(page.code) : undefined;
  if (page !== undefined && "code" in page && code === undefined) return [];
  const meant: Meant[] = [];
  for (const [tenant, paging] of parts.paging) {
    const isMeant = (finding: Finding): boolean => {
      const state = finding.paging;
      if (state === undefined || state.pages.length === 0) return false;
      if (page === undefined) {
        const person = personBehind(state, channel, from, paging);
        return state.state === "escalating" && wasCalled(state, person, channel);
      }
      if ("id" in page) return state.pages.some(({ id }) => id === page.id);
      return pageCode(parts.keys, tenant, finding.id, state) === code;
    };
    for (const finding of await pagedLately(tenant, parts, isMeant, page === undefined ? 2 : 1)) {
      meant.push({ tenant, finding, paging });
    }
  }
  return page === undefined && meant.length > 1 ? [] : meant;
}

function wasCalled({ pages }: FindingPaging, person: string | undefined, channel: string): boolean {
  return pages.some(
    (one) =>
      person !== undefined &&
      one.person === person &&
      one.channel === channel &&
      one.state === "handed_over",
  );
}

/** The newest first. */
async function pagedLately(
  tenant: string,
  { store, now }: AnsweringParts,
  isMeant: (finding: Finding) => boolean,
  max: number,
): Promise<readonly Finding[]> {
  const meant: Finding[] = [];
  let cursor: string | undefined;
  let read = 0;
  do {
    const found = await store.search(tenant, FINDING_KIND, {
      ranges: { pagingRequestedAt: { gte: now() - ANSWERABLE_MS } },
      sort: [{ field: "pagingRequestedAt", order: "desc" }],
      limit: ROWS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { document } of found.hits) {
      if (isMeant(document)) meant.push(document);
      if (meant.length >= max) return meant;
    }
    read += found.hits.length;
    cursor = found.cursor;
  } while (cursor !== undefined && read < FINDINGS_MAX);
  return meant;
}

/** Configured person with this address who was called, or is called by the policy. */
function personBehind(
  { pages, policy }: FindingPaging,
  channel: string,
  from: string,
  paging: TenantPaging,
): string | undefined {
  const { people, policies, schedules } = paging;
  const concerned = new Set(pages.flatMap(({ person }) => person ?? []));
  const steps = policy === undefined ? [] : (policies[policy]?.steps ?? []);
  for (const target of steps.flatMap(({ to }) => to)) {
    if ("person" in target) concerned.add(target.person);
    if (!("schedule" in target)) continue;
    for (const layer of schedules[target.schedule]?.layers ?? []) {
      for (const person of layer.people) concerned.add(person);
    }
  }
  return [...concerned].find((person) =>
    people[person]?.contacts.some(
      (contact) =>
        contact.channel === channel && contact.to !== undefined && sameAddress(contact.to, from),
    ),
  );
}

function pageOf(
  { pages }: FindingPaging,
  { page }: ChannelAnswer,
  person: string,
  channel: string,
): string | undefined {
  if (page !== undefined && "id" in page) return page.id;
  return pages.findLast((one) => one.person === person && one.channel === channel)?.id;
}
