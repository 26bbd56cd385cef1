// Notices within seconds that a server has died while it was asked: generating takes a minute, and a
// machine that was switched off says nothing. Beside running requests it is asked for something small.

/** With two of them a dead server is known after at most 4 s, whenever within a round it dies. */
const EVERY_MS = 1000;
const PATIENCE_MS = 1500;
const MISSES_MAX = 2;

export interface Liveness {
  /** Watches until the result is called. */
  begin(): () => void;
}

/**
 * @param isThere asks the server; rejects or answers false when it is not there
 * @param onDead called at most once for a run of misses, while somebody watches
 */
export function createLiveness(
  isThere: (signal: AbortSignal) => Promise<boolean>,
  onDead: () => void,
): Liveness {
  let watching = 0;
  let timer: NodeJS.Timeout | undefined;
  let misses = 0;
  const look = async () => {
    const alive = await isThere(AbortSignal.timeout(PATIENCE_MS)).catch(() => false);
    if (watching === 0) return;
    misses = alive ? 0 : misses + 1;
    if (misses < MISSES_MAX) {
      timer = setTimeout(look, alive ? EVERY_MS : 0);
      return;
    }
    misses = 0;
    timer = setTimeout(look, EVERY_MS);
    onDead();
  };
  return {
    begin() {
      watching += 1;
      if (watching === 1) {
        misses = 0;
        timer = setTimeout(look, EVERY_MS);
      }
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        watching -= 1;
        if (watching === 0) clearTimeout(timer);
      };
    },
  };
}
