// The calendar, read back by a strict parser of its own: the same shifts, lines as RFC 5545 wants them, and
// names that stay.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scheduleSchema } from "../../../../config/paging-schedules.ts";
import { type CalendarParts, icalOf } from "../../../../services/paging/duty/ical.ts";
import { type Override, shiftsOf } from "../../../../services/paging/duty/shifts.ts";
import { BERLIN, drawnInstant, drawnOverrides, drawnSchedule } from "./drawn-schedules.ts";

const DAY_MS = 86_400_000;
const at = (text: string) => Date.parse(text);
const PEOPLE = Object.fromEntries(["anna", "bert", "cleo", "dora"].map((id) => [id, { name: id }]));

interface Event {
  readonly from: number;
  readonly until: number;
  readonly person: string;
  readonly values: ReadonlyMap<string, string>;
}

/** Reads what RFC 5545 allows and nothing else. */
function parseCalendar(text: string): Event[] {
  expect(text.endsWith("\r\n")).toBe(true);
  const raw = text.slice(0, -2).split("\r\n");
  for (const line of raw) {
    expect(line).not.toMatch(/[\r\n]/);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    // A cut through a character would leave half of one on each line.
    expect(Buffer.from(line).toString()).toBe(line);
  }
  const lines = raw.join("\r\n").replaceAll("\r\n ", "").split("\r\n");
  expect(lines[0]).toBe("BEGIN:VCALENDAR");
  expect(lines.at(-1)).toBe("END:VCALENDAR");
  const events: Event[] = [];
  let values: Map<string, string> | undefined;
  for (const line of lines.slice(1, -1)) {
    const [, name = "", value = ""] = /^([A-Z-]+)(?:;[A-Z]+=[A-Z]+)?:(.*)$/.exec(line) ?? [];
    expect(name).not.toBe("");
    if (line === "BEGIN:VEVENT") {
      expect(values).toBeUndefined();
      values = new Map();
    } else if (line === "END:VEVENT") {
      events.push(eventOf(values ?? new Map()));
      values = undefined;
    } else if (values !== undefined) {
      expect(values.has(name)).toBe(false);
      values.set(name, value);
    }
  }
  return events;
}

function eventOf(values: ReadonlyMap<string, string>): Event {
  for (const name of ["UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY"])
    expect([name, values.has(name)]).toEqual([name, true]);
  const time = (name: string) => {
    const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(values.get(name) ?? "");
    const [year = 0, month = 0, ...rest] = (parts ?? []).slice(1).map(Number);
    return Date.UTC(year, month - 1, ...rest);
  };
  time("DTSTAMP");
  const shown = (values.get("SUMMARY") ?? "").replace(/\\n/g, "\n").replace(/\\([\\;,])/g, "$1");
  const person = shown.replace(/^Bereitschaft: /, "").replace(/ \(Vertretung\)$/, "");
  return { from: time("DTSTART"), until: time("DTEND"), person, values };
}

const parts = (more: Partial<CalendarParts>): CalendarParts => ({
  ...{ tenant: "kreis", name: "nacht", language: "de", timeZone: BERLIN, people: PEOPLE },
  schedule: scheduleSchema.parse({
    title: "Bereitschaft",
    layers: [{ people: ["anna", "bert"], begins: "2026-10-05T08:00" }],
  }),
  overrides: [],
  span: { from: at("2026-10-20T00:00:00Z"), until: at("2026-11-20T00:00:00Z") },
  ...more,
});

describe("the calendar", () => {
  it("says the same as the shifts", () => {
    fc.assert(
      fc.property(drawnSchedule, drawnOverrides, drawnInstant, (schedule, overrides, from) => {
        const span = { from, until: from + 30 * DAY_MS };
        const events = parseCalendar(icalOf(parts({ schedule, overrides, span })));
        const merged: { from: number; until: number; person: string }[] = [];
        for (const event of events) {
          const cut = {
            from: Math.max(event.from, span.from),
            until: Math.min(event.until, span.until),
          };
          const last = merged.at(-1);
          if (last?.person === event.person && last.until === cut.from) last.until = cut.until;
          else merged.push({ ...cut, person: event.person });
        }
        expect(merged).toEqual(shiftsOf(schedule, overrides, span, BERLIN));
        const ids = events.map(({ values }) => values.get("UID"));
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 60 },
    );
  });

  it("names an event alike, whole and byte for byte, from whatever day it is asked for", () => {
    fc.assert(
      fc.property(drawnSchedule, drawnOverrides, drawnInstant, (schedule, overrides, from) => {
        const ask = (begin: number) => {
          const span = { from: begin, until: from + 20 * DAY_MS };
          return parseCalendar(icalOf(parts({ schedule, overrides, span })));
        };
        const later = ask(from + 7 * DAY_MS);
        const earlier = ask(from).filter(({ until }) => until > from + 7 * DAY_MS);
        expect(earlier).toEqual(later);
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the name of a shift and raises its number when an override cuts it", () => {
    const eventAt = (overrides: Override[], time: string) =>
      parseCalendar(icalOf(parts({ overrides }))).find(({ from }) => from === at(time))?.values;
    const begins = "2026-10-26T07:00:00Z";
    const before = eventAt([], begins);
    const override: Override = {
      ...{ id: "o1", person: "cleo", createdAt: at("2026-10-20T00:00:00Z") },
      ...{ from: at("2026-10-30T00:00:00Z"), until: at("2026-10-31T00:00:00Z") },
    };
    const after = eventAt([override], begins);
    expect(before?.get("DTEND")).toBe("20261102T070000Z");
    expect(after?.get("DTEND")).toBe("20261030T000000Z");
    expect(after?.get("UID")).toBe(before?.get("UID"));
    expect([before?.get("SEQUENCE"), after?.get("SEQUENCE")]).toEqual(["0", "1"]);
    expect(after?.get("DTSTAMP")).toBe("20261020T000000Z");
    const ended = { ...override, endedAt: override.from, endedOn: override.createdAt + 1 };
    const back = eventAt([ended], begins);
    expect(back?.get("DTEND")).toBe("20261102T070000Z");
    expect(back?.get("SEQUENCE")).toBe("2");
    expect(eventAt([override], "2026-10-30T00:00:00Z")?.get("SUMMARY")).toContain("(Vertretung)");
  });

  it("holds one person's shifts where only those are asked for", () => {
    const events = parseCalendar(icalOf(parts({ person: "bert" })));
    expect(events.length).toBeGreaterThan(1);
    expect(new Set(events.map(({ person }) => person))).toEqual(new Set(["bert"]));
  });

  it.each([
    ["marks that mean something", "Müller; Leitung, IT\\Netz"],
    ["lines and control characters", "Müller\r\nATTENDEE:mailto:boese@example\u0000\u0085"],
    ["a name that has to be cut between characters", "Ünïcödé 🚒 ".repeat(9)],
  ])("carries %s in a name as text", (_title, name) => {
    const people = { ...PEOPLE, anna: { name }, bert: { name } };
    const text = icalOf(parts({ people }));
    const [first] = parseCalendar(text);
    const plain = name.replace(/\r\n/g, "\n").replace(/(?!\n)\p{Cc}/gu, "");
    expect(first?.person).toBe(plain);
    expect(text).not.toMatch(/^ATTENDEE/m);
  });
});
