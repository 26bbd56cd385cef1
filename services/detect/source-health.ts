// The health of one source as a value: what is counted and learned of it, and what that says at a time.
// Pure; services/detect/source-monitor.ts keeps the values of all sources and stores them.
import type { SourceCounts } from "../bus/source-counts-record.ts";
import { judgeLags, type LagJudgement, type LagSample, mergeLags, noLags } from "./lag-window.ts";
import {
  HOURS_A_WEEK,
  hourOfWeek,
  learnGap,
  noGaps,
  silenceThreshold,
  type UsualGaps,
} from "./usual-gaps.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Shares and lags are told over the running and the last whole window of this length. */
const WINDOW_MS = 10 * MINUTE_MS;
/** Formats, reasons and hosts that are told apart; the others count together as `other`. */
const NAMES_MAX = 16;
const HOSTS_MAX = 200;
const OTHER = "other";
const RATE_WEIGHT = 0.3;
const SHARE_WEIGHT = 0.1;
/** A share says nothing about fewer records. */
const SHARE_RECORDS_MIN = 50;
/** The share of parsed records has fallen when it lies so far below the usual one, and is back again … */
const SHARE_FALLEN = 0.2;
/** … when it lies no further below than this. */
const SHARE_BACK = 0.1;

/** What is stored of a source. No field is about a person. Times in ms UTC. */
export interface SourceHealth {
  readonly source: string;
  firstSeenAt: number;
  /** Receipt of the newest record. */
  lastSeenAt: number;
  /** Newest event time. */
  lastEventAt: number | null;
  records: number;
  failed: number;
  /** Format → parsed records. */
  readonly formats: Record<string, number>;
  /** Error code → records on the dead-letter. */
  readonly reasons: Record<string, number>;
  /** Hosts that the configuration names as critical → receipt of their newest record. */
  readonly hosts: Record<string, number>;
  readonly gaps: UsualGaps;
  /** Usual records per hour by hour of the week; -1: unknown. */
  readonly hourly: number[];
  /** Usual share of parsed records, 0 to 1. */
  usualShare: number;
  /** The silence that was told and is not over: its last record, and the time that the notice bears. */
  silence: { readonly lastSeenAt: number; readonly toldAt: number } | null;
  /** Time of the notice that the share has fallen; null while it is as usual. */
  shareFallenAt: number | null;
  /** Raw partition → what was counted of it last; by it a repetition is told. */
  counted?: Record<number, { readonly lastOffset: number; readonly appendedAt: number }>;
}

interface Window {
  startedAt: number;
  records: number;
  failed: number;
  lags: LagSample;
}

/** What is known of a source since the start of the process only. */
export interface RunningHealth {
  readonly health: SourceHealth;
  /** From when on pauses are the source's own; undefined right after a start. */
  gapFrom: number | undefined;
  hour: { start: number; records: number; isWhole: boolean };
  now: Window;
  before: Window;
  isChanged: boolean;
}

export function newHealth(source: string, seenAt: number): SourceHealth {
  return {
    source,
    firstSeenAt: seenAt,
    lastSeenAt: seenAt,
    lastEventAt: null,
    records: 0,
    failed: 0,
    formats: {},
    reasons: {},
    hosts: {},
    gaps: noGaps(),
    hourly: new Array<number>(HOURS_A_WEEK).fill(-1),
    usualShare: 1,
    silence: null,
    shareFallenAt: null,
    counted: {},
  };
}

/** Goes on with what was stored. */
export function resumeHealth(health: SourceHealth, now: number): RunningHealth {
  return {
    health,
    gapFrom: undefined,
    hour: { start: Math.floor(now / HOUR_MS) * HOUR_MS, records: 0, isWhole: false },
    now: newWindow(now),
    before: newWindow(now - WINDOW_MS),
    isChanged: false,
  };
}

function newWindow(startedAt: number): Window {
  return { startedAt, records: 0, failed: 0, lags: noLags() };
}

/**
 * What a process saw of the source. A stretch that was counted before is passed over.
 * @returns whether it was counted
 */
