// What people have confirmed as attacks, so that no training learns from it: the days of the entities of findings
// that were judged true positive, and the names that such findings showed.
import { AppError } from "../../config/errors.ts";
import type { Entity } from "../../detectors/detector.ts";
import { parseName } from "../../detectors/network/dga/name.ts";
import type { Finding } from "../store/finding.ts";
import { PRIVACY_EPOCH_KIND } from "../store/identity.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store } from "../store/store.ts";
import type { Pace } from "./row-store.ts";

const DAY_MS = 86_400_000;
/** Findings are large. */
const PAGE = 20;
/** As identity-epochs.ts begins. */
const FIRST_EPOCH = 1;
/** Days of entities; a training that had to leave out more would not know which. */
const DAYS_MAX = 500_000;
/** Feature of a finding of made names that holds some of them. */
const EXAMPLES = "dga.examples";

/** An entity on a day. */
interface AttackDay {
  readonly entity: Entity;
  /** Its begin, ms UTC. */
  readonly day: number;
}

export interface ConfirmedAttacks {
  readonly days: readonly AttackDay[];
  /**
   * Days on which an account was attacked before accounts were called as they are now: nobody can tell which row
   * was its own.
   */
  readonly wholeDays: ReadonlySet<number>;
  /** Label and suffix, as usual names are counted. */
  readonly names: ReadonlySet<string>;
}

/**
 * Of all findings of the window whose verdict in force is true positive.
 * @throws AppError HW_INPUT_TOO_LARGE; the reason of the signal
 */
export async function confirmedAttacks(
  store: Store,
  tenant: string,
  window: { readonly from: number; readonly to: number },
  { signal, turn }: Pace,
): Promise<ConfirmedAttacks> {
  const epochBegin = await presentEpochBegin(store, tenant, window.to);
  const days: AttackDay[] = [];
  const wholeDays = new Set<number>();
  const names = new Set<string>();
  let cursor: string | undefined;
  do {
    signal.throwIfAborted();
    const page = await store.search(tenant, FINDING_KIND, {
      terms: { verdict: ["true_positive"] },
      // A finding of a whole day or hour is told at its end.
      ranges: { lastEventAt: { gte: window.from }, firstEventAt: { lt: window.to + DAY_MS } },
      sort: [{ field: "firstEventAt", order: "asc" }],
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { document } of page.hits) {
      for (const name of namesOf(document)) names.add(name);
      for (const one of daysOf(document, window)) {
        days.push(one);
        if (one.entity.type === "account" && one.day < epochBegin) wholeDays.add(one.day);
      }
      if (days.length > DAYS_MAX)
        throw new AppError("HW_INPUT_TOO_LARGE", `more than ${DAYS_MAX} days of confirmed attacks`);
    }
    const waiting = turn();
    if (waiting !== undefined) await waiting;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { days, wholeDays, names };
}

/** From its first event to its last, as far as they lie in the window. */
function daysOf(finding: Finding, window: { readonly from: number; readonly to: number }) {
  const { firstEventAt, lastEventAt, entities, anomaly, evidence } = finding;
  const times = evidence.flatMap(({ events }) => events.map(({ time }) => time));
  const earliest = times.reduce((a, b) => Math.min(a, b), anomaly?.from ?? firstEventAt);
  const begin = Math.max(window.from - DAY_MS, Math.min(firstEventAt, earliest));
  const end = Math.min(window.to, lastEventAt);
  const found: AttackDay[] = [];
  for (let day = Math.floor(begin / DAY_MS) * DAY_MS; day <= end; day += DAY_MS)
    for (const entity of entities) found.push({ entity, day });
  return found;
}

function namesOf({ evidence }: Finding): string[] {
  const asked = evidence.flatMap(({ matched, events }) => [
    ...matched.flatMap(({ field, value }) => (field === EXAMPLES ? value.split(" ") : [])),
    ...events.flatMap(({ document }) => document["dns.question.name"] ?? []),
  ]);
  return asked.flatMap((name) => {
    const { label, suffix } = parseName(String(name));
    return label === "" ? [] : [`${label}.${suffix}`];
  });
}

/** Since when accounts are called as they are now, ms UTC; before all time where they always were. */
async function presentEpochBegin(store: Store, tenant: string, now: number): Promise<number> {
  // The next epoch is written before it begins.
  const { hits } = await store.search(tenant, PRIVACY_EPOCH_KIND, {
    sort: [{ field: "number", order: "desc" }],
    limit: 2,
  });
  const present = hits.find(({ document }) => document.startsAt <= now)?.document;
  const isFirst = present === undefined || present.number === FIRST_EPOCH;
  return isFirst ? Number.NEGATIVE_INFINITY : present.startsAt;
}
