// What the team does beside alarms and incidents: exceptions and silences that hold, are over or wait, names
// that are asked for, test pages, calls of a language model, and a source that was silent for a night.
import type { Random } from "../random.ts";
import { HOUR, MINUTE, SECOND } from "../world.ts";
import { drawAlarm } from "./alarm.ts";
import { ALARM_KINDS, type AlarmKind } from "./alarm-kinds.ts";
import { callSteps } from "./calls.ts";
import type { PastAlarm, PastStep } from "./past.ts";
import { drawEntities, drawPseudonym, type Team } from "./scenery.ts";
import { DAY, QUARTER_DAYS } from "./span.ts";
import { afterWork } from "./work-hours.ts";

export interface SideParts {
  readonly random: Random;
  readonly seed: string;
  readonly team: Team;
  readonly until: number;
  readonly everyday: readonly PastStep[];
  readonly told: readonly PastStep[];
}

export function sideSteps(parts: SideParts): PastStep[] {
  return [
    ...hidingSteps(parts),
    ...silenceSteps(parts),
    ...identitySteps(parts),
    ...testPages(parts),
    ...silentSource(parts),
    ...callSteps(parts),
  ];
}

interface ExceptionSketch {
  readonly key: string;
  readonly kind: AlarmKind;
  /** Days before today: made, agreed to by a second person, withdrawn. */
  readonly day: number;
  readonly agreed?: number;
  readonly withdrawn?: number;
  readonly days: number;
  readonly reason: string;
  /** Findings that it hides, about so many days apart. */
  readonly every?: number;
}

const EXCEPTIONS: readonly ExceptionSketch[] = [
  {
    ...{ key: "updater", kind: ALARM_KINDS.folder, day: 36, days: 180, every: 2.5 },
    reason: "Aktualisierung des Fachverfahrens startet von dort; mit dem Hersteller geklärt.",
  },
  {
    ...{ key: "scanner", kind: ALARM_KINDS.inside, day: 92, days: 60, every: 9 },
    reason: "Schwachstellenprüfung der IT, bis Ende des Auftrags.",
  },
  {
    ...{ key: "inventory", kind: ALARM_KINDS.guessing, day: 61, days: 90, withdrawn: 41, every: 4 },
    reason: "Inventarisierung meldet sich mit altem Kennwort an.",
  },
  {
    ...{ key: "transfer", kind: ALARM_KINDS.guessed, day: 74, days: 240, agreed: 73 },
    reason: "Übertragung zum Rechenzentrum: Kennwort wird beim ersten Versuch abgewiesen.",
  },
  {
    ...{ key: "waiting", kind: ALARM_KINDS.guessed, day: 23, days: 90 },
    reason: "Neue Sicherung meldet sich mehrfach an; Zustimmung steht aus.",
  },
];

/** Each exception is made from a false alarm on one machine, and hides what is raised there after it. */
function hidingSteps({ random, seed, team, until }: SideParts): PastStep[] {
  return EXCEPTIONS.flatMap(({ key, kind, day, agreed, withdrawn, days, reason, every }) => {
    const own = random.fork(`exception/${key}`);
    const by = own.pick(team.analysts);
    const entities = drawEntities(own, kind.place);
    const made = afterWork(until - day * DAY, own.int(600, 24_000) * SECOND);
    const at = (before: number) => Math.round(made - before * MINUTE);
    const origin = drawAlarm(own, seed, { kind, name: `exception/${key}`, at: at(90), entities });
    const { id: finding } = origin;
    const host = entities[0]?.value ?? "";
    const judgement = { verdict: "false_positive", reason: kind.reason } as const;
    const steps: PastStep[] = [
      { at: origin.raisedAt, by: "system", kind: "raise", alarm: origin },
      { at: at(40), by, kind: "acknowledge", finding },
      { at: at(12), by, kind: "judge", finding, judgement },
      { at: at(0), by, kind: "exception", key, finding, host, days, reason },
    ];
    // On a day off nobody is at work: what is done the day after may come to the same working day.
    const later = (back: number) => afterWork(Math.max(until - back * DAY, made), 3 * HOUR);
    if (agreed !== undefined) {
      steps.push({ at: later(agreed), by: team.second, kind: "exception_agreed", key });
    }
    if (withdrawn !== undefined) {
      steps.push({ at: later(withdrawn), by, kind: "exception_withdrawn", key });
    }
    const end = Math.min(made + days * DAY, until - (withdrawn ?? 5) * DAY);
    let next = made + HOUR;
    while (every !== undefined && next < end) {
      next += Math.round(random.exponential(every * DAY)) + HOUR;
      if (next >= end) break;
      const name = `exception/${key}/${next}`;
      const alarm = drawAlarm(own, seed, { kind, name, at: next, entities });
      // What is withdrawn hides nothing any more, and never did.
      const hidden = withdrawn === undefined ? { hiddenBy: key } : {};
      steps.push({
        at: alarm.raisedAt,
        by: "system",
        kind: "raise",
        alarm: { ...alarm, ...hidden },
      });
      if (withdrawn === undefined) continue;
      const done = afterWork(later(withdrawn), own.int(5, 50) * MINUTE);
      steps.push({ at: done, by, kind: "judge", finding: alarm.id, judgement });
    }
    return steps;
  });
}

