// Times with the name or the offset of their zone behind them, as data bases write them:
// `2026-11-21 05:38:16.123 CET`. A name that is not in use in Europe falls back to the source's own zone.
import type { ParseContext } from "../format.ts";
import { zoneOfName } from "../network/zone-names.ts";
import { isoTime } from "../time-text.ts";

/** Milliseconds UTC of an ISO time with a zone's name, an offset or nothing behind it. */
export function databaseTime(text: string, context: ParseContext): number | undefined {
  const space = text.lastIndexOf(" ");
  const zone = text.slice(space + 1);
  const date = text.slice(0, space);
  if (/^[+-]\d{2}(?::?\d{2})?$/.test(zone)) return isoTime(date + zone, context);
  if (!/^[A-Z]{1,5}$/.test(zone)) return isoTime(text, context);
  return isoTime(date, { ...context, timeZone: zoneOfName(zone) ?? context.timeZone });
}
