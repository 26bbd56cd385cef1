// All formats, and which one claims a line.
import { CLOUD_FORMATS } from "./cloud/cloud-formats.ts";
import { type Format, type JsonRecord, SURE } from "./format.ts";
import { GENERIC_FORMATS } from "./generic/generic-formats.ts";
import { createChoice } from "./line-traits.ts";
import { METRICS_FORMATS } from "./metrics/metrics-formats.ts";
import { NETWORK_FORMATS } from "./network/network-formats.ts";
import { SERVERS_FORMATS } from "./servers/servers-formats.ts";
import { WINDOWS_FORMATS } from "./windows/windows-formats.ts";

/** All formats. At equal scores the earlier one wins. */
export const FORMATS: readonly Format[] = [
  ...WINDOWS_FORMATS,
  ...NETWORK_FORMATS,
  ...SERVERS_FORMATS,
  ...CLOUD_FORMATS,
  ...METRICS_FORMATS,
  ...GENERIC_FORMATS,
];

const JSON_FORMATS = FORMATS.filter((format) => format.reads === "json");
/** The text formats that may claim a line; the others would answer 0. */
const textFormatsFor = createChoice(FORMATS.filter((format) => format.reads === "text"));
/** Formats of one source that are asked first. */
const RECENT_MAX = 6;

/** The formats that a source's lines were in, the last one first. Changed by `detectFormat`. */
export type RecentFormats = Format[];

/**
 * The format with the highest claim on a line; undefined when none claims it. `recent` is asked first:
 * it only saves time, because no two formats are sure of the same line. `configured` are the formats of
 * the administration's own mapping files: what they recognise is theirs.
 */
export function detectFormat(
  line: string,
  json: JsonRecord | undefined,
  recent: RecentFormats = [],
  header?: string,
  configured: readonly Format[] = [],
): Format | undefined {
  for (const format of configured) {
    if (format.sniff(line, json, header) >= SURE) return format;
  }
  for (const [index, format] of recent.entries()) {
    if (format.sniff(line, json, header) < SURE) continue;
    if (index > 0) recent.unshift(...recent.splice(index, 1));
    return format;
  }
  const best = ranked(line, json, header, configured)[0]?.format;
  if (best !== undefined && !recent.includes(best)) {
    recent.unshift(best);
    if (recent.length > RECENT_MAX) recent.pop();
  }
  return best;
}

/** A format's claim on a line, 0 to 1. */
export interface Claim {
  readonly format: Format;
  readonly score: number;
}

/** All claims on a line, the highest first. From SURE on no other format is asked. */
export function ranked(
  line: string,
  json: JsonRecord | undefined,
  header?: string,
  configured: readonly Format[] = [],
): Claim[] {
  const claims: Claim[] = [];
  const known = json === undefined ? textFormatsFor(line) : JSON_FORMATS;
  for (const format of configured.length === 0 ? known : [...configured, ...known]) {
    const score = format.sniff(line, json, header);
    if (score >= SURE) return [{ format, score }];
    if (score > 0) claims.push({ format, score });
  }
  return claims.sort((one, other) => other.score - one.score);
}
