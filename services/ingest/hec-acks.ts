// Acknowledgement ids of the HTTP Event Collector. A request is answered when it is durable, so every id
// that was given is acknowledged; all that is kept is how many a channel got. After a restart ids are
// unknown: then the sender repeats.
import { parseOutsideJson } from "../normalize/json-nesting.ts";
import { isRecord } from "../normalize/json-text.ts";

export interface AckBook {
  /** The next id of a channel, from 0. */
  next(channel: string): number;
  /** How many ids the channel was given. */
  known(channel: string): number;
  /** The ids that a question names; undefined when it is none. */
  read(text: string): readonly number[] | undefined;
}

/** Above it the channel that was used longest ago is forgotten. */
const CHANNELS_MAX = 10_000;
const IDS_MAX = 100_000;

export function createAckBook(): AckBook {
  const given = new Map<string, number>();
  return {
    next(channel) {
      const id = given.get(channel) ?? 0;
      given.delete(channel);
      given.set(channel, id + 1);
      if (given.size > CHANNELS_MAX) {
        const [oldest] = given.keys();
        if (oldest !== undefined) given.delete(oldest);
      }
      return id;
    },
    known: (channel) => given.get(channel) ?? 0,
    read(text) {
      try {
        const question: unknown = parseOutsideJson(text);
        if (!isRecord(question) || !Array.isArray(question.acks)) return undefined;
        const ids = question.acks.slice(0, IDS_MAX);
        return ids.every((id) => Number.isSafeInteger(id) && id >= 0) ? ids : undefined;
      } catch {
        // No JSON is no question.
        return undefined;
      }
    },
  };
}
