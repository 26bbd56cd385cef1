// The open live connections: a bounded number of them in all and for each actor, and closed at once when
// their session ends or the server stops.
import { ApiFault } from "./faults.ts";
import type { Principal } from "./guard.ts";

interface OpenStream {
  readonly actor: string;
  readonly sessionId: string | undefined;
  readonly close: () => void;
}

export interface LiveStreams {
  /**
   * Counts a connection in. @returns what counts it out again
   * @throws ApiFault HW_RATE_LIMITED when there are too many
   */
  add(principal: Principal, close: () => void): () => void;
  /** Closes the connections of ended sessions. */
  closeSessions(ids: readonly string[]): void;
  closeAll(): void;
  readonly size: number;
}

/** An empty register of live connections. */
export function createLiveStreams(limits: {
  readonly streamsMax: number;
  readonly streamsPerActorMax: number;
}): LiveStreams {
  const open = new Set<OpenStream>();
  return {
    add(principal, close) {
      const own = [...open].filter((one) => one.actor === principal.actor).length;
      if (open.size >= limits.streamsMax || own >= limits.streamsPerActorMax) {
        throw new ApiFault("HW_RATE_LIMITED", { text: (m) => m.streamsFull });
      }
      const one = { actor: principal.actor, sessionId: principal.session?.id, close };
      open.add(one);
      return () => open.delete(one);
    },
    closeSessions(ids) {
      for (const one of [...open]) {
        if (one.sessionId !== undefined && ids.includes(one.sessionId)) one.close();
      }
    },
    closeAll() {
      for (const one of [...open]) one.close();
    },
    get size() {
      return open.size;
    },
  };
}
