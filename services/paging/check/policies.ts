// What is wrong with policies and routes: steps that reach nobody, steps that leave no time to answer, ways
// that are never taken, and p1 without a policy or on one channel alone.
import { type Policy, PRIORITIES, type Priority } from "../../../config/paging.ts";
import { type PagingFault, pagingFault } from "./messages.ts";
import { isUnknown, named, prioritiesOf, type Subject, type Way, waysOf } from "./subject.ts";

/** The first of each has to lie above the second. */
const SCORE_PAIRS = [
  ["p1", "p2"],
  ["p2", "p3"],
] as const;

/** Faults of one tenant's policies. */
export function policyFaults(subject: Subject): PagingFault[] {
  return Object.entries(subject.paging.policies).flatMap(([name, policy]) => {
    const at = `${subject.path}.policies.${name}`;
    const priorities = prioritiesOf(name, subject.paging);
    return [
      ...stepFaults(policy, priorities, at, subject),
      ...priorities.flatMap((priority) => reachFaults(name, policy, priority, subject)),
      ...lateFaults(policy, priorities, subject),
    ];
  });
}

function stepFaults(
  { steps }: Policy,
  priorities: readonly Priority[],
  at: string,
  subject: Subject,
): PagingFault[] {
  return steps.flatMap(({ to, afterMinutes }, step) => {
    const faults: PagingFault[] = [];
    const shown = String(step + 1);
    const isEmpty = priorities.every((priority) =>
      to.every((one) => waysOf(one, priority, subject).length === 0),
    );
    // For some priorities a step may well say nothing: a call for p1 alone.
    if (priorities.length > 0 && isEmpty && !to.some((one) => isUnknown(one, subject))) {
      const all = priorities.join(", ");
      faults.push(pagingFault("error", `${at}.steps.${step}`, "step_reaches_nobody", shown, all));
    }
    if (step > 0 && afterMinutes === 0)
      faults.push(
        pagingFault("warning", `${at}.steps.${step}.afterMinutes`, "step_without_wait", shown),
      );
    return faults;
  });
}

function reachFaults(
  name: string,
  { steps }: Policy,
  priority: Priority,
  subject: Subject,
): PagingFault[] {
  const targets = steps.flatMap(({ to }) => to);
  if (targets.some((one) => isUnknown(one, subject))) return [];
  const ways = targets.flatMap((one) => waysOf(one, priority, subject));
  const at = `${subject.path}.policies.${name}`;
  if (ways.length === 0) return [pagingFault("error", at, "policy_reaches_nobody", name, priority)];
  const isAnswered = ways.some((way) => isAnswerable(way, subject));
  if (isAnswered) return [];
  const severity = priority === "p1" || priority === "p2" ? "error" : "warning";
  return [pagingFault(severity, at, "policy_without_person", name, priority)];
}

/** GoAlert finds its own people. */
function isAnswerable({ person, channel }: Way, { channels }: Subject): boolean {
  return person !== undefined || named(channels, channel)?.kind === "goalert";
}

// Contacts are the person's, so one that is too late for a policy is told once for each person and way.
function lateFaults(
  { steps, repeats, repeatAfterMinutes }: Policy,
  priorities: readonly Priority[],
  subject: Subject,
): PagingFault[] {
  if (repeats === 0) return [];
  const round = steps.reduce((sum, { afterMinutes }) => sum + afterMinutes, repeatAfterMinutes);
  const late = new Map<string, PagingFault>();
  for (const way of steps.flatMap(({ to }) =>
    to.flatMap((one) => priorities.flatMap((priority) => waysOf(one, priority, subject))),
  )) {
    const { person, contact } = way;
    if (person === undefined || contact === undefined || contact.afterMinutes < round) continue;
    const contacts = named(subject.paging.people, person)?.contacts ?? [];
    const at = `${subject.path}.people.${person}.contacts.${contacts.indexOf(contact)}.afterMinutes`;
    const minutes = String(contact.afterMinutes);
    late.set(at, pagingFault("warning", at, "contact_too_late", person, minutes, String(round)));
  }
  return [...late.values()];
}

/** Faults of routes, scores, quiet hours and the digest. */
export function routeFaults(subject: Subject): PagingFault[] {
  const { paging, path } = subject;
  return [
    ...digestFaults(subject),
    ...urgentFaults(subject),
    ...paging.quietHours.flatMap(({ from, until }, at) =>
      from === until ? [pagingFault("warning", `${path}.quietHours.${at}`, "quiet_all_day")] : [],
    ),
    ...SCORE_PAIRS.flatMap(([higher, lower]) =>
      paging.scores[higher] > paging.scores[lower]
        ? []
        : [pagingFault("error", `${path}.scores.${higher}`, "scores_out_of_order", higher, lower)],
    ),
  ];
}

function digestFaults(subject: Subject): PagingFault[] {
  const { paging, path } = subject;
  const priorities = PRIORITIES.filter((priority) => "digest" in paging.routes[priority]);
  if (paging.digest === undefined)
    return priorities.map((priority) =>
      pagingFault("error", `${path}.routes.${priority}`, "digest_missing", priority),
    );
  if (priorities.length === 0) return [pagingFault("warning", `${path}.digest`, "digest_unused")];
  const { to } = paging.digest;
  if (to.some((one) => isUnknown(one, subject))) return [];
  const ways = to.flatMap((one) =>
    priorities.flatMap((priority) => waysOf(one, priority, subject)),
  );
  return ways.length > 0
    ? []
    : [pagingFault("error", `${path}.digest.to`, "digest_reaches_nobody")];
}

function urgentFaults(subject: Subject): PagingFault[] {
  const { paging, path } = subject;
  const { p1 } = paging.routes;
  const at = `${path}.routes.p1`;
  if (!("policy" in p1)) return [pagingFault("warning", at, "p1_not_paged")];
  const targets = (named(paging.policies, p1.policy)?.steps ?? []).flatMap(({ to }) => to);
  if (targets.some((one) => isUnknown(one, subject))) return [];
  const ways = targets.flatMap((one) => waysOf(one, "p1", subject));
  const [channel, ...others] = new Set(ways.map((way) => way.channel));
  return channel !== undefined && others.length === 0
    ? [pagingFault("warning", at, "single_channel", channel)]
    : [];
}
