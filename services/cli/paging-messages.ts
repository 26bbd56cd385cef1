// Texts of `heidewacht paging`, German and English. What the check finds is told by services/paging.
import type { PagingFaultSeverity } from "../paging/check/messages.ts";
import type { CliLanguage } from "./messages.ts";

const de = {
  paging: "Alarmierung: Einstellung prüfen, wer Dienst hat, Dienstplan als Kalender",
  check: "prüft Personen, Dienstpläne, Alarmketten und Kanäle; Exit-Code 1 bei einem Fehler",
  duty: "wer Dienst hat, bis wann, und wer danach",
  ical: "schreibt einen Dienstplan als Kalender (iCalendar)",
  tenantOption: "Mandant (ohne Angabe alle)",
  tenantNeeded: "Mandant (nötig, wenn mehrere diesen Dienstplan haben)",
  scheduleOption: "Dienstplan (ohne Angabe alle)",
  scheduleNeeded: "Dienstplan",
  atOption: "Zeitpunkt, z. B. 2026-12-24T18:00 (ohne Angabe jetzt)",
  personOption: "nur die Schichten dieser Person",
  daysOption: "so viele Tage ab heute (Vorgabe 180)",
  outOption: "Datei (ohne Angabe Standardausgabe)",
  jsonOption: "als JSON ausgeben",
  severities: {
    error: "Fehler",
    warning: "Warnung",
    info: "Hinweis",
  } satisfies Record<PagingFaultSeverity, string>,
  mend: "Abhilfe",
  noPaging: "Es ist keine Alarmierung eingerichtet (paging).",
  noSchedule: "Es gibt keinen Dienstplan.",
  good: "Alarmierung: in Ordnung",
  result: (errors: number, warnings: number) =>
    `${errors} Fehler, ${warnings} ${warnings === 1 ? "Warnung" : "Warnungen"}`,
  columns: {
    tenant: "Mandant",
    schedule: "Dienstplan",
    person: "Dienst hat",
    since: "seit",
    until: "bis",
    next: "danach",
  },
  nobody: "niemand",
  open: "offen",
  scheduleUnknown: (name: string) => `den Dienstplan ${name} gibt es nicht`,
  personUnknown: (name: string) => `die Person ${name} gibt es nicht`,
  tenantUnknown: (name: string) => `für den Mandanten ${name} ist keine Alarmierung eingerichtet`,
  ambiguous: (tenants: string) => `diesen Dienstplan haben mehrere Mandanten: ${tenants}`,
  ambiguousMend: "mit --tenant einen davon nennen",
  known: (names: string) => (names === "" ? "keiner ist eingerichtet" : `es gibt: ${names}`),
  timeUnfit: "kein Zeitpunkt",
  timeMend: "schreiben wie 2026-12-24T18:00 oder 2026-12-24T18:00+01:00",
  daysUnfit: (most: number) => `--days braucht eine ganze Zahl von 1 bis ${most}`,
  written: (file: string, events: number) => `${file}: ${events} Schichten`,
};

const en: typeof de = {
  paging: "paging: check the configuration, who is on duty, schedules as calendars",
  check: "checks people, schedules, policies and channels; exit code 1 on an error",
  duty: "who is on duty, until when, and who is next",
  ical: "writes a schedule as a calendar (iCalendar)",
  tenantOption: "tenant (without it all)",
  tenantNeeded: "tenant (needed where several have this schedule)",
  scheduleOption: "schedule (without it all)",
  scheduleNeeded: "schedule",
  atOption: "time, e.g. 2026-12-24T18:00 (without it now)",
  personOption: "this person's shifts only",
  daysOption: "so many days from today (default 180)",
  outOption: "file (without it standard output)",
  jsonOption: "print JSON",
  severities: { error: "error", warning: "warning", info: "note" },
  mend: "mend",
  noPaging: "No paging is set up (paging).",
  noSchedule: "There is no schedule.",
  good: "paging: good",
  result: (errors, warnings) =>
    `${errors} ${errors === 1 ? "error" : "errors"}, ${warnings} ${warnings === 1 ? "warning" : "warnings"}`,
  columns: {
    tenant: "tenant",
    schedule: "schedule",
    person: "on duty",
    since: "since",
    until: "until",
    next: "next",
  },
  nobody: "nobody",
  open: "open",
  scheduleUnknown: (name) => `there is no schedule ${name}`,
  personUnknown: (name) => `there is no person ${name}`,
  tenantUnknown: (name) => `no paging is set up for the tenant ${name}`,
  ambiguous: (tenants) => `several tenants have this schedule: ${tenants}`,
  ambiguousMend: "name one of them by --tenant",
  known: (names) => (names === "" ? "none is set up" : `there are: ${names}`),
  timeUnfit: "not a time",
  timeMend: "write it as 2026-12-24T18:00 or 2026-12-24T18:00+01:00",
  daysUnfit: (most) => `--days needs a whole number from 1 to ${most}`,
  written: (file, events) => `${file}: ${events} shifts`,
};

export type PagingCliMessages = typeof de;

/** By language. */
export const PAGING_CLI_MESSAGES: Readonly<Record<CliLanguage, PagingCliMessages>> = { de, en };
