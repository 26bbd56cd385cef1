// What waits to be explained, the first of the queue first. It is bounded: what falls out comes again with
// the next look at all open findings.

const WAITING_MAX = 2000;
/** A finding that never rests is explained all the same after so many pauses. */
const PAUSES_MAX = 10;

/** One thing to explain. */
export interface Waiting {
  readonly tenant: string;
  readonly kind: "finding" | "request";
  readonly id: string;
  /** Of the finding; who asks by hand comes first. */
  readonly score: number;
  readonly firstAt: number;
  /** Not before, ms. */
  readonly dueAt: number;
  /** Tries that failed. */
  readonly failures: number;
}

export function createWaiting(debounceMs: number) {
  const waiting = new Map<string, Waiting>();
  const keyOf = ({ tenant, kind, id }: Pick<Waiting, "tenant" | "kind" | "id">) =>
    `${tenant}/${kind}/${id}`;
  const makeRoom = () => {
    if (waiting.size <= WAITING_MAX) return;
    const last = [...waiting].reduce((one, other) => (isBefore(one[1], other[1]) ? other : one));
    waiting.delete(last[0]);
  };
  return {
    /** A change: what waits already waits a little longer. */
    offer(one: Pick<Waiting, "tenant" | "kind" | "id" | "score">, now: number): void {
      const known = waiting.get(keyOf(one));
      const firstAt = known?.firstAt ?? now;
      const pause = one.kind === "request" ? 0 : debounceMs;
      const rested = Math.min(now + pause, firstAt + PAUSES_MAX * pause);
      const dueAt = Math.max(rested, known !== undefined && known.failures > 0 ? known.dueAt : 0);
      waiting.set(keyOf(one), { ...one, firstAt, dueAt, failures: known?.failures ?? 0 });
      makeRoom();
    },
    /** Comes back later. */
    again(one: Waiting): void {
      // A newer change of the same has come meanwhile.
      if (!waiting.has(keyOf(one))) waiting.set(keyOf(one), one);
      makeRoom();
    },
    drop(one: Pick<Waiting, "tenant" | "kind" | "id">): void {
      waiting.delete(keyOf(one));
    },
    /** Takes out the first one that is due. */
    take(now: number): Waiting | undefined {
      let first: Waiting | undefined;
      for (const one of waiting.values()) {
        if (one.dueAt <= now && (first === undefined || isBefore(one, first))) first = one;
      }
      if (first !== undefined) waiting.delete(keyOf(first));
      return first;
    },
    get size() {
      return waiting.size;
    },
  };
}

/** In the order of the queue: the higher score, then the id. */
function isBefore(one: Waiting, other: Waiting): boolean {
  if (one.kind !== other.kind) return one.kind === "request";
  return one.score === other.score ? one.id < other.id : one.score > other.score;
}
