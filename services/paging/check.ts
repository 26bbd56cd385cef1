// The static check of the paging configuration: everything that would keep a page from reaching somebody and
// can be known beforehand. It sees one configuration at a time and asks no server.
import type { PagingConfig } from "../../config/paging.ts";
import { type PagingFault, pagingFault } from "./check/messages.ts";
import { nameFaults } from "./check/names.ts";
import { policyFaults, routeFaults } from "./check/policies.ts";
import { dutyFaults, knowSchedule } from "./check/schedules.ts";
import type { Subject } from "./check/subject.ts";

export interface CheckedConfig {
  readonly paging: PagingConfig;
  readonly tenants: readonly { readonly id: string; readonly timeZone: string }[];
}

/**
 * All faults, in the order of the configuration; those with severity `error` must keep it from being used.
 * @param now ms UTC; schedules are looked at for 366 days from here on
 */
export function checkPaging({ paging, tenants }: CheckedConfig, now: number): PagingFault[] {
  const zones = new Map(tenants.map(({ id, timeZone }) => [id, timeZone]));
  const faults = Object.entries(paging.tenants).flatMap(([tenant, settings]) => {
    const path = `paging.tenants.${tenant}`;
    const timeZone = zones.get(tenant);
    if (timeZone === undefined) return [pagingFault("error", path, "tenant_unknown", tenant)];
    return tenantFaults({ paging: settings, channels: paging.channels, timeZone, now, path });
  });
  return [...faults, ...channelFaults(paging)];
}

function tenantFaults(about: Omit<Subject, "onDuty">): PagingFault[] {
  const known = Object.entries(about.paging.schedules).map(([name, schedule]) => ({
    name,
    ...knowSchedule(name, schedule, about),
  }));
  const onDuty = new Map(
    known.flatMap(({ name, people }) => (people === undefined ? [] : [[name, people] as const])),
  );
  const subject = { ...about, onDuty };
  return [
    ...nameFaults(subject),
    ...known.flatMap(({ faults }) => faults),
    ...dutyFaults(subject),
    ...policyFaults(subject),
    ...routeFaults(subject),
  ];
}

/** Channels belong to all tenants. */
function channelFaults({ channels, tenants }: PagingConfig): PagingFault[] {
  const used = new Set(
    Object.values(tenants).flatMap(({ people, policies, digest }) => [
      ...Object.values(people).flatMap(({ contacts }) => contacts.map(({ channel }) => channel)),
      ...[...Object.values(policies).flatMap(({ steps }) => steps), { to: digest?.to ?? [] }]
        .flatMap(({ to }) => to)
        .flatMap((target) => ("channel" in target ? [target.channel] : [])),
    ]),
  );
  return Object.entries(channels).flatMap(([name, { leavesHouse }]) => {
    const path = `paging.channels.${name}`;
    if (!used.has(name)) return [pagingFault("warning", path, "channel_unused", name)];
    return leavesHouse
      ? [pagingFault("info", `${path}.leavesHouse`, "channel_leaves_house", name)]
      : [];
  });
}
