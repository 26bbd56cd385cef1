// Time limits for reports to authorities, counted from the moment in which an incident was identified: a
// function of the incident, the tenant's profile and the time. Whether a report is due at all is for people
// to decide; they write down that it was sent or is not required.
import type { LegalClock } from "../../config/legal-clocks.ts";
import type { Incident, Notification } from "../store/incident.ts";

const HOUR_MS = 3_600_000;

/**
 * Hours from becoming aware. GDPR Art. 33 (1): 72 h; Directive (EU) 2022/2555 (NIS 2) Art. 23 (4) a: 24 h,
 * b: 72 h. § 26 NDIG names no number of hours: the administration sets one, or has none.
 */
const HOURS: Readonly<Partial<Record<LegalClock, number>>> = {
  gdpr_art33: 72,
  nis2_early_warning: 24,
  nis2_notification: 72,
};

/** Percent of the span after which a warning is given. */
const WARN_PERCENTS = [50, 80, 100] as const;

/** What applies to a tenant. */
export interface ClockProfile {
  readonly clocks: readonly LegalClock[];
  /** For § 26 NDIG; undefined: without undue delay, no countdown. */
  readonly ndigHours: number | undefined;
  /** IANA zone in which months are counted. */
  readonly timeZone: string;
}

/** `waiting`: its beginning is not there yet. */
export const CLOCK_STATES = ["waiting", "running", "warn50", "warn80", "overdue", "done"] as const;
type ClockState = (typeof CLOCK_STATES)[number];

export interface ClockReading {
  readonly clock: LegalClock;
  readonly state: ClockState;
  /** ms UTC. */
  readonly startedAt?: number;
  /** Missing where no number of hours is set. */
  readonly dueAt?: number;
  /** Negative once overdue. */
  readonly remainingMs?: number;
  /** Of the span, whole percent, rounded down. */
  readonly percent?: number;
  /** What a human wrote down. */
  readonly notification?: Notification;
}

/** All clocks of an incident, in the order of the profile. */
export function readClocks(incident: Incident, profile: ClockProfile, now: number): ClockReading[] {
  return isReportable(incident)
    ? profile.clocks.map((clock) => readClock(incident, profile, clock, now))
    : [];
}

/** Warnings that are due and were not given yet. */
export function dueWarnings(
  incident: Incident,
  profile: ClockProfile,
  now: number,
): NonNullable<Incident["clockWarnings"]> {
  const given = new Set(incident.clockWarnings?.map(({ clock, percent }) => `${clock} ${percent}`));
  return readClocks(incident, profile, now).flatMap(({ clock, state, percent }) =>
    state === "done" || percent === undefined
      ? []
      : WARN_PERCENTS.filter((one) => percent >= one && !given.has(`${clock} ${one}`)).map(
          (one) => ({ clock, percent: one, at: now }),
        ),
  );
}

/** Exercises and what turned out to be no attack are reported to nobody; merged ones where they are now. */
function isReportable({ verdict, exercise, mergedInto, splitInto }: Incident): boolean {
  const isAttack = verdict === "true_positive" || verdict === "undetermined";
  return isAttack && !exercise && mergedInto === undefined && splitInto.length === 0;
}

function readClock(
  incident: Incident,
  profile: ClockProfile,
  clock: LegalClock,
  now: number,
): ClockReading {
  const notification = incident.notifications?.findLast((one) => one.clock === clock);
  const startedAt = startOf(incident, clock);
  const dueAt = startedAt === undefined ? undefined : dueOf(startedAt, clock, profile);
  const span = {
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(dueAt === undefined ? {} : { dueAt }),
  };
  if (notification !== undefined) return { clock, state: "done", ...span, notification };
  if (startedAt === undefined) return { clock, state: "waiting" };
  if (dueAt === undefined) return { clock, state: "running", ...span };
  const percent = Math.floor((100 * (now - startedAt)) / (dueAt - startedAt));
  return { clock, state: stateOf(percent), ...span, remainingMs: dueAt - now, percent };
}

/** The final report's month begins with the notification that was sent. */
function startOf(incident: Incident, clock: LegalClock): number | undefined {
  if (clock !== "nis2_final_report") return incident.identifiedAt;
  return incident.notifications?.find(
    (one) => one.clock === "nis2_notification" && one.outcome === "sent",
  )?.sentAt;
}

/**
 * NIS 2 Art. 23 (4) d: one month after the notification. The same day and time of the next month in the
 * tenant's zone, its last day where there is no such day; that is never later than Regulation (EEC,
 * Euratom) 1182/71 Art. 3 allows.
 */
function dueOf(startedAt: number, clock: LegalClock, profile: ClockProfile): number | undefined {
  if (clock === "nis2_final_report") {
    const start = Temporal.Instant.fromEpochMilliseconds(startedAt);
    return start.toZonedDateTimeISO(profile.timeZone).add({ months: 1 }).epochMilliseconds;
  }
  const hours = clock === "ndig_26" ? profile.ndigHours : HOURS[clock];
  return hours === undefined ? undefined : startedAt + hours * HOUR_MS;
}

function stateOf(percent: number): ClockState {
  if (percent >= 100) return "overdue";
  if (percent >= 80) return "warn80";
  return percent >= 50 ? "warn50" : "running";
}
