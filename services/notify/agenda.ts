// What is to be looked at when: findings by their tenants, each worked on by one at a time, some at once. What
// is told while it is worked on is looked at again afterwards, so that nothing is overlooked.

const AT_ONCE_MAX = 32;
/** What is due later is found by looking into the store. */
const AHEAD_MS = 60_000;
const ENTRIES_MAX = 50_000;

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

/** @param work rejects never */
export function createAgenda(
  now: () => number,
  work: (tenant: string, id: string) => Promise<void>,
): Agenda {
  const due = new Map<string, { readonly tenant: string; readonly id: string; at: number }>();
  const running = new Map<string, Promise<void>>();
  let isClosed = false;
  const begin = () => {
    if (isClosed) return;
    const moment = now();
    for (const [key, { tenant, id, at }] of due) {
      if (running.size >= AT_ONCE_MAX) return;
      if (at > moment || running.has(key)) continue;
      due.delete(key);
      const job = work(tenant, id).finally(() => {
        running.delete(key);
        // Not at once: timers and sockets must have their turn in between.
        if (due.size > 0) setImmediate(begin);
      });
      running.set(key, job);
    }
  };
  return {
    at(tenant, id, moment) {
      if (moment > now() + AHEAD_MS || due.size >= ENTRIES_MAX) return;
      const key = `${tenant}\n${id}`;
      const known = due.get(key);
      if (known === undefined) due.set(key, { tenant, id, at: moment });
      else known.at = Math.min(known.at, moment);
    },
    begin,
    get isAtRest() {
      const moment = now();
      return running.size === 0 && [...due.values()].every(({ at }) => at > moment);
    },
    async close() {
      isClosed = true;
      await Promise.all(running.values());
    },
  };
}
