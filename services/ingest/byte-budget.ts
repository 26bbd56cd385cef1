// Bytes that many connections hold together: what is over the budget waits for the others to let go.

export interface ByteBudget {
  readonly heldBytes: number;
  /** Resolves when there is room; what alone is larger than the budget waits until nothing else is held. */
  hold(bytes: number): Promise<void>;
  /** Holds or, with a negative number, lets go of bytes without waiting. */
  change(bytes: number): void;
}

/** A budget of so many bytes. First come, first served. */
export function createByteBudget(bytesMax: number): ByteBudget {
  let held = 0;
  const waiting: { readonly bytes: number; readonly go: () => void }[] = [];
  const fits = (bytes: number): boolean => held === 0 || held + bytes <= bytesMax;
  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined && fits(next.bytes); next = waiting[0]) {
      waiting.shift();
      held += next.bytes;
      next.go();
    }
  };
  return {
    get heldBytes() {
      return held;
    },
    async hold(bytes) {
      if (waiting.length === 0 && fits(bytes)) {
        held += bytes;
        return;
      }
      await new Promise<void>((go) => waiting.push({ bytes, go }));
    },
    change(bytes) {
      held += bytes;
      if (bytes < 0) admit();
    },
  };
}
