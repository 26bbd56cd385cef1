// A Matrix home server as far as we use one: accounts by token, rooms with members, transactions that are taken
// once, sync with long polls and gaps, account data. It keeps to the client-server API v3.
import type { ServerResponse } from "node:http";
import { type Fault, type PeerRequest, type PeerServer, startPeer } from "./http-peer-server.ts";

export interface MatrixRoomEvent {
  readonly event_id: string;
  readonly room_id: string;
  readonly type: string;
  readonly sender: string;
  readonly origin_server_ts: number;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface MatrixServer {
  readonly url: string;
  readonly requests: PeerServer["requests"];
  /** All that was said, in order. */
  readonly events: readonly MatrixRoomEvent[];
  /** Makes a room that our account may join, and gives its id. */
  addRoom(alias?: string): string;
  /** Somebody says something; gives the event's id. */
  say(room: string, sender: string, content: object, type?: string): string;
  react(room: string, sender: string, eventId: string, key: string): string;
  /** Takes a member out; a banned one can't come back. */
  remove(room: string, user: string, membership: "leave" | "ban"): void;
  membership(room: string, user: string): string | undefined;
  /** Asked before each request. */
  fault: (request: PeerRequest) => Fault | undefined;
  close(): Promise<void>;
}

interface Room {
  readonly members: Map<string, string>;
  readonly isPublic: boolean;
}

export const MATRIX_TOKEN = "syt_heidewacht_token";
export const MATRIX_SELF = "@heidewacht:kreis.example";

interface World {
  readonly rooms: Map<string, Room>;
  readonly aliases: Map<string, string>;
  readonly events: MatrixRoomEvent[];
  readonly transactions: Map<string, string>;
  readonly accountData: Map<string, unknown>;
  readonly waiting: Set<() => void>;
}

export async function startMatrixServer(tls?: {
  readonly cert: Buffer;
  readonly key: Buffer;
}): Promise<MatrixServer> {
  const world: World = {
    ...{ rooms: new Map(), aliases: new Map(), events: [], transactions: new Map() },
    ...{ accountData: new Map(), waiting: new Set() },
  };
  const peer = await startPeer((request, response) => {
    const fault = server.fault(request);
    return fault ?? answer(world, request, response);
  }, tls);
  const server: MatrixServer = {
    ...{ url: peer.url, requests: peer.requests, events: world.events },
    addRoom(alias) {
      const id = `!room${world.rooms.size}:kreis.example`;
      world.rooms.set(id, { members: new Map(), isPublic: true });
      if (alias !== undefined) world.aliases.set(alias, id);
      return id;
    },
    say: (room, sender, content, type = "m.room.message") =>
      append(world, room, sender, { ...content }, type),
    react: (room, sender, eventId, key) =>
      append(
        world,
        room,
        sender,
        { "m.relates_to": { rel_type: "m.annotation", event_id: eventId, key } },
        "m.reaction",
      ),
    remove(room, user, membership) {
      world.rooms.get(room)?.members.set(user, membership);
    },
    membership: (room, user) => world.rooms.get(room)?.members.get(user),
    fault: () => undefined,
    async close() {
      for (const wake of world.waiting) wake();
      await peer.close();
    },
  };
  return server;
}

function append(
  world: World,
  room: string,
  sender: string,
  content: Record<string, unknown>,
  type: string,
): string {
  const id = `$event${world.events.length}`;
  const event = { event_id: id, room_id: room, type, sender, content };
  world.events.push({ ...event, origin_server_ts: Date.now() });
  for (const wake of world.waiting) wake();
  return id;
}

const fail = (status: number, errcode: string): Fault => ({
  status,
  body: { errcode, error: `${errcode} for somebody at 192.0.2.7` },
});

function answer(world: World, request: PeerRequest, response: ServerResponse): Fault | undefined {
  if (request.headers.authorization !== `Bearer ${MATRIX_TOKEN}`) {
    return fail(401, "M_UNKNOWN_TOKEN");
  }
  const parts = request.url.pathname.split("/").slice(1).map(decodeURIComponent);
  if (parts.slice(0, 3).join("/") !== "_matrix/client/v3") return fail(404, "M_UNRECOGNIZED");
  const path = parts.slice(3);
  if (path[0] === "sync") return sync(world, request, response);
  if (path[0] === "rooms") return inRoom(world, request, path[1] ?? "", path.slice(2));
  return account(world, request, path);
}

function account(world: World, { method, body }: PeerRequest, path: readonly string[]): Fault {
  const key = path.join("/");
  if (key === "account/whoami") return { status: 200, body: { user_id: MATRIX_SELF } };
  if (key === "createRoom") {
    const { invite } = JSON.parse(body) as { invite: string[] }; // Our own client's request.
    const id = `!direct${world.rooms.size}:kreis.example`;
    const members = new Map([
      [MATRIX_SELF, "join"],
      ...invite.map((one) => [one, "invite"] as const),
    ]);
    world.rooms.set(id, { members, isPublic: false });
    return { status: 200, body: { room_id: id } };
  }
  if (path[0] === "join") {
    const id = world.aliases.get(path[1] ?? "") ?? path[1] ?? "";
    const room = world.rooms.get(id);
    if (room === undefined) return fail(404, "M_NOT_FOUND");
    const membership = room.members.get(MATRIX_SELF);
    if (membership === "ban" || (!room.isPublic && membership === "leave")) {
      return fail(403, "M_FORBIDDEN");
    }
    room.members.set(MATRIX_SELF, "join");
    return { status: 200, body: { room_id: id } };
  }
  if (path[0] === "user" && path[2] === "account_data") {
    if (method === "PUT") world.accountData.set(key, JSON.parse(body));
    const kept = world.accountData.get(key);
    return kept === undefined ? fail(404, "M_NOT_FOUND") : { status: 200, body: kept };
  }
  return fail(404, "M_UNRECOGNIZED");
}

function inRoom(
  world: World,
  { url, body }: PeerRequest,
  id: string,
  path: readonly string[],
): Fault {
  const room = world.rooms.get(id);
  if (room?.members.get(MATRIX_SELF) !== "join") return fail(403, "M_FORBIDDEN");
  if (path[0] === "send") {
    const transaction = `${id} ${path[2]}`;
    const known = world.transactions.get(transaction);
    if (known !== undefined) return { status: 200, body: { event_id: known } };
    if (body.length > 65_000) return fail(413, "M_TOO_LARGE");
    // Our own client's request.
    const content = JSON.parse(body) as Record<string, unknown>;
    const event = append(world, id, MATRIX_SELF, content, path[1] ?? "");
    world.transactions.set(transaction, event);
    return { status: 200, body: { event_id: event } };
  }
  if (path[0] === "event") {
    const event = world.events.find((one) => one.event_id === path[1] && one.room_id === id);
    return event === undefined ? fail(404, "M_NOT_FOUND") : { status: 200, body: event };
  }
  if (path[0] === "state") {
    const membership = room.members.get(path[2] ?? "");
    return membership === undefined
      ? fail(404, "M_NOT_FOUND")
      : { status: 200, body: { membership } };
  }
  if (path[0] === "invite") {
    const { user_id: user } = JSON.parse(body) as { user_id: string }; // Our own client's request.
    if (room.members.get(user) === "ban") return fail(403, "M_FORBIDDEN");
    room.members.set(user, "invite");
    return { status: 200 };
  }
  if (path[0] === "messages") return messages(world, url, id);
  return fail(404, "M_UNRECOGNIZED");
}

/** Places are counts of events, `s12`. */
const placeOf = (token: string | null) => Number((token ?? "s0").slice(1));

function messages(world: World, url: URL, room: string): Fault {
  const to = placeOf(url.searchParams.get("to"));
  const from = placeOf(url.searchParams.get("from"));
  const limit = Number(url.searchParams.get("limit"));
  const places = world.events.flatMap((event, at) =>
    at >= to && at < from && event.room_id === room ? [at] : [],
  );
  const taken = places.slice(-limit).reverse();
  const chunk = taken.map((at) => world.events[at]);
  const isMore = places.length > limit;
  return { status: 200, body: { chunk, ...(isMore ? { end: `s${taken.at(-1)}` } : {}) } };
}

function sync(world: World, { url }: PeerRequest, response: ServerResponse): Fault | undefined {
  const since = url.searchParams.get("since");
  const body = () => syncBody(world, since, url.searchParams.get("filter"));
  const timeoutMs = Number(url.searchParams.get("timeout") ?? "0");
  if (timeoutMs === 0 || placeOf(since) < world.events.length) return { status: 200, body: body() };
  const end = () => {
    clearTimeout(timer);
    world.waiting.delete(end);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body()));
  };
  const timer = setTimeout(end, timeoutMs);
  world.waiting.add(end);
  response.on("close", () => {
    clearTimeout(timer);
    world.waiting.delete(end);
  });
  return undefined;
}

function syncBody(world: World, since: string | null, filter: string | null): object {
  const parsed = JSON.parse(filter ?? "{}") as { room?: { timeline?: { limit?: number } } }; // Ours.
  const limit = parsed.room?.timeline?.limit ?? 10;
  const from = placeOf(since);
  const join: Record<string, unknown> = {};
  for (const [id, { members }] of world.rooms) {
    if (members.get(MATRIX_SELF) !== "join") continue;
    const places = world.events.flatMap((event, at) =>
      at >= from && event.room_id === id ? [at] : [],
    );
    if (places.length === 0) continue;
    const shown = places.slice(-limit);
    join[id] = {
      timeline: {
        events: shown.map((at) => world.events[at]),
        limited: shown.length < places.length,
        prev_batch: `s${shown[0]}`,
      },
    };
  }
  return { next_batch: `s${world.events.length}`, rooms: { join } };
}
