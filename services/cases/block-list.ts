// Block lists: proposed from a finding or incident by one person, approved by a second one, served until they
// expire, put in place by people. Each change is written together with its audit entry.
import { randomUUID } from "node:crypto";
import { BLOCK_KIND, type BlockEntry, type BlockType, isApproved } from "../store/block-list.ts";
import { hasConsent } from "../store/consent.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../store/kinds.ts";
import type { Store, Versioned } from "../store/store.ts";
import { auditOf, changeAudited } from "./audited-change.ts";
import { type Protected, protectionOf, readBlockValue } from "./block-value.ts";
import { type Actor, agreed } from "./consent.ts";
import { ProposalFault } from "./proposal-fault.ts";

const DAY_MS = 86_400_000;
/** Of all types; more no firewall takes. */
const BLOCK_ENTRIES_MAX = 50_000;
const ENTRIES_PER_PAGE = 1000;

export interface BlockAsk {
  readonly type: BlockType;
  readonly value: string;
  readonly finding?: string | undefined;
  readonly incident?: string | undefined;
  readonly task?: string | undefined;
  readonly reason: string;
  /** How long it holds from its approval on. */
  readonly days: number;
}

export const BLOCK_STATES = ["proposed", "active", "expired", "withdrawn"] as const;
type BlockState = (typeof BLOCK_STATES)[number];

/** The state at a moment, ms UTC. */
export function blockState(entry: BlockEntry, now: number): BlockState {
  if (entry.withdrawnAt !== undefined) return "withdrawn";
  if (now >= entry.until) return "expired";
  return hasConsent(entry.consent) ? "active" : "proposed";
}

/**
 * Proposes an entry.
 * @throws ProposalFault HW_REQUEST_INVALID when the value is none of its type or must not be blocked,
 * HW_NOT_FOUND without the finding or incident, HW_EXISTS when it is on the list, HW_CONFLICT when that is full
 */
export async function proposeBlock(
  store: Store,
  tenant: string,
  ask: BlockAsk,
  shield: Protected,
  by: Actor,
): Promise<Versioned<BlockEntry>> {
  const { type, task, reason, days } = ask;
  const value = checkedValue(type, ask.value, shield);
  const occasion = await occasionOf(store, tenant, ask);
  await checkRoom(store, tenant, { type, value }, by.at);
  const id = randomUUID();
  const entry: BlockEntry = {
    ...{ id, tenant, type, value, reason, days, ...occasion },
    ...(task === undefined ? {} : { task }),
    until: by.at + days * DAY_MS,
    consent: {
      ...{ proposedAt: by.at, proposedBy: by.account },
      ...{ needs: ["block_list"], truePositives: [] },
    },
  };
  const audit = auditOf(by, "block.propose", id, { after: entry });
  return store.create(tenant, BLOCK_KIND, id, entry, audit);
}

/**
 * A second person approves: it is served from now on, and lasts its days from now on.
 * @throws ProposalFault HW_NOT_FOUND, HW_CONFLICT, HW_FORBIDDEN, HW_REQUEST_INVALID when it must not be
 * blocked (any more); AppError HW_CONFLICT in a race
 */
export function approveBlock(
  store: Store,
  tenant: string,
  id: string,
  shield: Protected,
  by: Actor,
): Promise<Versioned<BlockEntry>> {
  const next = (present: BlockEntry): BlockEntry => {
    if (blockState(present, by.at) !== "proposed") {
      throw new ProposalFault("HW_CONFLICT", (m) => m.notWaiting);
    }
    const consent = agreed(present.consent, by);
    checkedValue(present.type, present.value, shield);
    return { ...present, consent, until: by.at + present.days * DAY_MS };
  };
  return change(store, tenant, id, by, "block.approve", next);
}

/** @throws ProposalFault HW_NOT_FOUND, HW_CONFLICT when it is over; AppError HW_CONFLICT in a race */
export function withdrawBlock(
  store: Store,
  tenant: string,
  id: string,
  by: Actor & { readonly reason: string },
): Promise<Versioned<BlockEntry>> {
  const next = (present: BlockEntry): BlockEntry => {
    if (!["proposed", "active"].includes(blockState(present, by.at))) {
      throw new ProposalFault("HW_CONFLICT", (m) => m.isOver);
    }
    return { ...present, withdrawnAt: by.at, withdrawnBy: by.account };
  };
  return change(store, tenant, id, by, "block.withdraw", next, { reason: by.reason });
}

/**
 * Somebody says that it is in place, since when.
 * @param completedAt ms UTC, not before the approval and not in the future
 * @throws ProposalFault HW_NOT_FOUND, HW_CONFLICT, HW_REQUEST_INVALID; AppError HW_CONFLICT in a race
 */
