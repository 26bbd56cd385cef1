// Which network an address lies in: the longest one that holds it. One look-up per length of prefix that
// occurs, at most 33 or 129, however many networks there are.
import { addressBytes, readNetwork } from "./address-bytes.ts";

export interface AddressTable<T> {
  /** @returns false when `network` is neither a network nor an address; a later entry wins over an equal one */
  add(network: string, value: T): boolean;
  find(address: string): T | undefined;
  readonly size: number;
}

const V4_BYTES = 4;

export function createAddressTable<T>(): AddressTable<T> {
  // Bytes of an address → length of prefix → masked prefix → value.
  const families = new Map<number, Map<number, Map<string, T>>>([
    [V4_BYTES, new Map()],
    [16, new Map()],
  ]);
  let size = 0;
  return {
    add(network, value) {
      const read = readNetwork(network);
      if (read === undefined) return false;
      const lengths = families.get(read.bytes.length) ?? new Map<number, Map<string, T>>();
      let entries = lengths.get(read.length);
      if (entries === undefined) {
        entries = new Map();
        lengths.set(read.length, entries);
        // The longest first, as `find` goes through them.
        const sorted = [...lengths].sort(([one], [other]) => other - one);
        lengths.clear();
        for (const [length, table] of sorted) lengths.set(length, table);
      }
      const before = entries.size;
      entries.set(prefixOf(read.bytes, read.length), value);
      size += entries.size - before;
      return true;
    },
    find(address) {
      const bytes = addressBytes(address);
      if (bytes === undefined) return undefined;
      for (const [length, entries] of families.get(bytes.length) ?? []) {
        const found = entries.get(prefixOf(bytes, length));
        if (found !== undefined) return found;
      }
      return undefined;
    },
    get size() {
      return size;
    },
  };
}

/** The first `length` bits as text; the rest as zeros is left out. */
function prefixOf(bytes: Uint8Array, length: number): string {
  const whole = length >> 3;
  const bits = length & 7;
  let text = "";
  for (let index = 0; index < whole; index += 1) text += String.fromCharCode(bytes[index] ?? 0);
  if (bits === 0) return text;
  return text + String.fromCharCode((bytes[whole] ?? 0) & (0xff << (8 - bits)) & 0xff);
}
