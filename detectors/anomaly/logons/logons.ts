// The story of an account's logons: two places too far apart, guessing that ends in success, hours at which
// nobody of its kind works, an account that wakes up after weeks, one of a service that somebody sits at.
import type { Entity } from "../../detector.ts";
import { createStateWriter, readState } from "../../network/state.ts";
import type { Activity, LogonActivity, ProcessActivity } from "../activity.ts";
import type { Anomaly, AnomalyDetector } from "../anomaly.ts";
import { boundedText } from "../behaviour/bounded-text.ts";
import {
  createDayEvidence,
  DAY_MS,
  type DayOptions,
  type Evidence,
} from "../behaviour/day-evidence.ts";
import { berlinHour } from "../calendar.ts";
import { createDecayedCounts } from "../rarity/decayed-counts.ts";
import { createAccountBook, type Page } from "./account-book.ts";
import { createHourHabits } from "./hour-habits.ts";
import { distanceKm } from "./places.ts";
import { createRareCount } from "./rare-count.ts";
import { type Arrival, createSprayWatch } from "./spray-watch.ts";
import { createToday } from "./today.ts";

/** How the logon detector remembers and speaks. */
export interface LogonOptions extends DayOptions {
  /** Pairs of accounts and sources, and of accounts and countries, remembered at most. */
  readonly keysMax: number;
  /** Sources with failed logons that are watched at the same time. */
  readonly sourcesMax: number;
  /** An account that was silent for so long sleeps. */
  readonly dormantMs: number;
}

const LOGON_DEFAULTS: LogonOptions = {
  ...{ keysMax: 262_144, sourcesMax: 10_000, entitiesMax: 100_000, dormantMs: 14 * DAY_MS },
  ...{ tailMax: 1e-3, quietMs: 14 * DAY_MS, halfLifeMs: 30 * DAY_MS },
};

const STATE_VERSION = 3;
/** Faster than an airliner, kilometres an hour. */
const SPEED_MAX_KMH = 900;
/** Further odd hours of a day count less: they have one cause with the first. */
const NEXT_HOUR_SHARE = 0.3;
/** Who wakes where it was at home before has been on leave, more often than not. */
const HOME_SHARE = 0.5;
/** An account with so many logons, none by a person, belongs to a service. */
const SERVICE_LOGONS = 20;
const PERSONAL: ReadonlySet<string> = new Set(["interactive", "remote", "vpn", "rdp"]);

/** A detector of stories that logons tell. */
export function createLogons(given: Partial<LogonOptions> = {}): AnomalyDetector<Activity> {
  const options = { ...LOGON_DEFAULTS, ...given };
  const memory = createMemory(options);
  const { evidence, book, habits, spray, countries, today, rare } = memory;

  const judge = (activity: LogonActivity | ProcessActivity): readonly Anomaly[] => {
    const account = boundedText(activity.account ?? "");
    if (account === "") return [];
    const peers = boundedText(activity.peers ?? "");
    const { time } = activity;
    if (activity.kind === "logon" && !activity.succeeded) {
      const { from, source } = activity;
      if (from !== undefined) spray.failed(account, boundedText(from), time, source);
      return [];
    }
    const entity: Entity = { type: "account", value: account };
    evidence.touch(entity, time);
    if (!today.has(account)) for (const count of Object.values(rare)) count.chance();
    const found: (Evidence | undefined)[] = [...hoursOf(memory, account, peers, time)];
    const known = book.find(account);
    const arrival = activity.kind === "logon" ? arrivalAt(memory, activity, account) : undefined;
    found.push(wakingOf(memory, known, arrival, time));
    const page = known ?? book.open(account, activity.source, time);
    page.last = Math.max(page.last, time);
    if (activity.kind === "logon") {
      found.push(...guessesOf(memory, activity, arrival), serviceOf(memory, page, activity.method));
      const country = boundedText(activity.country ?? "");
      if (country !== "") found.push(travelOf(memory, page, country, time));
    }
    return found.flatMap((one) => (one === undefined ? [] : evidence.add(entity, one, activity)));
  };

  return {
    observe(activity) {
      if (activity.kind !== "logon" && activity.kind !== "process") return [];
      if (!Number.isFinite(activity.time)) return [];
      if (Number.isNaN(memory.began)) memory.began = activity.time;
      roll(memory, activity.time);
      return judge(activity);
    },
    advance(time) {
      if (Number.isFinite(time)) roll(memory, time);
      return [];
    },
    store() {
      const writer = createStateWriter(STATE_VERSION);
      writer.float(memory.began);
      for (const part of [evidence, book, habits, spray, countries, today]) part.write(writer);
      for (const count of Object.values(rare)) count.write(writer);
      return writer.pieces();
    },
    restore(pieces) {
      readState(pieces, STATE_VERSION, "logons", (reader) => {
        memory.began = reader.float();
        for (const part of [evidence, book, habits, spray, countries, today]) part.read(reader);
        for (const count of Object.values(rare)) count.read(reader);
      });
    },
    takeScores: () => memory.evidence.takeScores(),
    peekScores: () => memory.evidence.peekScores(),
    get keys() {
      return Math.max(evidence.keys, book.keys, habits.keys) + spray.keys + countries.keys;
    },
    get evicted() {
      return evidence.evicted + book.evicted + habits.evicted + spray.evicted + countries.evicted;
    },
  };
}

