// The paging of one finding as people read it: what became of its pages, and who is called next and when.
import type { Finding } from "../store/finding.ts";
import type { FindingPaging } from "../store/paging.ts";
import type { Store } from "../store/store.ts";
import { onDuty } from "./duty/on-duty.ts";
import { readOverrides } from "./duty/overrides.ts";
import { type DutyDesk, personOf } from "./duty-board.ts";
import { shownTargets } from "./policy-board.ts";

const DAY_MS = 86_400_000;
const REACH_MS = 400 * DAY_MS;

/** What is shown beside a finding; without `paging` nobody was to be called. */
export async function findingBoard(store: Store, desk: DutyDesk, finding: Finding, at: number) {
  const { paging } = finding;
  if (paging === undefined) return { at, people: [] };
  const { mark: _mark, ...shown } = paging;
  const next = await nextStep(store, desk, paging, at);
  const named = [...paging.pages, ...paging.answers].flatMap(({ person }) => person ?? []);
  const people = [...new Set(named)].map((id) => personOf(desk, id));
  return { at, paging: shown, people, ...(next === undefined ? {} : { next }) };
}

async function nextStep(store: Store, desk: DutyDesk, paging: FindingPaging, at: number) {
  const { policy, round, step, stepAt, state } = paging;
  const { policies, schedules } = desk.paging;
  const own =
    policy !== undefined && Object.hasOwn(policies, policy) ? policies[policy] : undefined;
  const isUnderWay = state === "escalating" || state === "quiet";
  const targets = own?.steps[step]?.to;
  if (!isUnderWay || own === undefined || targets === undefined || stepAt === undefined) {
    return undefined;
  }
  if (round > own.repeats) return undefined;
  const begins = Math.max(stepAt, at);
  const span = { from: begins - REACH_MS, until: begins + REACH_MS };
  const overrides = await readOverrides(store, desk.tenant, desk.paging, span);
  const people = targets.flatMap((target) => {
    if ("channel" in target) return [];
    if ("person" in target) return [target.person];
    const { schedule: name } = target;
    const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined;
    if (schedule === undefined) return [];
    const shift = onDuty(schedule, overrides.get(name) ?? [], begins, desk.timeZone);
    return shift === undefined ? [] : [shift.person];
  });
  return {
    ...{ at: begins, round, step, targets: shownTargets(desk, targets) },
    people: [...new Set(people)].map((id) => personOf(desk, id)),
  };
}
