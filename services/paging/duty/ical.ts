// A schedule as a calendar that other programs subscribe to (RFC 5545). Times are in UTC, so that no zone has
// to be carried along; what is given out is a function of schedule and overrides alone, so that asking twice
// gives the same bytes.
import { createHash } from "node:crypto";
import type { Schedule } from "../../../config/paging-schedules.ts";
import { endOfOverride } from "../../store/duty-override.ts";
import { type Override, piecesOf } from "./shifts.ts";
import type { Span } from "./spans.ts";
import type { Shift } from "./turns.ts";

const LINE_OCTETS_MAX = 75;
/** No turn is longer; so far to either side its true ends are seen. */
const TURN_MS_MAX = 368 * 86_400_000;

export interface CalendarParts {
  readonly tenant: string;
  /** Configured name of the schedule. */
  readonly name: string;
  readonly schedule: Schedule;
  /** Those of this schedule that touch `calendarReach` of the span, in any order. */
  readonly overrides: readonly Override[];
  /** ms UTC; shifts that reach over its ends are whole. */
  readonly span: Span;
  /** Of the tenant. */
  readonly timeZone: string;
  /** Configured name → what is shown. */
  readonly people: Readonly<Record<string, { readonly name: string }>>;
  /** Configured name: only this person's shifts. */
  readonly person?: string | undefined;
  readonly language: "de" | "en";
}

/** What has to be known for a calendar of a span, so that shifts at its ends are whole. */
export function calendarReach({ from, until }: Span): Span {
  return { from: from - TURN_MS_MAX, until: until + TURN_MS_MAX };
}

const WORDS = { de: "Bereitschaft", en: "On duty" };

/** The calendar, ready to be sent as `text/calendar; charset=utf-8`. */
export function icalOf(parts: CalendarParts): string {
  const { schedule, overrides, span, timeZone, person, people } = parts;
  const shifts = piecesOf(schedule, overrides, calendarReach(span), timeZone).filter(
    (one) =>
      (person === undefined || one.person === person) &&
      one.from < span.until &&
      one.until > span.from,
  );
  const whose = person === undefined ? "" : `: ${shownName(people, person)}`;
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Heidewacht//Duty//DE",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    `NAME:${escaped(schedule.title + whose)}`,
    `X-WR-CALNAME:${escaped(schedule.title + whose)}`,
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    "X-PUBLISHED-TTL:PT1H",
    ...shifts.flatMap((shift) => eventOf(shift, parts)),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

// The person is part of the identity, so that a change of the configuration takes one event away and brings
// another one. All that is left to change is the end, by an override: those are counted.
function eventOf({ from, until, person }: Shift, parts: CalendarParts): string[] {
  const { tenant, name, schedule, overrides, people, language } = parts;
  const touching = overrides.filter((one) => one.from <= until && one.until >= from);
  const changes = touching.flatMap(({ createdAt, endedOn }) =>
    endedOn === undefined ? [createdAt] : [createdAt, endedOn],
  );
  const isOverride = overrides.some(
    (one) => one.person === person && one.from <= from && from < endOfOverride(one),
  );
  const mark = isOverride ? { de: " (Vertretung)", en: " (override)" }[language] : "";
  const shown = `${WORDS[language]}: ${shownName(people, person)}${mark}`;
  return [
    "BEGIN:VEVENT",
    `UID:${idOf([tenant, name, person, String(from)])}@heidewacht`,
    `DTSTAMP:${utc(Math.max(begunAt(schedule), ...changes))}`,
    `SEQUENCE:${changes.length}`,
    `DTSTART:${utc(from)}`,
    `DTEND:${utc(until)}`,
    `SUMMARY:${escaped(shown)}`,
    `DESCRIPTION:${escaped(schedule.title)}`,
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ];
}

function shownName(people: CalendarParts["people"], person: string): string {
  return Object.hasOwn(people, person) ? (people[person]?.name ?? person) : person;
}

/** A time that changes with the schedule alone: when its first layer begins. */
function begunAt({ layers }: Schedule): number {
  return Math.min(...layers.map(({ begins }) => Date.parse(`${begins}Z`)));
}

function idOf(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32);
}

/** `20261102T070000Z` */
function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

/** TEXT of RFC 5545, 3.3.11; control characters have no place in it. */
function escaped(text: string): string {
  return text
    .replace(/\r\n?|\n/g, "\n")
    .replace(/(?!\n)\p{Cc}/gu, "")
    .replace(/[\\;,]/g, "\\$&")
    .replaceAll("\n", "\\n");
}

/** Lines of 75 octets at most, cut between characters; those after the first begin with a blank. */
function folded(line: string): string {
  const lines: string[] = [];
  let present = "";
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LINE_OCTETS_MAX) {
      lines.push(present);
      present = " ";
      octets = 1;
    }
    present += character;
    octets += size;
  }
  return [...lines, present].join("\r\n");
}
