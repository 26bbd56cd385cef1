// What a person types into a date field is Berlin time, whatever zone the computer is set to.

const OFFSET = new Intl.DateTimeFormat("en", {
  timeZone: "Europe/Berlin",
  timeZoneName: "longOffset",
});
const MINUTE_MS = 60_000;

/** `2026-11-21T05:30` in Berlin → ms UTC; undefined when it is no date. */
export function berlinTime(local: string): number | undefined {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The offset is that of the moment meant, so it is looked up twice around a change of the clocks.
  const near = asUtc - offsetMs(asUtc);
  return asUtc - offsetMs(near);
}

/** ms UTC → `2026-11-21T05:30` in Berlin, as a date field takes it; seconds are cut. */
export function localBerlin(at: number): string {
  return new Date(at + offsetMs(at)).toISOString().slice(0, 16);
}

/** The same to the second, for times that figures are counted from. */
export function localSecond(at: number): string {
  return new Date(at + offsetMs(at)).toISOString().slice(0, 19);
}

function offsetMs(at: number): number {
  const name = OFFSET.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
  return sign === "-" ? -size : size;
}
