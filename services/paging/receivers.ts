// Who gets a step: its targets become people, those on duty among them, and people become their contacts.
// What is written down names people and contacts; addresses are looked up when a page is sent.
import { createHash } from "node:crypto";
import type { Priority, Target } from "../../config/paging.ts";
import type { FindingPaging, PageDelivery } from "../store/paging.ts";
import type { PagingSetup } from "./setup.ts";

const MINUTE_MS = 60_000;

/** One way to reach somebody, or a room. */
export interface Receiver extends Pick<PageDelivery, "person" | "channel" | "contact"> {
  /** After the step began. */
  readonly afterMs: number;
}

/**
 * Everybody once, however many targets name them.
 * @param priority undefined: all contacts, whatever they are for
 */
export function receiversOf(
  targets: readonly Target[],
  priority: Priority | undefined,
  { paging: { people }, onDuty }: Pick<PagingSetup, "paging" | "onDuty">,
  at: number,
): readonly Receiver[] {
  const receivers = new Map<string, Receiver>();
  for (const [place, target] of targets.entries()) {
    if ("channel" in target) {
      const { channel } = target;
      receivers.set(`${channel}\n${target.to ?? ""}`, { channel, contact: place, afterMs: 0 });
      continue;
    }
    const person = "person" in target ? target.person : onDuty(target.schedule, at);
    if (person === undefined) continue;
    for (const [contact, { channel, priorities, afterMinutes }] of (
      people[person]?.contacts ?? []
    ).entries()) {
      if (priority !== undefined && priorities?.includes(priority) === false) continue;
      const afterMs = afterMinutes * MINUTE_MS;
      receivers.set(`${person}\n${contact}`, { person, channel, contact, afterMs });
    }
  }
  return [...receivers.values()];
}

/** The page of a receiver; its id is the same however often it is made. */
export function pendingPage(
  about: { readonly tenant: string; readonly finding: string; readonly paging: FindingPaging },
  { person, channel, contact, afterMs }: Receiver,
  begunAt: number,
): PageDelivery {
  const { opening, round, step } = about.paging;
  const id = createHash("sha256")
    .update(
      JSON.stringify([about.tenant, about.finding, opening, round, step, person, channel, contact]),
    )
    .digest("hex")
    .slice(0, 32);
  const dueAt = begunAt + afterMs;
  const base = { id, opening, round, step, channel, contact, dueAt, nextAt: dueAt, attempts: 0 };
  return { ...base, state: "pending", ...(person === undefined ? {} : { person }) };
}

/**
 * The address of a page as it is configured now, and whether there is still such a contact.
 * @returns undefined when the configuration knows it no more
 */
export function addressOf(
  { person, channel, contact, step }: PageDelivery,
  policy: string | undefined,
  { people, policies, digest }: PagingSetup["paging"],
): { readonly to: string | undefined } | undefined {
  const targets = policy === undefined ? digest?.to : policies[policy]?.steps[step]?.to;
  const found = person === undefined ? targets?.[contact] : people[person]?.contacts[contact];
  if (found === undefined || !("channel" in found) || found.channel !== channel) return undefined;
  return { to: found.to };
}
