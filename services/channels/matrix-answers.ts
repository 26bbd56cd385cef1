// Answers from Matrix: a long poll that goes on where it stopped. A place is remembered only when every answer
// before it has been taken, and each answer that was taken beside it, so that a restart asks for none twice
// and misses none.
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ChannelAnswer } from "./channel.ts";
import { ChannelFault } from "./channel.ts";
import type { ChannelMemory } from "./channel-memory.ts";
import { type MatrixEvent, timelineSchema, writtenIn } from "./matrix-events.ts";
import { MatrixFault, type MatrixHttp } from "./matrix-http.ts";
import type { MatrixRooms } from "./matrix-rooms.ts";
import { PAGE_FIELD } from "./matrix-text.ts";

const POLL_MS = 30_000;
const EVENTS_PER_ROOM = 100;
/** Of what was said while nobody listened; a room in which more was said has no more of it read. */
const GAP_PAGES_MAX = 20;
const PAUSE_FIRST_MS = 1000;
const PAUSE_LONGEST_MS = 60_000;
const TAKEN_KEPT_MAX = 2000;

const EVENT_TYPES = ["m.room.message", "m.reaction"];
const FILTER = JSON.stringify({
  presence: { types: [] },
  account_data: { types: [] },
  room: {
    account_data: { types: [] },
    ephemeral: { types: [] },
    state: { types: [] },
    timeline: { types: EVENT_TYPES, limit: EVENTS_PER_ROOM },
  },
});

const syncSchema = z.object({
  next_batch: z.string().min(1).max(10_000),
  rooms: z.object({ join: z.record(z.string(), timelineSchema).default({}) }).default({ join: {} }),
});
const messagesSchema = z.object({
  chunk: z.array(z.unknown()),
  end: z.string().max(10_000).optional(),
});
const ownEventSchema = z.object({
  sender: z.string(),
  content: z.object({ [PAGE_FIELD]: z.string().max(300) }),
});
const memorySchema = z.object({ since: z.string(), taken: z.array(z.string()) });

export interface Listening {
  readonly http: MatrixHttp;
  readonly rooms: Pick<MatrixRooms, "self">;
  readonly memory: ChannelMemory;
  readonly timeoutMs: number;
  /** A rejection is no loss: the answer is given again. */
  readonly onAnswer: (answer: ChannelAnswer) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Listens until the signal aborts; a home server that is away is asked again.
 * @throws ChannelFault misconfigured
 */
export async function listenForAnswers(listening: Listening): Promise<void> {
  const { signal } = listening;
  let faults = 0;
  while (!signal.aborted) {
    try {
      await listenOnce(listening);
      faults = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ChannelFault && error.kind === "misconfigured") throw error;
      faults += 1;
      const asked = error instanceof ChannelFault ? error.retryAfterMs : undefined;
      const pauseMs = asked ?? Math.min(PAUSE_FIRST_MS * 2 ** (faults - 1), PAUSE_LONGEST_MS);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** One poll, and all answers that came with it. */
async function listenOnce(listening: Listening): Promise<void> {
  const { http, rooms, memory, timeoutMs, signal } = listening;
  const me = await rooms.self(signal);
  const place = await remembered(memory);
  const query = {
    filter: FILTER,
    // The first time only the place is of interest: what was said before is not for us.
    ...(place === undefined ? { timeout: "0" } : { timeout: String(POLL_MS), since: place.since }),
  };
  const request = { method: "GET", path: ["sync"], query, timeoutMs: POLL_MS + timeoutMs } as const;
  const { next_batch: next, rooms: changed } = await http.ask(request, syncSchema, signal);
  if (place === undefined) {
    await memory.write(JSON.stringify({ since: next, taken: [] }));
    return;
  }
  const taken = new Set(place.taken);
  for (const [room, { timeline }] of Object.entries(changed.join)) {
    const missed =
      timeline.limited && timeline.prev_batch !== undefined
        ? await gapOf(listening, room, { from: timeline.prev_batch, to: place.since })
        : [];
    for (const event of [...missed, ...timeline.events]) {
      if (event.sender === me || taken.has(event.event_id)) continue;
      const answer = await answerOf(listening, room, event, me);
      if (answer === undefined) continue;
      await listening.onAnswer(answer);
      taken.add(event.event_id);
      await memory.write(JSON.stringify({ since: place.since, taken: lastOf(taken) }));
    }
  }
  if (next !== place.since) {
    // Servers repeat an event at the border of two polls now and then.
    await memory.write(JSON.stringify({ since: next, taken: lastOf(taken) }));
  }
}

function lastOf(taken: ReadonlySet<string>): readonly string[] {
  return [...taken].slice(-TAKEN_KEPT_MAX);
}

async function remembered(
  memory: ChannelMemory,
): Promise<z.infer<typeof memorySchema> | undefined> {
  const text = await memory.read();
  if (text === undefined) return undefined;
  try {
    return memorySchema.parse(JSON.parse(text));
  } catch {
    // Damaged: it begins anew, as it did the first time.
    return undefined;
  }
}

/** What a poll left out because there was too much of it, oldest first. */
async function gapOf(
  { http, timeoutMs, signal }: Listening,
  room: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly MatrixEvent[]> {
  const pages: (readonly MatrixEvent[])[] = [];
  const filter = JSON.stringify({ types: EVENT_TYPES });
  const path = ["rooms", room, "messages"];
  let at = from;
  for (let page = 0; page < GAP_PAGES_MAX; page += 1) {
    const query = { dir: "b", from: at, to, limit: String(EVENTS_PER_ROOM), filter };
    const request = { method: "GET", path, query, timeoutMs } as const;
    const { chunk, end } = await http.ask(request, messagesSchema, signal);
    pages.push(timelineSchema.parse({ timeline: { events: chunk } }).timeline.events);
    if (end === undefined || end === at) break;
    at = end;
  }
  return pages.flat().reverse();
}

async function answerOf(
  listening: Listening,
  room: string,
  event: MatrixEvent,
  me: string,
): Promise<ChannelAnswer | undefined> {
  const written = writtenIn(event);
  if (written === undefined) return undefined;
  const { kind, code, answeredEvent } = written;
  const common = { kind, from: event.sender, at: event.origin_server_ts };
  if (code !== undefined) return { ...common, page: { code } };
  if (answeredEvent === undefined) return undefined;
  const id = await pageOf(listening, room, answeredEvent, me);
  return id === undefined ? undefined : { ...common, page: { id } };
}

/** The page that an event of ours told of; undefined for all other events. */
async function pageOf(
  { http, timeoutMs, signal }: Listening,
  room: string,
  eventId: string,
  me: string,
): Promise<string | undefined> {
  const path = ["rooms", room, "event", eventId];
  try {
    const request = { method: "GET", path, timeoutMs } as const;
    const event = ownEventSchema.safeParse(await http.ask(request, z.unknown(), signal));
    if (!event.success || event.data.sender !== me) return undefined;
    return event.data.content[PAGE_FIELD];
  } catch (error) {
    // Deleted, or never there for us.
    if (error instanceof MatrixFault && error.kind === "refused") return undefined;
    throw error;
  }
}
