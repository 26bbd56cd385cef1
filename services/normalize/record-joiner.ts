// Puts together what a source writes in several records: the records of one audit event, the blocks of one
// script. Sits between the normaliser and the detectors; which records belong together, their format says
// (`JoinRule`). Open groups are kept in memory only: a group that is not complete at the end of a batch is
// given out as far as it is known, and once more when the rest has come. Signals are counted by what its
// records share, so that what was found already is found again and not twice.
import type { LogEvent, ParsedRecord } from "../../detectors/event.ts";
import type { Format, JoinRule } from "./format.ts";

/** An event with its format and its place in the batch. */
export interface JoinableEvent {
  readonly event: LogEvent;
  readonly format: Format;
  /** Of the (last) record that it was made from. */
  readonly index: number;
  /** Id to archive it under; left out: the event's own. A group given out again has one of its own. */
  readonly archiveId?: string;
}

/** One batch on its way through the joiner. */
interface JoinBatch {
  /** The event that goes on now: the given one, or the group that it completes; undefined: it waits. */
  add(part: JoinableEvent): JoinableEvent | undefined;
  /** What is not complete, as far as it is known, in order of the last records. */
  end(): JoinableEvent[];
}

export interface RecordJoiner {
  /** For those that can't hold a whole batch. */
  begin(): JoinBatch;
  /** The events of a batch, in order of their last records, those that belong together as one. */
  join(events: readonly JoinableEvent[]): JoinableEvent[];
  /** Open groups, for the metrics. */
  readonly groups: number;
}

export interface RecordJoinerOptions {
  /** Open groups of all sources together; beyond it the oldest is forgotten. */
  readonly groupsMax: number;
  readonly recordsPerGroupMax: number;
  /** Text of all open groups together, UTF-16 units. */
  readonly charactersMax: number;
  /** A group to which nothing came for so long is forgotten, by the time of receipt. */
  readonly idleMs: number;
}

export const JOINER_DEFAULTS: RecordJoinerOptions = {
  groupsMax: 20_000,
  recordsPerGroupMax: 200,
  charactersMax: 32 * 1024 * 1024,
  idleMs: 10 * 60_000,
};

interface Group {
  readonly rule: JoinRule;
  readonly parts: JoinableEvent[];
  characters: number;
  touchedAt: number;
  /** Parts that were given out at the end of an earlier batch. */
  given: number;
}

/** Makes the joiner that all events of a process go through. */
export function createRecordJoiner(options: RecordJoinerOptions = JOINER_DEFAULTS): RecordJoiner {
  // In the order in which they were touched last: the first is the one to forget.
  const open = new Map<string, Group>();
  let characters = 0;
  const forget = (key: string, group: Group): void => {
    open.delete(key);
    characters -= group.characters;
  };
  const makeRoom = (now: number): void => {
    for (const [key, group] of open) {
      const isOver = open.size > options.groupsMax || characters > options.charactersMax;
      if (!isOver && now - group.touchedAt <= options.idleMs) break;
      forget(key, group);
    }
  };
  const take = (key: string, rule: JoinRule, part: JoinableEvent): Group => {
    const known = open.get(key);
    const group = known ?? { rule, parts: [], characters: 0, touchedAt: 0, given: 0 };
    const size = part.event.text?.length ?? 0;
    group.parts.push(part);
    group.characters += size;
    group.touchedAt = part.event.ingestedAt;
    characters += size;
    open.delete(key);
    open.set(key, group);
    return group;
  };
  return {
    get groups() {
      return open.size;
    },
    begin() {
      const touched = new Map<string, { readonly own: string; readonly group: Group }>();
      let newest = 0;
      return {
        add(part) {
          const rule = part.format.join;
          const own = rule?.keyOf(part.event.record);
          if (rule === undefined || own === undefined) return part;
          newest = part.event.ingestedAt;
          const key = `${part.event.tenant}\n${part.event.source}\n${part.format.id}\n${own}`;
          const group = take(key, rule, part);
          const isFull = group.parts.length >= options.recordsPerGroupMax;
          if (!isFull && !rule.isComplete(group.parts.map(({ event }) => event.record))) {
            if (rule.parts === "kept") return part;
            touched.set(key, { own, group });
            return undefined;
          }
          touched.delete(key);
          forget(key, group);
          return joined(own, group);
        },
        end() {
          const rest = [...touched.values()].map(({ own, group }) => {
            const event = joined(own, group);
            group.given = group.parts.length;
            return event;
          });
          touched.clear();
          makeRoom(newest);
          return rest.sort((one, other) => one.index - other.index);
        },
      };
    },
    join(events) {
      const batch = this.begin();
      const out = events.flatMap((event) => batch.add(event) ?? []);
      return [...out, ...batch.end()].sort((one, other) => one.index - other.index);
    },
  };
}

// The group's event: of merged parts the first gives id and time, of kept ones the last stands for all.
function joined(own: string, { rule, parts, given }: Group): JoinableEvent {
  const first = parts[0];
  const last = parts.at(-1);
  const fresh = parts[given];
  if (first === undefined || last === undefined || fresh === undefined) {
    throw new RangeError("a group without new records");
  }
  if (rule.parts === "kept") {
    if (parts.length === 1) return last;
    return { ...last, event: { ...last.event, record: merged(rule, parts) } };
  }
  const event: LogEvent = {
    ...first.event,
    record: parts.length === 1 ? first.event.record : merged(rule, parts),
    text: parts.flatMap((part) => part.event.text ?? []).join("\n"),
    joined: {
      key: `${first.event.source}:${first.format.id}/${own}`,
      records: parts.map((part) => part.event.id),
    },
  };
  return { ...last, event, archiveId: fresh.event.id };
}

function merged(rule: JoinRule, parts: readonly JoinableEvent[]): ParsedRecord {
  return rule.merge(parts.map(({ event }) => event.record));
}