const SILENCES = [
  { key: "patching", day: 81, hours: 9, reason: "Einspielen von Updates auf den Fachservern" },
  { key: "move", day: 25, hours: 50, reason: "Umzug der Druckserver" },
  { key: "test", day: 1, hours: 8 * 24, reason: "Test der neuen Softwareverteilung" },
] as const;

function silenceSteps({ random, team, until }: SideParts): PastStep[] {
  return SILENCES.map(({ key, day, hours, reason }): PastStep => {
    const own = random.fork(`silence/${key}`);
    const at = Math.round(until - day * DAY + own.int(8 * 3600, 15 * 3600) * SECOND);
    const host = drawEntities(own, "server")[0]?.value ?? "";
    const by = own.pick(team.analysts);
    return { at, by, kind: "silence", host, until: at + hours * HOUR, reason };
  });
}

const REQUESTS = [
  { incident: "phishing", after: 3, reason: "account_lock", state: "approved" },
  { incident: "wave", after: 6, reason: "notify_person", state: "approved" },
  { incident: "web-shell", after: 30, reason: "incident_response", state: "refused" },
  { incident: "device-code", after: 1, reason: "account_lock", state: "approved" },
  { incident: "mailbox", after: 2, reason: "notify_person", state: undefined },
] as const;

function identitySteps({ random, team, told }: SideParts): PastStep[] {
  return REQUESTS.flatMap(({ incident, after, reason, state }) => {
    const own = random.fork(`identity/${incident}`);
    const declared = told.find(
      (step) => step.kind === "incident" && step.incident === incident && step.act.do === "declare",
    );
    if (declared === undefined) return [];
    const at = Math.round(declared.at + after * HOUR);
    const request = { id: own.hex(32), reason, incident, pseudonym: drawPseudonym(own) };
    const asked: PastStep = { at, by: declared.by, kind: "identity", request };
    if (state === undefined) return [asked];
    const decidedAt = Math.round(afterWork(at, own.int(10, 70) * MINUTE));
    const decided = { request: request.id, state };
    return [asked, { at: decidedAt, by: team.second, kind: "identity_decided", ...decided }];
  });
}

/** On the first working days of months; in the bad one a channel failed. */
function testPages({ random, until }: SideParts): PastStep[] {
  const steps: PastStep[] = [];
  for (let back = QUARTER_DAYS + 31; back > 0; back -= 1) {
    const day = Temporal.Instant.fromEpochMilliseconds(until - back * DAY + 12 * HOUR)
      .toZonedDateTimeISO("Europe/Berlin")
      .toPlainDate();
    if (day.day !== 1) continue;
    const own = random.fork(`test/${day.toString()}`);
    const at = day.toZonedDateTime({
      timeZone: "Europe/Berlin",
      plainTime: "10:00",
    }).epochMilliseconds;
    const id = `schedule-${day.toString().slice(0, 7)}`;
    const isFailing = back < 62 && back > 30;
    const results = (["sms", "mail"] as const).map((channel, contact) => {
      const tookMs = own.int(1, 7) * SECOND;
      const failed = isFailing && channel === "mail";
      const person = "bereitschaft-1";
      const base = { id: `test-${id}-${person}-${channel}-${contact}`, person, channel, contact };
      return failed
        ? {
            ...base,
            state: "failed" as const,
            attempts: 3,
            at: at + 90 * SECOND,
            fault: "unreachable: Zeitüberschreitung",
          }
        : { ...base, state: "handed_over" as const, attempts: 1, at: at + tookMs, tookMs };
    });
    const target = { policy: "bereitschaft" };
    const page = { id, requestedAt: at, requestedBy: "schedule", target, state: "done" as const };
    const done = { ...page, results, nobody: [], doneAt: at + 92 * SECOND };
    steps.push({ at: at + 92 * SECOND, by: "system", kind: "test_page", page: done });
  }
  return steps;
}

/** The mail gateway sent nothing for a few hours of a night. */
function silentSource({ random, seed, team, until }: SideParts): PastStep[] {
  const kind = ALARM_KINDS.silent;
  const at = Math.round(until - 45 * DAY + 2.2 * HOUR);
  const entities = [{ type: "service", value: "mail" }] as const;
  const alarm: PastAlarm = drawAlarm(random, seed, { kind, name: "gap", at, entities });
  const by = random.pick(team.analysts);
  const begun = Math.round(afterWork(at, 12 * MINUTE));
  const finding = alarm.id;
  return [
    { at, by: "system", kind: "raise", alarm },
    {
      at: Math.round(at + 3.4 * HOUR),
      by: "system",
      kind: "source_resumed",
      source: "mail",
      finding,
      since: at - HOUR,
    },
    { at: begun, by, kind: "acknowledge", finding },
    {
      at: begun + 25 * MINUTE,
      by,
      kind: "judge",
      finding,
      judgement: { verdict: "benign_true_positive" },
    },
  ];
}
