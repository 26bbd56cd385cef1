// Decides which pages begin by themselves and which are told with another one. Each tenant's decisions are
// made one after the other, the urgent ones first, and those that begin stand in one document, which of several
// processes one writes.
import { isAppError } from "../../config/errors.ts";
import { DIGEST_OPEN_MS } from "../paging/digest.ts";
import {
  isUnderWay,
  type Leader,
  OPENINGS_WINDOW_MS,
  type Place,
  placeOf,
  tellsAt,
} from "../paging/gather.ts";
import type { PagingSetup } from "../paging/setup.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import {
  OPENINGS_ID,
  OPENINGS_KEPT_MAX,
  PAGING_OPENINGS_KIND,
  type PagingOpening,
} from "../store/paging-openings.ts";
import type { Store } from "../store/store.ts";
import { createLanes, type Lanes } from "./lanes.ts";

/** Newest ones that are looked at for whether they are under way still. */
const LEADERS_READ_MAX = 20;
const CONFLICT_RETRIES_MAX = 20;

export interface Placing {
  /** The place of a finding whose page is to begin now; where it leads, that is written down. */
  place(finding: Finding, setup: PagingSetup, now: number): Promise<Place>;
}

interface Asked {
  readonly finding: Finding;
  readonly setup: PagingSetup;
  readonly now: number;
  readonly answer: (place: Promise<Place>) => void;
}

export function createPlacing(store: Store): Placing {
  const queues = new Map<string, Lanes<Asked>>();
  const busy = new Set<string>();
  let asked = 0;
  const serve = async (tenant: string, queue: Lanes<Asked>): Promise<void> => {
    if (busy.has(tenant)) return;
    busy.add(tenant);
    for (let next = queue.take(() => true); next !== undefined; next = queue.take(() => true)) {
      const { finding, setup, now, answer } = next.value;
      const place = decide(store, finding, setup, now);
      answer(place);
      await place.catch(() => undefined);
    }
    busy.delete(tenant);
  };
  return {
    place(finding, setup, now) {
      const queue = queues.get(setup.tenant) ?? createLanes<Asked>();
      queues.set(setup.tenant, queue);
      return new Promise((answer) => {
        const priority = finding.paging?.priority ?? "p4";
        queue.put(String(asked++), priority, { finding, setup, now, answer });
        void serve(setup.tenant, queue);
      });
    },
  };
}

async function decide(
  store: Store,
  finding: Finding,
  setup: PagingSetup,
  now: number,
): Promise<Place> {
  const { tenant } = setup;
  const { paging } = finding;
  if (paging === undefined) return { kind: "leads" };
  for (let attempt = 1; ; attempt += 1) {
    const known = await store.get(tenant, PAGING_OPENINGS_KIND, OPENINGS_ID);
    const openings = known?.document.openings ?? [];
    const own = openings.find(
      (one) => one.finding === finding.id && one.opening === paging.opening,
    );
    if (own !== undefined) return { kind: "leads" };
    const place =
      paging.state === "digest"
        ? await placeInDigest(store, tenant, openings, now)
        : await placeInStorm(store, finding, openings, setup, now);
    if (place.kind !== "leads") return place;
    const next = { openings: [...openings, openingOf(finding, now)].slice(-OPENINGS_KEPT_MAX) };
    try {
      if (known === undefined) await store.create(tenant, PAGING_OPENINGS_KIND, OPENINGS_ID, next);
      else await store.replace(tenant, PAGING_OPENINGS_KIND, OPENINGS_ID, next, known.version);
      return place;
    } catch (error) {
      const isRace = isAppError(error, "HW_CONFLICT") || isAppError(error, "HW_EXISTS");
      if (!isRace || attempt >= CONFLICT_RETRIES_MAX) throw error;
    }
  }
}

function openingOf({ id, proposal, paging }: Finding, at: number): PagingOpening {
  return {
    ...{ finding: id, opening: paging?.opening ?? 0, priority: paging?.priority ?? "p4", at },
    ...(proposal === undefined ? {} : { proposal }),
    ...(paging?.state === "digest" ? { digest: true } : {}),
  };
}

async function placeInStorm(
  store: Store,
  { id, proposal, paging }: Finding,
  openings: readonly PagingOpening[],
  { tenant, paging: { pagesPerHourMax } }: PagingSetup,
  now: number,
): Promise<Place> {
  const pages = openings.filter((one) => one.digest !== true);
  const begun = pages.filter(({ at }) => at > now - OPENINGS_WINDOW_MS);
  // Where it belongs to nobody and all have a place, there is nothing to be asked about others.
  const isAlone = proposal === undefined && begun.length < pagesPerHourMax;
  const asked = isAlone ? [] : pages.slice(-LEADERS_READ_MAX);
  const leaders = await Promise.all(asked.map((one) => leaderOf(store, tenant, one)));
  const about = { id, proposal, priority: paging?.priority ?? "p4" };
  return placeOf(about, begun, leaders, pagesPerHourMax, now);
}

// What has its place but was not written yet leads all the same: so it stands here, and a crash leaves it so.
async function leaderOf(store: Store, tenant: string, opening: PagingOpening): Promise<Leader> {
  const found = await store.get(tenant, FINDING_KIND, opening.finding);
  const paging = found?.document.paging;
  const isComing =
    paging?.opening === opening.opening && ["escalating", "quiet"].includes(paging.state);
  const isWritten = paging?.leads === true;
  return {
    ...{ finding: opening.finding, priority: opening.priority },
    proposal: found?.document.proposal ?? opening.proposal,
    isUnderWay: paging !== undefined && (isComing || isUnderWay(paging)),
    tellsAt: isComing && !isWritten ? opening.at : paging && tellsAt(paging),
  };
}

/** The digest that has begun just now, whose page has not gone out. */
async function placeInDigest(
  store: Store,
  tenant: string,
  openings: readonly PagingOpening[],
  now: number,
): Promise<Place> {
  const newest = openings.findLast((one) => one.digest === true);
  if (newest === undefined || newest.at <= now - DIGEST_OPEN_MS) return { kind: "leads" };
  const found = await store.get(tenant, FINDING_KIND, newest.finding);
  const pages = found?.document.paging?.pages ?? [];
  const isBegun = pages.some(({ sentAt }) => sentAt !== undefined && sentAt >= newest.at);
  return isBegun ? { kind: "leads" } : { kind: "gathered", leader: newest.finding };
}