type Memory = ReturnType<typeof createMemory>;

function createMemory(options: LogonOptions) {
  const { keysMax, halfLifeMs, entitiesMax, sourcesMax } = options;
  return {
    options,
    /** Time of the first activity at all. */
    began: Number.NaN,
    evidence: createDayEvidence("logons", options),
    book: createAccountBook(entitiesMax),
    habits: createHourHabits(entitiesMax),
    spray: createSprayWatch(sourcesMax, keysMax, halfLifeMs),
    countries: createDecayedCounts({ keysMax: Math.ceil(keysMax / 4), halfLifeMs }),
    today: createToday(entitiesMax),
    rare: {
      ...{ spray: createRareCount(), foreign: createRareCount(), sleeper: createRareCount() },
      ...{ sleeperHome: createRareCount(), newcomer: createRareCount() },
      ...{ unknown: createRareCount(), travel: createRareCount(), service: createRareCount() },
    },
  };
}

function roll(memory: Memory, time: number): void {
  const { evidence, habits, today, rare, options } = memory;
  evidence.roll(time);
  if (!today.isOver(time)) return;
  for (const { account, peers, hours, isOff } of today.close(time))
    habits.learn(account, peers, hours, isOff);
  const factor = 2 ** (-DAY_MS / options.halfLifeMs);
  habits.fade(factor);
  for (const count of Object.values(rare)) count.fade(factor);
}

function hoursOf(
  memory: Memory,
  account: string,
  peers: string,
  time: number,
): readonly Evidence[] {
  const { habits, today } = memory;
  const isFirst = !today.has(account);
  const entry = today.of(account, peers, time);
  const found: Evidence[] = [];
  if (isFirst && entry.isOff) {
    const driver = { feature: "logons.day_off", seen: 1, expected: 0 };
    found.push(evidenceOf("day_off", habits.dayOffSurprise(account, peers), driver));
  }
  const hour = berlinHour(time);
  if (entry.hours.includes(hour)) return found;
  entry.hours.push(hour);
  const surprise = habits.hourSurprise(account, peers, hour);
  const top = Math.max(0, surprise - entry.most);
  entry.most = Math.max(entry.most, surprise);
  found.push(
    evidenceOf("odd_hour", NEXT_HOUR_SHARE * surprise + (1 - NEXT_HOUR_SHARE) * top, {
      ...{ feature: "logons.hour", seen: String(hour), expected: habits.usual(account, peers) },
    }),
  );
  return found;
}