export function countSeen(running: RunningHealth, seen: SourceCounts): boolean {
  const { health } = running;
  if (!isNew(health, seen.stretch)) return false;
  running.isChanged = true;
  health.records += seen.records;
  health.failed += seen.failed;
  running.now.records += seen.records;
  running.now.failed += seen.failed;
  running.hour.records += seen.records;
  for (const at of seen.receivedAt) learnReceipt(running, at);
  for (const [name, records] of Object.entries(seen.formats))
    addName(health.formats, name, records);
  for (const [name, records] of Object.entries(seen.reasons))
    addName(health.reasons, name, records);
  for (const [host, at] of Object.entries(seen.hosts)) addHost(health.hosts, host, at);
  if (seen.lastEventAt !== null) {
    health.lastEventAt = Math.max(health.lastEventAt ?? seen.lastEventAt, seen.lastEventAt);
  }
  mergeLags(running.now.lags, seen.lags);
  return true;
}

// Both, because a topic that was made anew begins with offset 0 again.
function isNew(health: SourceHealth, stretch: SourceCounts["stretch"]): boolean {
  const { partition, lastOffset, appendedAt } = stretch;
  health.counted ??= {};
  const counted = health.counted[partition];
  if (counted && lastOffset <= counted.lastOffset && appendedAt <= counted.appendedAt) return false;
  health.counted[partition] = { lastOffset, appendedAt };
  return true;
}

function learnReceipt(running: RunningHealth, receivedAt: number): void {
  const { health } = running;
  // Replayed and repeated records are old: they say nothing about pauses.
  if (receivedAt <= health.lastSeenAt && running.gapFrom !== undefined) return;
  if (running.gapFrom !== undefined) {
    const age = receivedAt - health.firstSeenAt;
    learnGap(health.gaps, running.gapFrom, receivedAt, age, health.silence !== null);
  }
  running.gapFrom = Math.max(receivedAt, health.lastSeenAt);
  health.lastSeenAt = running.gapFrom;
}

/** Counts under a name, or under `other` where there are too many. */
export function addName(counts: Record<string, number>, name: string, records: number): void {
  const isRoom = Object.hasOwn(counts, name) || Object.keys(counts).length < NAMES_MAX;
  const key = isRoom && name !== "__proto__" ? name : OTHER;
  counts[key] = (counts[key] ?? 0) + records;
}

/** Notes a record of a host that is watched by name; further hosts are left out where there are too many. */
export function addHost(hosts: Record<string, number>, host: string, receivedAt: number): void {
  if (host === "__proto__") return;
  if (!Object.hasOwn(hosts, host) && Object.keys(hosts).length >= HOSTS_MAX) return;
  hosts[host] = Math.max(hosts[host] ?? 0, receivedAt);
}

/** Closes hours and windows that are over; to be called before anything is read. */
function passTime(running: RunningHealth, now: number): void {
  closeHours(running, now);
  const passed = now - running.now.startedAt;
  if (passed < WINDOW_MS) return;
  learnShare(running.health, running.now);
  running.before = passed < 2 * WINDOW_MS ? running.now : newWindow(now - WINDOW_MS);
  running.now = newWindow(now);
}

function closeHours(running: RunningHealth, now: number): void {
  const { hour, health } = running;
  let hours = 0;
  while (now >= hour.start + HOUR_MS && hours < HOURS_A_WEEK) {
    if (hour.isWhole) {
      const slot = hourOfWeek(hour.start);
      const usual = health.hourly[slot] ?? -1;
      health.hourly[slot] = usual < 0 ? hour.records : usual + RATE_WEIGHT * (hour.records - usual);
      running.isChanged = true;
    }
    Object.assign(hour, { start: hour.start + HOUR_MS, records: 0, isWhole: true });
    hours += 1;
  }
  if (now >= hour.start + HOUR_MS) hour.start = Math.floor(now / HOUR_MS) * HOUR_MS;
}

function learnShare(health: SourceHealth, window: Window): void {
  if (window.records < SHARE_RECORDS_MIN || health.shareFallenAt !== null) return;
  const share = shareOf([window]) ?? 1;
  if (share >= health.usualShare - SHARE_FALLEN) {
    health.usualShare += SHARE_WEIGHT * (share - health.usualShare);
  }
}

function shareOf(windows: readonly Window[]): number | undefined {
  const records = windows.reduce((sum, window) => sum + window.records, 0);
  const failed = windows.reduce((sum, window) => sum + window.failed, 0);
  return records === 0 ? undefined : (records - failed) / records;
}

