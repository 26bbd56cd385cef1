// What the parts of the check look at: one tenant's paging with what is known of its schedules, and which of
// its names were found in use.

import type { Contact, Policy, Priority, Target, TenantPaging } from "../../../config/paging.ts";
import { PRIORITIES } from "../../../config/paging.ts";
import type { ChannelConfig } from "../../../config/paging-channels.ts";

export interface Subject {
  readonly paging: TenantPaging;
  readonly channels: Readonly<Record<string, ChannelConfig>>;
  /** Of the tenant. */
  readonly timeZone: string;
  /** ms UTC; schedules are looked at from here on. */
  readonly now: number;
  /** `paging.tenants.kreis` */
  readonly path: string;
  /** Schedule → people who really get turns there; a schedule that can't be reckoned with is missing. */
  readonly onDuty: ReadonlyMap<string, readonly string[]>;
}

/** One way by which a target is reached. */
export interface Way {
  readonly channel: string;
  /** Missing: a room or a system. */
  readonly person?: string;
  readonly contact?: Contact;
}

/** A value of a record by a name that somebody wrote. */
export function named<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The ways by which a target is reached for a priority. */
export function waysOf(target: Target, priority: Priority, subject: Subject): Way[] {
  if ("channel" in target) return [{ channel: target.channel }];
  const people = "person" in target ? [target.person] : subject.onDuty.get(target.schedule);
  return (people ?? []).flatMap((person) =>
    (named(subject.paging.people, person)?.contacts ?? [])
      .filter(({ priorities }) => priorities === undefined || priorities.includes(priority))
      .map((contact) => ({ channel: contact.channel, person, contact })),
  );
}

/** Whether a name in a target leads nowhere: that is a fault of its own, and no other one follows from it. */
export function isUnknown(target: Target, { paging, channels, onDuty }: Subject): boolean {
  if ("person" in target) return named(paging.people, target.person) === undefined;
  if ("schedule" in target) return !onDuty.has(target.schedule);
  return named(channels, target.channel) === undefined;
}

/** The priorities that are routed to a policy. */
export function prioritiesOf(policy: string, { routes }: TenantPaging): Priority[] {
  return PRIORITIES.filter((priority) => {
    const route = routes[priority];
    return "policy" in route && route.policy === policy;
  });
}

/** All targets that a tenant names, with their places. */
export function targetsOf({ paging, path }: Pick<Subject, "paging" | "path">) {
  const ofPolicies = Object.entries(paging.policies).flatMap(([name, policy]: [string, Policy]) =>
    policy.steps.flatMap(({ to }, step) =>
      to.map((target, at) => ({ target, at: `${path}.policies.${name}.steps.${step}.to.${at}` })),
    ),
  );
  const ofDigest = (paging.digest?.to ?? []).map((target, at) => ({
    target,
    at: `${path}.digest.to.${at}`,
  }));
  return [...ofPolicies, ...ofDigest];
}
