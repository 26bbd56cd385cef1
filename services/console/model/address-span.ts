// A span of time in an address, as links of boards bring it along: `from` and `to`, ms UTC, half-open.

export interface AddressSpan {
  readonly from?: number;
  readonly to?: number;
}

/** The latest moment that a date can hold. */
const TIME_MAX = 8_640_000_000_000_000;

/** Reads it; what is no time is left out, and both where the end comes before the begin. */
export function readSpan({ from, to }: Readonly<Record<string, unknown>>): AddressSpan {
  const [begin, end] = [timeOf(from), timeOf(to)];
  if (begin !== undefined && end !== undefined && end < begin) return {};
  return {
    ...(begin === undefined ? {} : { from: begin }),
    ...(end === undefined ? {} : { to: end }),
  };
}

/** As the API takes it. */
export function spanParams({ from, to }: AddressSpan): Record<string, string> {
  return {
    ...(from === undefined ? {} : { from: String(from) }),
    ...(to === undefined ? {} : { to: String(to) }),
  };
}

/** Whether a moment lies in it. */
export function isInSpan({ from, to }: AddressSpan, at: number): boolean {
  return (from === undefined || at >= from) && (to === undefined || at < to);
}

function timeOf(value: unknown): number | undefined {
  const isText = typeof value === "string" && /^\d{1,15}$/.test(value);
  const time = isText ? Number(value) : value;
  const isTime = typeof time === "number" && Number.isSafeInteger(time);
  return isTime && time >= 0 && time <= TIME_MAX ? time : undefined;
}
