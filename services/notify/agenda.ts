// What is to be looked at when: findings by their tenants, each worked on by one at a time, some at once, the
// urgent ones first. What is told while it is worked on is looked at again afterwards, so that nothing is
// overlooked. Tenants take turns: the storm of one keeps no other one waiting.
import type { Priority } from "../../config/paging.ts";
import { isAtLeast } from "../paging/priority.ts";
import { createLanes, type Lanes } from "./lanes.ts";

const AT_ONCE_MAX = 32;
/** So that there is a place left for others while one has very much. */
const AT_ONCE_PER_TENANT_MAX = 24;
/** Places that only `p1` takes: what is less urgent may hang in all others. */
const URGENT_PLACES = 4;
/** What is due later is found by looking into the store. */
const AHEAD_MS = 60_000;
/** Of what is less urgent than `p1`; of that, as many again. */
const ENTRIES_PER_TENANT_MAX = 50_000;

export interface Agenda {
  /** Looks at it at this moment, or earlier where that was said before. */
  at(tenant: string, id: string, moment: number, priority: Priority): void;
  /** Begins what is due. */
  begin(): void;
  /** Whether nothing is worked on and nothing is due. */
  readonly isAtRest: boolean;
  /** Resolves when what is at hand is done; nothing begins any more. */
  close(): Promise<void>;
}

interface Due {
  readonly moment: number;
  readonly priority: Priority;
}

/** Of one tenant. */
interface Entries {
  /** What is due, in its order. */
  readonly ready: Lanes<undefined>;
  /** What is due soon; looked through when the first of it is due. */
  readonly ahead: Map<string, Due>;
  aheadFrom: number;
  readonly running: Map<string, Promise<void>>;
  /** What was told of those that are worked on. */
  readonly again: Map<string, Due>;
  /** Of those that are worked on, the less urgent ones. */
  calmCount: number;
}

/** @param work rejects never */
export function createAgenda(
  now: () => number,
  work: (tenant: string, id: string, priority: Priority) => Promise<void>,
): Agenda {
  const tenants = new Map<string, Entries>();
  let runningCount = 0;
  let calmCount = 0;
  let isClosed = false;
  let isAsked = false;
  const beginSoon = () => {
    if (isAsked) return;
    isAsked = true;
    // Not at once: timers and sockets must have their turn in between.
    setImmediate(() => {
      isAsked = false;
      begin();
    });
  };
  const start = (tenant: string, id: string, priority: Priority, entries: Entries) => {
    const calm = priority === "p1" ? 0 : 1;
    const count = (by: 1 | -1) => {
      runningCount += by;
      calmCount += by * calm;
      entries.calmCount += by * calm;
    };
    count(1);
    const job = work(tenant, id, priority).finally(() => {
      entries.running.delete(id);
      count(-1);
      const again = entries.again.get(id);
      entries.again.delete(id);
      if (again !== undefined) enter(entries, id, again, now());
      beginSoon();
    });
    entries.running.set(id, job);
  };
  const beginOne = (tenant: string, entries: Entries): boolean => {
    const { running, ready } = entries;
    if (running.size >= AT_ONCE_PER_TENANT_MAX || runningCount >= AT_ONCE_MAX) return false;
    const isForAll =
      entries.calmCount < AT_ONCE_PER_TENANT_MAX - URGENT_PLACES &&
      calmCount < AT_ONCE_MAX - URGENT_PLACES;
    const next = ready.take((priority) => priority === "p1" || isForAll);
    if (next === undefined) return false;
    start(tenant, next.key, next.priority, entries);
    return true;
  };
  const begin = () => {
    if (isClosed) return;
    const moment = now();
    for (const entries of tenants.values()) ripen(entries, moment);
    let isAny = true;
    while (isAny) {
      isAny = false;
      for (const [tenant, entries] of tenants) isAny = beginOne(tenant, entries) || isAny;
    }
    // Who had the first place has the last one next time.
    const [first] = tenants;
    if (first !== undefined && tenants.delete(first[0])) tenants.set(...first);
  };
  return {
    at(tenant, id, moment, priority) {
      if (moment > now() + AHEAD_MS) return;
      const entries = tenants.get(tenant) ?? newEntries();
      tenants.set(tenant, entries);
      enter(entries, id, { moment, priority }, now());
    },
    begin,
    get isAtRest() {
      const moment = now();
      const isDue = (entries: Entries) => {
        ripen(entries, moment);
        return entries.ready.size > 0;
      };
      return runningCount === 0 && ![...tenants.values()].some(isDue);
    },
    async close() {
      isClosed = true;
      await Promise.all([...tenants.values()].flatMap(({ running }) => [...running.values()]));
    },
  };
}

function newEntries(): Entries {
  return {
    ...{ ready: createLanes(), ahead: new Map(), aheadFrom: Number.POSITIVE_INFINITY },
    ...{ running: new Map(), again: new Map(), calmCount: 0 },
  };
}

function enter(entries: Entries, id: string, given: Due, now: number): void {
  const { ready, ahead, running, again } = entries;
  if (running.has(id)) {
    again.set(id, sooner(again.get(id), given));
    return;
  }
  const known = ahead.get(id);
  const due = sooner(known, given);
  const most = ENTRIES_PER_TENANT_MAX * (due.priority === "p1" ? 2 : 1);
  const isNew = known === undefined && !ready.has(id);
  if (isNew && ready.size + ahead.size >= most) return;
  if (due.moment <= now || ready.has(id)) {
    // What is due already only ever becomes more urgent.
    ahead.delete(id);
    ready.put(id, due.priority, undefined);
    return;
  }
  ahead.set(id, due);
  entries.aheadFrom = Math.min(entries.aheadFrom, due.moment);
}

function sooner(known: Due | undefined, given: Due): Due {
  if (known === undefined) return given;
  return {
    moment: Math.min(known.moment, given.moment),
    priority: isAtLeast(known.priority, given.priority) ? known.priority : given.priority,
  };
}

function ripen(entries: Entries, moment: number): void {
  if (entries.aheadFrom > moment) return;
  entries.aheadFrom = Number.POSITIVE_INFINITY;
  for (const [id, due] of entries.ahead) {
    if (due.moment > moment) {
      entries.aheadFrom = Math.min(entries.aheadFrom, due.moment);
      continue;
    }
    entries.ahead.delete(id);
    entries.ready.put(id, due.priority, undefined);
  }
}
