// The two times of Windows as ISO 8601 text in UTC.

/** Milliseconds from 1601, where Windows begins to count, to 1970. */
const EPOCH_MS = 11_644_473_600_000;
const TICKS_PER_MS = 10_000;

/** A FILETIME (100 ns since 1601) by its halves, with microseconds. */
export function fileTimeText(low: number, high: number): string {
  // 64 bits are more than a number holds exactly: the division is done half by half.
  const rest = (high % TICKS_PER_MS) * 0x1_0000_0000 + low;
  const ms = Math.floor(high / TICKS_PER_MS) * 0x1_0000_0000 + Math.floor(rest / TICKS_PER_MS);
  const micros = Math.floor((rest % TICKS_PER_MS) / 10);
  const iso = new Date(ms - EPOCH_MS).toISOString();
  return `${iso.slice(0, -1)}${String(micros).padStart(3, "0")}Z`;
}

/** A SYSTEMTIME at a place: year, month, weekday, day, hour, minute, second, ms, 16 bits each. */
export function systemTimeText(view: DataView, at: number): string {
  const part = (index: number, digits: number): string =>
    String(view.getUint16(at + 2 * index, true)).padStart(digits, "0");
  const date = `${part(0, 4)}-${part(1, 2)}-${part(3, 2)}`;
  return `${date}T${part(4, 2)}:${part(5, 2)}:${part(6, 2)}.${part(7, 3)}Z`;
}