export function completeBlock(
  store: Store,
  tenant: string,
  id: string,
  completedAt: number,
  by: Actor,
): Promise<Versioned<BlockEntry>> {
  const next = (present: BlockEntry): BlockEntry => {
    if (blockState(present, by.at) !== "active") {
      throw new ProposalFault("HW_CONFLICT", (m) => m.notApproved);
    }
    if (completedAt > by.at || completedAt < (present.consent.agreedAt ?? 0)) {
      throw new ProposalFault("HW_REQUEST_INVALID", (m) => m.completedWhen, "body/at");
    }
    return { ...present, completedAt, completedBy: by.account };
  };
  return change(store, tenant, id, by, "block.complete", next);
}

/**
 * What a firewall is given: the values of one type in force, each once, in the order of their code units.
 * What is protected by now is left out, whenever it was approved.
 */
export async function feedOf(
  store: Store,
  tenant: string,
  type: BlockType,
  shield: Protected,
  now: number,
): Promise<string[]> {
  const values = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, BLOCK_KIND, {
      terms: { type: [type], approved: [true] },
      ranges: { until: { gte: now + 1 } },
      sort: [],
      limit: ENTRIES_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { document } of page.hits) {
      if (protectionOf(type, document.value, shield) === undefined) values.add(document.value);
    }
    cursor = page.cursor;
  } while (cursor !== undefined && values.size < BLOCK_ENTRIES_MAX);
  return [...values].sort();
}

/** Newest first. @returns at most `limit`, and whether there are more */
export async function listBlocks(store: Store, tenant: string, limit: number) {
  const page = await store.search(tenant, BLOCK_KIND, {
    sort: [{ field: "proposedAt", order: "desc" }],
    limit,
  });
  return {
    entries: page.hits.map(({ document }) => document),
    truncated: page.cursor !== undefined,
  };
}

function checkedValue(type: BlockType, text: string, shield: Protected): string {
  const read = readBlockValue(type, text);
  const refused = "refused" in read ? read.refused : protectionOf(type, read.value, shield);
  if (refused !== undefined || "refused" in read) {
    throw new ProposalFault("HW_REQUEST_INVALID", refused, "body/value");
  }
  return read.value;
}

async function occasionOf(store: Store, tenant: string, { finding, incident, task }: BlockAsk) {
  if ((finding === undefined) === (incident === undefined)) {
    throw new ProposalFault("HW_REQUEST_INVALID", (m) => m.notFrom, "body/finding");
  }
  if (finding !== undefined) {
    const found = await store.get(tenant, FINDING_KIND, finding);
    if (found === undefined) throw new ProposalFault("HW_NOT_FOUND");
    if (task !== undefined) {
      throw new ProposalFault("HW_REQUEST_INVALID", (m) => m.taskWithoutIncident, "body/task");
    }
    const { incident: linked } = found.document;
    return { finding, ...(linked === undefined ? {} : { incident: linked }) };
  }
  const found = await store.get(tenant, INCIDENT_KIND, incident ?? "");
  if (found === undefined) throw new ProposalFault("HW_NOT_FOUND");
  if (task !== undefined && !found.document.tasks.some(({ id }) => id === task)) {
    throw new ProposalFault("HW_REQUEST_INVALID", (m) => m.noTask, "body/task");
  }
  return { incident: found.id };
}

async function checkRoom(
  store: Store,
  tenant: string,
  { type, value }: Pick<BlockEntry, "type" | "value">,
  now: number,
): Promise<void> {
  const ranges = { until: { gte: now + 1 } };
  const same = await store.search(tenant, BLOCK_KIND, {
    ...{ terms: { type: [type], value: [value] }, ranges, sort: [], limit: ENTRIES_PER_PAGE },
  });
  if (same.hits.some(({ document }) => document.withdrawnAt === undefined)) {
    throw new ProposalFault("HW_EXISTS", (m) => m.isTaken, "body/value");
  }
  const all = await store.search(tenant, BLOCK_KIND, { ranges, sort: [], limit: 1 });
  if (all.total >= BLOCK_ENTRIES_MAX) {
    throw new ProposalFault("HW_CONFLICT", (m) => m.isFull(BLOCK_ENTRIES_MAX));
  }
}

function change(
  store: Store,
  tenant: string,
  id: string,
  by: Actor,
  action: string,
  next: (present: BlockEntry) => BlockEntry,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Versioned<BlockEntry>> {
  const said = ({ type, value, until, consent, completedAt, ...one }: BlockEntry) => ({
    ...{
      type,
      value,
      until,
      consent,
      approved: isApproved({ ...one, type, value, until, consent }),
    },
    ...(completedAt === undefined ? {} : { completedAt }),
  });
  return changeAudited({ store, tenant, kind: BLOCK_KIND, id, by, action, next, said, more });
}
