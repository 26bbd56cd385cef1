// What one entity did on one day, measured while it happens, in bounded memory however much it is.
import { hashOf } from "../../correlation/key-hash.ts";
import { ENTITY_TYPES, type Entity } from "../../detector.ts";
import { EVENTS_MAX, type EventReference } from "../../keyed.ts";
import type { StateReader, StateWriter } from "../../network/state.ts";
import type { Activity } from "../activity.ts";
import { boundedText } from "../behaviour/bounded-text.ts";
import { readEvents, readNumbers, writeEvents, writeNumbers } from "../behaviour/evidence-state.ts";
import { berlinHour, isDayOff } from "../calendar.ts";
import type { DecayedCounts } from "../rarity/decayed-counts.ts";
import { columnOf, MEASURES, type Measure } from "./measures.ts";

/** A day of an entity. */
export interface DayWindow {
  readonly entity: Entity;
  peers: string;
  source: string;
  /** One number for each measure. */
  readonly amounts: Float64Array<ArrayBuffer>;
  /** Activities by hour of the day in Germany. */
  readonly hours: Float64Array<ArrayBuffer>;
  /** Hashes of the values that were seen. */
  readonly marks: Set<number>;
  /** What is new to an entity that is known for long is news. */
  readonly isEstablished: boolean;
  /** It did something itself: logons that fail may be somebody else's. */
  isActive: boolean;
  events: EventReference[];
}

/** Different values of one day that are told apart; more of them do not make it more unusual. */
const VALUES_MAX = 1024;
/** One activity counts at most so much. */
const AMOUNT_MAX = 1e15;
const NIGHT_ENDS = 5;
const NIGHT_BEGINS = 22;
/** A program is rare where no more entities than these have had it. */
const RARE_ENTITIES = 2;

export function emptyWindow(entity: Entity, isEstablished: boolean): DayWindow {
  return {
    ...{
      entity,
      peers: "",
      source: "",
      isEstablished,
      isActive: false,
      events: [],
      marks: new Set(),
    },
    ...{ amounts: new Float64Array(MEASURES.length), hours: new Float64Array(24) },
  };
}

/** Adds an activity to the day of an entity that takes part in it. */
export function addToWindow(
  window: DayWindow,
  activity: Activity,
  peers: string,
  counts: DecayedCounts,
): void {
  const { amounts, hours, entity } = window;
  const before = window.marks.size;
  const add = (measure: Measure, amount = 1) => {
    const column = columnOf(measure);
    if (amount > 0)
      amounts[column] = Math.min(AMOUNT_MAX, (amounts[column] ?? 0) + Math.min(AMOUNT_MAX, amount));
  };
  /** Counts a value once a day, and whether the entity has it for the first time. */
  const value = (measure: Measure, given: string | undefined, news?: Measure) => {
    if (given === undefined || given === "") return;
    const text = boundedText(given);
    const mark = hashOf(text, columnOf(measure) + 11);
    if (window.marks.size >= VALUES_MAX || window.marks.has(mark)) return;
    window.marks.add(mark);
    add(measure);
    if (news === undefined) return;
    const { type } = entity;
    const pair = counts.add(`${type}\u0000${entity.value}\u0000${measure}=${text}`, activity.time);
    const all = `${type}\u0000${measure}=${text}`;
    if (pair.first === undefined) {
      counts.add(all, activity.time);
      if (window.isEstablished) add(news);
    }
    if (measure === "distinct_programs" && counts.get(all, activity.time) <= RARE_ENTITIES)
      add("rare_programs");
  };
  const hour = berlinHour(activity.time);
  hours[hour] = (hours[hour] ?? 0) + 1;
  if (hour < NIGHT_ENDS || hour >= NIGHT_BEGINS) add("night");
  measure(activity, entity, add, value);
  window.isActive ||= activity.kind !== "logon" || activity.succeeded;
  window.peers = peers;
  window.source = activity.source;
  if (window.marks.size > before || window.events.length < 2)
    window.events = withEvent(window.events, activity);
}

function measure(
  activity: Activity,
  entity: Entity,
  add: (measure: Measure, amount?: number) => void,
  value: (measure: Measure, text: string | undefined, news?: Measure) => void,
): void {
  switch (activity.kind) {
    case "logon":
      if (!activity.succeeded) {
        add("failed_logons");
        break;
      }
      add("logons");
      value("logon_sources", activity.from, "new_sources");
      value("methods", activity.method, "new_methods");
      value("countries", activity.country, "new_countries");
      if (entity.type === "account") value("logon_hosts", activity.host, "new_hosts");
      else value("accounts", activity.account, "new_accounts");
      break;
    case "process":
      add("programs");
      value("distinct_programs", activity.process, "new_programs");
      break;
    case "flow":
      add("connections");
      add("bytes_out", activity.bytesOut);
      add("bytes_in", activity.bytesIn);
      if (activity.allowed === false) add("refused");
      value("destinations", `${activity.to}:${activity.port}`);
      break;
    case "dns":
      value("names", activity.name);
      break;
    case "web":
      add("requests");
      break;
    case "deed":
      if (activity.deed === "mail") add("mails");
      else if (activity.deed === "service" || activity.deed === "task") add("installed");
      else add("file_changes");
      break;
  }
}

/** The measures of the whole day, with those that only its end knows. */
export function finalAmounts({ amounts, hours }: DayWindow, day: number): Float64Array {
  const whole = Float64Array.from(amounts);
  const set = (measure: Measure, amount: number) => {
    whole[columnOf(measure)] = amount;
  };
  const active = [...hours.keys()].filter((hour) => (hours[hour] ?? 0) > 0);
  set("active_hours", active.length);
  set("first_hour", active[0] ?? 0);
  set("last_hour", active.at(-1) ?? 0);
  set("busiest_hour", Math.max(...hours));
  set("day_off", isDayOff(day + 12 * 3_600_000) ? 1 : 0);
  return whole;
}

export function writeWindow(writer: StateWriter, window: DayWindow): void {
  writer.byte(ENTITY_TYPES.indexOf(window.entity.type));
  for (const text of [window.entity.value, window.peers, window.source]) writer.text(text);
  writer.byte(window.isEstablished ? 1 : 0);
  writer.byte(window.isActive ? 1 : 0);
  writeNumbers(writer, window.amounts);
  writeNumbers(writer, window.hours);
  writer.count(window.marks.size);
  for (const mark of window.marks) writer.count(mark);
  writeEvents(writer, window.events);
}

export function readWindow(reader: StateReader): DayWindow {
  const type = ENTITY_TYPES[reader.byte()];
  if (type === undefined) throw new RangeError("an entity of another type");
  const [value, peers, source] = [reader.text(), reader.text(), reader.text()];
  const isEstablished = reader.byte() === 1;
  const isActive = reader.byte() === 1;
  const [amounts, hours] = [readNumbers(reader), readNumbers(reader)];
  if (amounts.length !== MEASURES.length || hours.length !== 24)
    throw new RangeError("a day of another length");
  const marks = new Set<number>();
  for (let left = reader.count(); left > 0; left -= 1) marks.add(reader.count());
  const days = { peers, source, isEstablished, isActive };
  return { entity: { type, value }, ...days, amounts, hours, marks, events: readEvents(reader) };
}

/** The first and the newest stay. */
function withEvent(events: readonly EventReference[], { id, time }: Activity): EventReference[] {
  if (events.at(-1)?.id === id) return [...events];
  const kept =
    events.length < EVENTS_MAX ? events : events.filter((_, at) => at !== EVENTS_MAX / 2);
  return [...kept, { id, time, rule: 0 }];
}