/** What is known of a source at a time. */
export interface HealthReading {
  /** Parsed of received records of the last 10 to 20 minutes; undefined when none came. */
  readonly parseShare: number | undefined;
  readonly lags: LagJudgement | undefined;
  /** Records per second that are usual at this hour of the week; undefined: unknown. */
  readonly usualPerSecond: number | undefined;
  /** Pause from which on the source is silent; undefined while it is learned. */
  readonly silenceAfterMs: number | undefined;
}

/** @param configuredMs pause that the configuration names instead of the learned one */
export function readHealth(
  running: RunningHealth,
  now: number,
  configuredMs: number | undefined,
): HealthReading {
  const { health } = running;
  passTime(running, now);
  const windows = [running.before, running.now];
  const hourly = health.hourly[hourOfWeek(now)] ?? -1;
  return {
    parseShare: shareOf(windows),
    lags: judgeLags(windows.map((window) => window.lags)),
    usualPerSecond: hourly < 0 ? undefined : (hourly * 1000) / HOUR_MS,
    silenceAfterMs:
      configuredMs ?? silenceThreshold(health.gaps, health.firstSeenAt, health.lastSeenAt),
  };
}

/** Something that people should know of a source. `at` is the time of the fact, ms UTC. */
export interface SourceNotice {
  readonly action: "source.silent" | "source.resumed" | "dead_letter.flood" | "dead_letter.over";
  readonly source: string;
  readonly at: number;
  /** When the notice was told that this one ends. */
  readonly beganAt?: number;
  readonly facts: Readonly<Record<string, number>>;
}

/**
 * Notices that are due, each once: the state remembers what was told.
 * @param reachedAt everything received until then was counted; a backlog is no silence
 * @param watchedFrom start of the process: what was not listened to is no silence either
 */
export function dueNotices(
  running: RunningHealth,
  reachedAt: number,
  watchedFrom: number,
  configuredMs: number | undefined,
): SourceNotice[] {
  const { health } = running;
  const reading = readHealth(running, reachedAt, configuredMs);
  const notices = [
    silenceNotice(health, reading.silenceAfterMs, reachedAt, watchedFrom),
    shareNotice(running, reading.parseShare, reachedAt),
  ].filter((notice) => notice !== undefined);
  if (notices.length > 0) running.isChanged = true;
  return notices;
}

function silenceNotice(
  health: SourceHealth,
  afterMs: number | undefined,
  reachedAt: number,
  watchedFrom: number,
): SourceNotice | undefined {
  const { silence, source, lastSeenAt } = health;
  if (silence !== null) {
    if (lastSeenAt <= silence.lastSeenAt) return undefined;
    health.silence = null;
    // Begin and end of the gap: nothing else keeps them.
    const facts = {
      ...{ lastReceivedAt: silence.lastSeenAt, resumedAt: lastSeenAt },
      silentMinutes: Math.round((lastSeenAt - silence.lastSeenAt) / MINUTE_MS),
    };
    return { action: "source.resumed", source, at: lastSeenAt, beganAt: silence.toldAt, facts };
  }
  if (afterMs === undefined) return undefined;
  if (reachedAt < Math.max(lastSeenAt, watchedFrom) + afterMs) return undefined;
  // Does not depend on the start of the process: repeated after a crash, it is the same notice.
  const at = lastSeenAt + afterMs;
  health.silence = { lastSeenAt, toldAt: at };
  const facts = { lastReceivedAt: lastSeenAt, silentAfterMinutes: Math.round(afterMs / MINUTE_MS) };
  return { action: "source.silent", source, at, facts };
}

function shareNotice(
  { health, now, before }: RunningHealth,
  share: number | undefined,
  at: number,
): SourceNotice | undefined {
  if (share === undefined || now.records + before.records < SHARE_RECORDS_MIN) return undefined;
  const { source, shareFallenAt, usualShare } = health;
  const facts = { parseShare: rounded(share), usualShare: rounded(usualShare) };
  if (shareFallenAt === null) {
    if (share >= usualShare - SHARE_FALLEN) return undefined;
    health.shareFallenAt = at;
    return { action: "dead_letter.flood", source, at, facts };
  }
  if (share < usualShare - SHARE_BACK) return undefined;
  health.shareFallenAt = null;
  return { action: "dead_letter.over", source, at, beganAt: shareFallenAt, facts };
}

function rounded(share: number): number {
  return Math.round(share * 1000) / 1000;
}
