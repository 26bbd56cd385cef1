// Names that lead nowhere, names that nobody uses, and addresses that don't fit their channel.
import type { Contact, Target } from "../../../config/paging.ts";
import { PRIORITIES } from "../../../config/paging.ts";
import type { ChannelConfig } from "../../../config/paging-channels.ts";
import { addressForm, plainAddress } from "./addresses.ts";
import { type PagingFault, pagingFault } from "./messages.ts";
import { named, prioritiesOf, type Subject, targetsOf } from "./subject.ts";

/** Faults of one tenant. */
export function nameFaults(subject: Subject): PagingFault[] {
  return [
    ...targetsOf(subject).flatMap(({ target, at }) => targetFaults(target, at, subject)),
    ...contactFaults(subject),
    ...layerFaults(subject),
    ...routeFaults(subject),
    ...sharedFaults(subject),
    ...unusedFaults(subject),
  ];
}

function targetFaults(target: Target, at: string, { paging, channels }: Subject): PagingFault[] {
  if ("channel" in target) return addressFaults(target, at, channels);
  if ("person" in target)
    return named(paging.people, target.person) === undefined
      ? [pagingFault("error", `${at}.person`, "person_unknown", target.person)]
      : [];
  return named(paging.schedules, target.schedule) === undefined
    ? [pagingFault("error", `${at}.schedule`, "schedule_unknown", target.schedule)]
    : [];
}

function contactFaults({ paging, path, channels }: Subject): PagingFault[] {
  return Object.entries(paging.people).flatMap(([name, { contacts }]) =>
    contacts.flatMap((contact, at) =>
      addressFaults(contact, `${path}.people.${name}.contacts.${at}`, channels),
    ),
  );
}

function addressFaults(
  { channel, to }: Pick<Contact, "channel" | "to">,
  at: string,
  channels: Subject["channels"],
): PagingFault[] {
  const config = named(channels, channel);
  if (config === undefined)
    return [pagingFault("error", `${at}.channel`, "channel_unknown", channel)];
  const form = addressForm(config);
  if (form === undefined) return [];
  if (to === undefined)
    return form.isNeeded
      ? [pagingFault("error", `${at}.to`, "address_missing", channel, form.example)]
      : [];
  return form.pattern.test(plainAddress(to, config))
    ? []
    : [pagingFault("error", `${at}.to`, "address_invalid", channel, form.example)];
}

function layerFaults({ paging, path }: Subject): PagingFault[] {
  return Object.entries(paging.schedules).flatMap(([name, { layers }]) =>
    layers.flatMap(({ people }, layer) =>
      people.flatMap((person, at) =>
        named(paging.people, person) === undefined
          ? [
              pagingFault(
                "error",
                `${path}.schedules.${name}.layers.${layer}.people.${at}`,
                "person_unknown",
                person,
              ),
            ]
          : [],
      ),
    ),
  );
}

function routeFaults({ paging, path }: Subject): PagingFault[] {
  const used = PRIORITIES.flatMap((priority) => {
    const route = paging.routes[priority];
    return "policy" in route
      ? [{ at: `${path}.routes.${priority}.policy`, name: route.policy }]
      : [];
  });
  if (paging.testPage !== undefined)
    used.push({ at: `${path}.testPage.policy`, name: paging.testPage.policy });
  return used.flatMap(({ at, name }) =>
    named(paging.policies, name) === undefined
      ? [pagingFault("error", at, "policy_unknown", name)]
      : [],
  );
}

/** Kinds by which people answer: an address says who it was. */
const ANSWERING = new Set<ChannelConfig["kind"]>(["matrix", "sms_http", "gammu"]);

function sharedFaults({ paging, path, channels }: Subject): PagingFault[] {
  const faults: PagingFault[] = [];
  const owners = new Map<string, string>();
  const accounts = new Map<string, string>();
  for (const [name, { account, contacts }] of Object.entries(paging.people)) {
    if (account !== undefined) {
      const other = accounts.get(account);
      if (other === undefined) accounts.set(account, name);
      else
        faults.push(
          pagingFault("error", `${path}.people.${name}.account`, "account_shared", account, other),
        );
    }
    for (const [at, { channel, to }] of contacts.entries()) {
      const config = named(channels, channel);
      const isRoom = to === undefined || /^[!#]/.test(to);
      if (isRoom || config === undefined || !ANSWERING.has(config.kind)) continue;
      const key = `${channel} ${plainAddress(to, config)}`;
      const other = owners.get(key);
      owners.set(key, other ?? name);
      if (other === undefined || other === name) continue;
      const place = `${path}.people.${name}.contacts.${at}.to`;
      faults.push(pagingFault("warning", place, "address_shared", channel, other));
    }
  }
  return faults;
}

function unusedFaults(subject: Subject): PagingFault[] {
  const { paging, path } = subject;
  const targets = targetsOf(subject).map(({ target }) => target);
  const schedules = new Set(targets.flatMap((one) => ("schedule" in one ? [one.schedule] : [])));
  const people = new Set([
    ...targets.flatMap((one) => ("person" in one ? [one.person] : [])),
    ...Object.values(paging.schedules).flatMap(({ layers }) => layers.flatMap((one) => one.people)),
  ]);
  const isIdle = (policy: string) =>
    prioritiesOf(policy, paging).length === 0 && paging.testPage?.policy !== policy;
  return [
    ...Object.keys(paging.people)
      .filter((name) => !people.has(name))
      .map((name) => pagingFault("warning", `${path}.people.${name}`, "person_unused", name)),
    ...Object.keys(paging.schedules)
      .filter((name) => !schedules.has(name))
      .map((name) => pagingFault("warning", `${path}.schedules.${name}`, "schedule_unused", name)),
    ...Object.keys(paging.policies)
      .filter(isIdle)
      .map((name) => pagingFault("warning", `${path}.policies.${name}`, "policy_unused", name)),
  ];
}
