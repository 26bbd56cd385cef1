// Why something about duty and paging is refused, German and English.
import type { OverrideFault } from "../paging/duty/overrides.ts";

const overrides: Readonly<Record<OverrideFault, string>> = {
  schedule_unknown: "Diesen Dienstplan gibt es nicht.",
  person_unknown: "Diese Person ist nicht für die Alarmierung eingetragen.",
  ends_before_it_begins: "Das Ende liegt vor dem Anfang.",
  too_long: "Eine Vertretung dauert höchstens 62 Tage.",
  over_already: "Das Ende liegt in der Vergangenheit.",
  too_far_ahead: "Eine Vertretung beginnt spätestens in 400 Tagen.",
  reason_missing: "Ein Grund fehlt.",
};

const de = {
  overrides,
  overrideOver: "Die Vertretung ist schon beendet.",
  scheduleUnknown: overrides.schedule_unknown,
  calendarsFull: "Mehr Kalender-Abos hat ein Konto nicht. Bitte zuerst eines widerrufen.",
  targetUnknown: "Diese Person, diesen Kanal oder diesen Ablauf gibt es in der Alarmierung nicht.",
  notPaged: "Zu diesem Befund wurde niemand gerufen.",
  nothingAwaited: "Auf diesen Alarm wird keine Antwort mehr erwartet.",
  testRunning: "Es läuft schon ein Testalarm. Bitte sein Ergebnis abwarten.",
};

/** The shape that every language fills. */
export type OnCallMessages = typeof de;

const en: OnCallMessages = {
  overrides: {
    schedule_unknown: "There is no such schedule.",
    person_unknown: "This person is not configured for paging.",
    ends_before_it_begins: "The end is before the beginning.",
    too_long: "An override lasts at most 62 days.",
    over_already: "The end is in the past.",
    too_far_ahead: "An override begins at most 400 days from now.",
    reason_missing: "A reason is missing.",
  },
  overrideOver: "The override has ended already.",
  scheduleUnknown: "There is no such schedule.",
  calendarsFull: "An account can't have more calendar subscriptions. Please revoke one first.",
  targetUnknown: "There is no such person, channel or policy in paging.",
  notPaged: "Nobody was paged about this finding.",
  nothingAwaited: "No answer to this page is awaited any more.",
  testRunning: "A test page is on its way already. Please wait for its result.",
};

export const ON_CALL_MESSAGES: Readonly<Record<"de" | "en", OnCallMessages>> = { de, en };
