// The list of all formats, and which one claims a line. A new format is one file and one line here.
import { auditd } from "./auditd.ts";
import { cef } from "./cef.ts";
import { ecsJson } from "./ecs-json.ts";
import { type Format, type JsonRecord, SURE } from "./format.ts";
import { fortigate } from "./fortigate.ts";
import { jsonGeneric } from "./json-generic.ts";
import { linuxAuth } from "./linux-auth.ts";
import { plain } from "./plain.ts";
import { syslog } from "./syslog.ts";
import { webAccess } from "./web-access.ts";
import { windowsFlat } from "./windows-flat.ts";
import { windowsXml } from "./windows-xml.ts";
import { winlogbeat } from "./winlogbeat.ts";

/** All formats. At equal scores the earlier one wins. */
export const FORMATS: readonly Format[] = [
  winlogbeat,
  windowsFlat,
  windowsXml,
  ecsJson,
  auditd,
  cef,
  fortigate,
  webAccess,
  linuxAuth,
  syslog,
  jsonGeneric,
  plain,
];

/**
 * The format with the highest claim on a line; undefined when none claims it. `recent` is asked first:
 * it only saves time, because no two formats are sure of the same line.
 */
export function detectFormat(
  line: string,
  json: JsonRecord | undefined,
  recent?: Format,
): Format | undefined {
  if (recent !== undefined && recent.sniff(line, json) >= SURE) return recent;
  let best: Format | undefined;
  let bestScore = 0;
  for (const format of FORMATS) {
    const score = format.sniff(line, json);
    if (score > bestScore) {
      best = format;
      bestScore = score;
    }
    if (score >= SURE) break;
  }
  return best;
}