/** What it means that the account comes from there. */
function arrivalAt(
  { spray }: Memory,
  { from, time }: LogonActivity,
  account: string,
): Arrival | undefined {
  return from === undefined || from === ""
    ? undefined
    : spray.succeeded(account, boundedText(from), time);
}

function wakingOf(
  memory: Memory,
  page: Page | undefined,
  arrival: Arrival | undefined,
  time: number,
): Evidence | undefined {
  const { rare, options, began } = memory;
  const slept = time - (page?.last ?? began);
  if (!(slept >= options.dormantMs)) return undefined;
  // A new colleague gets a new desk, one back from leave has the old one: each is as rare as it is here.
  const isHome = page !== undefined && arrival?.isHome === true;
  const asleep = isHome ? rare.sleeperHome : rare.sleeper;
  const unknown = arrival?.isNobodys === true ? rare.newcomer : rare.unknown;
  const rarity = (page === undefined ? unknown : asleep).surprise(1);
  const surprise = isHome ? HOME_SHARE * rarity : rarity;
  return evidenceOf("dormant", surprise, {
    ...{ feature: page === undefined ? "logons.unknown_for_days" : "logons.silent_days" },
    ...{ seen: Math.floor(slept / DAY_MS), expected: 0, limit: options.dormantMs / DAY_MS },
  });
}

function travelOf(memory: Memory, page: Page, country: string, time: number): Evidence | undefined {
  const { countries, rare } = memory;
  const { place, placeTime } = page;
  page.place = country;
  page.placeTime = time;
  const pair = countries.add(`${country}\u0000`, time);
  countries.add("", time);
  if (place === "" || place === country) return undefined;
  const hours = Math.max(1 / 60, (time - placeTime) / 3_600_000);
  const speed = distanceKm(place, country) / hours;
  if (!(speed > SPEED_MAX_KMH)) return undefined;
  const had = Math.min(pair.before, countries.get(`${place}\u0000`, time));
  const rarity = -Math.log(Math.min(1, (had + 0.5) / (countries.get("", time) + 1)));
  return evidenceOf("impossible_travel", rare.travel.surprise(1) + rarity, {
    ...{ feature: "logons.speed_kmh", seen: Math.round(speed), limit: SPEED_MAX_KMH },
    expected: 0,
  });
}

function guessesOf(
  { rare }: Memory,
  { from }: LogonActivity,
  arrival: Arrival | undefined,
): readonly Evidence[] {
  if (arrival === undefined) return [];
  const source = boundedText(from ?? "");
  const { failed, isForeign } = arrival;
  const found: Evidence[] = [];
  if (failed > 0) {
    const driver = { feature: "logons.failed_others", seen: failed, expected: 0 };
    found.push(evidenceOf("spray_then_success", rare.spray.surprise(failed), driver));
  }
  if (isForeign) {
    const driver = { feature: "logons.foreign_source", seen: source, expected: undefined };
    found.push(evidenceOf("foreign_source", rare.foreign.surprise(1), driver));
  }
  return found;
}

function serviceOf(memory: Memory, page: Page, method: string | undefined): Evidence | undefined {
  const { rare } = memory;
  if (method === undefined) return undefined;
  const isPersonal = PERSONAL.has(method);
  const isNew = isPersonal && page.personal === 0 && page.all >= SERVICE_LOGONS;
  page.all += 1;
  if (isPersonal) page.personal += 1;
  if (!isNew) return undefined;
  const surprise = rare.service.surprise(1) + Math.log(page.all / SERVICE_LOGONS);
  const driver = { feature: "logons.method", seen: method, expected: undefined };
  return evidenceOf("service_interactive", surprise, driver);
}

function evidenceOf(
  kind: string,
  surprise: number,
  driver: Omit<Evidence["driver"], "against">,
): Evidence {
  return { kind, surprise, driver: { ...driver, against: "own" } };
}
