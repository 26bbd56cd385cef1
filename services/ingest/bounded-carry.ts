// Collects the bytes of one record that comes in pieces, up to a limit. Both splitters (lines, JSON
// elements) use it: one growing buffer, so that single-byte pieces cost no more than large ones.

const FIRST_BYTES = 4096;

export interface BoundedCarry {
  /** Bytes kept; never above the limit. */
  readonly length: number;
  append(piece: Buffer): void;
  /** The collected bytes and `last`, as one buffer; then empty again. */
  take(last: Buffer): { readonly bytes: Buffer; readonly cut: boolean };
}

/** @param bytesMax what is above it is left out, and `cut` says so */
export function createBoundedCarry(bytesMax: number): BoundedCarry {
  let kept = Buffer.alloc(0);
  let length = 0;
  let cut = false;
  return {
    get length() {
      return length;
    },
    append(piece) {
      const part = piece.subarray(0, bytesMax - length);
      cut ||= part.length < piece.length;
      if (length + part.length > kept.length) {
        const grown = Buffer.allocUnsafe(
          Math.min(bytesMax, Math.max(FIRST_BYTES, 2 * (length + part.length))),
        );
        kept.copy(grown, 0, 0, length);
        kept = grown;
      }
      part.copy(kept, length);
      length += part.length;
    },
    take(last) {
      const part = last.subarray(0, bytesMax - length);
      const result = {
        bytes: length === 0 ? part : Buffer.concat([kept.subarray(0, length), part]),
        cut: cut || part.length < last.length,
      };
      // A buffer that one long record has grown is not kept for the short ones after it.
      if (kept.length > 16 * FIRST_BYTES) kept = Buffer.alloc(0);
      length = 0;
      cut = false;
      return result;
    },
  };
}
