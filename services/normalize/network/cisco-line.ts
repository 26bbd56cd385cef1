// The head of the lines that Cisco's devices write: `%FACILITY-SEVERITY-MNEMONIC: text`, behind sequence
// numbers, host names and the device's own time in the orders that IOS, IOS XE, IOS XR, NX-OS, ASA and
// FTD have for them, with or without a relay's syslog header before it.
import type { ParseContext } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { headerTimeToUtc, readHeaderTime } from "../generic/syslog-time.ts";
import { zoneOfName } from "./zone-names.ts";

/** Where a line's tag stands, and what it says. */
export interface CiscoTag {
  /** `ASA`, `SYS`, `SECURITY-SSHD`. */
  readonly facility: string;
  readonly severity: number;
  /** `302013`, `CONFIG_I`. */
  readonly mnemonic: string;
  readonly start: number;
  /** Behind the colon. */
  readonly end: number;
}

/** What stands before the tag. */
export interface CiscoHead {
  readonly host: string | undefined;
  readonly sequence: string | undefined;
  readonly time: number | undefined;
}

/** The tag stands within these many characters. */
const HEAD_CHARACTERS_MAX = 256;
// EMBLEM puts a class between (`%ASA-session-6-302013`), IOS XR a blank before the colon.
const TAG =
  /%([A-Z][A-Z0-9_]{1,39}(?:-[A-Z][A-Z0-9_]{0,39}){0,3})(?:-[a-z]{2,20})?-([0-7])-([A-Z0-9_]{2,64}) ?:/y;

// Several formats ask for the same line, one after the other.
let last: { readonly line: string; readonly tag: CiscoTag | undefined } | undefined;

/** The tag of a line; undefined when it has none near its beginning. */
export function ciscoTag(line: string): CiscoTag | undefined {
  if (last?.line === line) return last.tag;
  const tag = findTag(line);
  last = { line, tag };
  return tag;
}

function findTag(line: string): CiscoTag | undefined {
  let at = line.indexOf("%");
  while (at !== -1 && at <= HEAD_CHARACTERS_MAX) {
    const before = line[at - 1];
    if (before === undefined || before === " " || before === ">" || before === ":") {
      TAG.lastIndex = at;
      const match = TAG.exec(line);
      if (match !== null) {
        return {
          facility: match[1] ?? "",
          severity: Number(match[2]),
          mnemonic: match[3] ?? "",
          start: at,
          end: TAG.lastIndex,
        };
      }
    }
    at = line.indexOf("%", at + 1);
  }
  return undefined;
}

/** Reads what stands before a line's tag. */
export function ciscoHead(line: string, tag: CiscoTag, context: ParseContext): CiscoHead {
  const frame = contentOf(line);
  const content = frame?.content ?? line;
  const found: Found = {
    host: undefined,
    sequence: undefined,
    time: undefined,
    zone: undefined,
    isSure: true,
  };
  const before = content.slice(0, Math.max(0, content.length - (line.length - tag.start)));
  // The colon of a time has no blank behind it.
  for (const part of before.split(/: +| :/, 8)) readPart(part.trim(), found, context);
  const zoned = found.zone === undefined ? context : { ...context, timeZone: found.zone };
  const relayed = frame === undefined ? undefined : frameTime(frame, zoned);
  // The mark `*` says that the clock was never set: a relay knows better.
  const time = found.isSure ? (found.time ?? relayed) : (relayed ?? found.time);
  // A relay names the address from which it had the line, the device itself.
  return { host: found.host ?? frame?.host, sequence: found.sequence, time };
}

interface Found {
  host: string | undefined;
  sequence: string | undefined;
  time: number | undefined;
  /** Stands alone when a syslog header took the time for its own. */
  zone: string | undefined;
  isSure: boolean;
}

// `29`, `sw-core-01`, `*Nov 21 05:38:16.123 CET`, `2026 Nov 21 05:38:16 CET`, `Nov 21 2026 05:38:16 fw`,
// `RP/0/RSP0/CPU0:Nov 21 05:38:16.123 CET`, `1 2026-11-21T04:38:16Z fw`.
function readPart(text: string, found: Found, context: ParseContext): void {
  if (text === "") return;
  if (/^\d{1,12}$/.test(text)) {
    found.sequence ??= text;
    return;
  }
  const bare = text
    .replace(/^:? ?(?:RP\/|LC\/|\d\/)[\w/]{1,30}:/, "")
    .replace(/^(?:1 |: ?)(?=[\d*.A-Z])/, "");
  const isMarked = bare.startsWith("*");
  const plain = /^[*.]/.test(bare) ? bare.slice(1) : bare;
  const yearFirst = /^(\d{4}) ([A-Z][a-z]{2} {1,2}\d{1,2}) /.exec(plain);
  const written =
    yearFirst === null
      ? plain
      : `${yearFirst[2]} ${yearFirst[1]} ${plain.slice(yearFirst[0].length)}`;
  const time = readHeaderTime(written, 0);
  if (time === undefined) {
    const alone = zoneOfName(plain);
    if (alone !== undefined) found.zone = alone;
    else if (found.host === undefined && HOST.test(plain) && !UPTIME.test(plain)) {
      found.host = plain;
    }
    return;
  }
  const rest = written.slice(time.end).trim().split(" ", 3);
  const zone = zoneOfName(rest[0] ?? "");
  found.time = headerTimeToUtc(time, zone === undefined ? context : { ...context, timeZone: zone });
  found.isSure = !isMarked;
  const host = zone === undefined && !/^[A-Z]{2,5}$/.test(rest[0] ?? "") ? rest[0] : rest[1];
  if (found.host === undefined && host !== undefined && HOST.test(host)) found.host = host;
}

// Devices without clock write how long they run: `1w2d`, `00:04:11`.
const UPTIME = /^(?:(?:\d{1,4}[ywdhms]){1,3}|\d{1,3}:\d\d:\d\d)$/;
const HOST = /^[A-Za-z\d][\w.:/-]{0,127}$/;
