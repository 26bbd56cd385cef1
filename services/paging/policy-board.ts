// Policies as people read them: which priorities take them, and the steps with names in place of keys.
import { PRIORITIES, type Priority, type Target, type TenantPaging } from "../../config/paging.ts";
import { type DutyDesk, personOf } from "./duty-board.ts";

/** All policies of a tenant. */
export function policyBoard(desk: DutyDesk, routes: TenantPaging["routes"] | undefined) {
  return Object.entries(desk.paging.policies).map(([id, policy]) => {
    const { steps, repeats, repeatAfterMinutes, actionWithinMinutes } = policy;
    return {
      ...{ id, repeats, repeatAfterMinutes, actionWithinMinutes },
      priorities: PRIORITIES.filter((priority) => policyOf(routes, priority) === id),
      steps: steps.map(({ afterMinutes, to }) => ({ afterMinutes, to: shownTargets(desk, to) })),
    };
  });
}

/** Targets without addresses. */
export function shownTargets(desk: DutyDesk, targets: readonly Target[]) {
  const { schedules } = desk.paging;
  return targets.map((target) => {
    if ("channel" in target) return { channel: target.channel };
    if ("person" in target) return { person: personOf(desk, target.person) };
    const { schedule: id } = target;
    const title = Object.hasOwn(schedules, id) ? (schedules[id]?.title ?? id) : id;
    return { schedule: { id, title } };
  });
}

/** Names of the channels that a tenant's people, steps and digest use. */
export function usedChannels({ people, policies, digest }: TenantPaging): readonly string[] {
  const contacts = Object.values(people).flatMap((person) => person.contacts);
  const steps = Object.values(policies).flatMap((policy) => policy.steps);
  const targets = [...steps.flatMap(({ to }) => to), ...(digest?.to ?? [])];
  const rooms = targets.flatMap((target) => ("channel" in target ? [target] : []));
  return [...new Set([...contacts, ...rooms].map(({ channel }) => channel))].sort();
}

function policyOf(routes: TenantPaging["routes"] | undefined, priority: Priority) {
  const route = routes?.[priority];
  return route !== undefined && "policy" in route ? route.policy : undefined;
}
