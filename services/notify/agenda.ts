// What is to be looked at when: findings by their tenants, each worked on by one at a time, some at once. What
// is told while it is worked on is looked at again afterwards, so that nothing is overlooked. Tenants take
// turns: the storm of one keeps no other one waiting.

const AT_ONCE_MAX = 32;
/** So that there is a place left for others while one has very much. */
const AT_ONCE_PER_TENANT_MAX = 24;
/** What is due later is found by looking into the store. */
const AHEAD_MS = 60_000;
const ENTRIES_PER_TENANT_MAX = 50_000;

export interface Agenda {
  /** Looks at it at this moment, or earlier where that was said before. */
  at(tenant: string, id: string, moment: number): void;
  /** Begins what is due. */
  begin(): void;
  /** Whether nothing is worked on and nothing is due. */
  readonly isAtRest: boolean;
  /** Resolves when what is at hand is done; nothing begins any more. */
  close(): Promise<void>;
}

/** Of one tenant. */
interface Entries {
  /** Finding → when it is to be looked at. */
  readonly due: Map<string, number>;
  readonly running: Map<string, Promise<void>>;
}

/** @param work rejects never */
export function createAgenda(
  now: () => number,
  work: (tenant: string, id: string) => Promise<void>,
): Agenda {
  const tenants = new Map<string, Entries>();
  let runningCount = 0;
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
  const start = (tenant: string, id: string, { due, running }: Entries) => {
    due.delete(id);
    runningCount += 1;
    const job = work(tenant, id).finally(() => {
      running.delete(id);
      runningCount -= 1;
      beginSoon();
    });
    running.set(id, job);
  };
  const begin = () => {
    if (isClosed) return;
    const moment = now();
    const next = [...tenants].map(([tenant, entries]) => {
      const ready = readyOnes(entries, moment);
      return { tenant, entries, ready };
    });
    let isAny = true;
    while (isAny && runningCount < AT_ONCE_MAX) {
      isAny = false;
      for (const { tenant, entries, ready } of next) {
        if (runningCount >= AT_ONCE_MAX) break;
        const id = ready.shift();
        if (id === undefined) continue;
        isAny = true;
        start(tenant, id, entries);
      }
    }
    // Who had the first place has the last one next time.
    const [first] = tenants;
    if (first !== undefined && tenants.delete(first[0])) tenants.set(...first);
  };
  return {
    at(tenant, id, moment) {
      if (moment > now() + AHEAD_MS) return;
      const entries = tenants.get(tenant) ?? { due: new Map(), running: new Map() };
      tenants.set(tenant, entries);
      const known = entries.due.get(id);
      if (known === undefined && entries.due.size >= ENTRIES_PER_TENANT_MAX) return;
      entries.due.set(id, Math.min(known ?? moment, moment));
    },
    begin,
    get isAtRest() {
      const moment = now();
      const isDue = ({ due }: Entries) => [...due.values()].some((at) => at <= moment);
      return runningCount === 0 && ![...tenants.values()].some(isDue);
    },
    async close() {
      isClosed = true;
      await Promise.all([...tenants.values()].flatMap(({ running }) => [...running.values()]));
    },
  };
}

/** As many as may begin, in the order in which they were told. */
function readyOnes({ due, running }: Entries, moment: number): string[] {
  const places = AT_ONCE_PER_TENANT_MAX - running.size;
  const ready: string[] = [];
  if (places <= 0) return ready;
  for (const [id, at] of due) {
    if (ready.length >= places) break;
    if (at <= moment && !running.has(id)) ready.push(id);
  }
  return ready;
}
