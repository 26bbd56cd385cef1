// Where in Matrix a page goes: a room as it is, an alias resolved, a user in the direct room with us. Direct
// rooms are remembered where clients remember them, in our account's data at the home server.
import { z } from "zod";
import { ChannelFault } from "./channel.ts";
import { MatrixFault, type MatrixHttp } from "./matrix-http.ts";

const NOTHING = z.unknown();
const roomSchema = z.object({ room_id: z.string().startsWith("!").max(255) });
const directSchema = z.record(z.string(), z.array(z.string()).catch([]));
const memberSchema = z.object({ membership: z.string() });
const whoamiSchema = z.object({ user_id: z.string().startsWith("@").max(255) });
const ROOMS_KEPT_MAX = 1000;

export interface MatrixPlace {
  readonly room: string;
  /** Who is meant; undefined: the room. */
  readonly user: string | undefined;
}

export interface MatrixRooms {
  /**
   * The room of an address, joined.
   * @throws ChannelFault
   */
  placeOf(to: string | undefined, signal: AbortSignal): Promise<MatrixPlace>;
  /** Looks the address up anew next time: we were thrown out, or it leads elsewhere now. */
  forget(to: string | undefined): void;
  /**
   * Our own user.
   * @throws ChannelFault
   */
  self(signal: AbortSignal): Promise<string>;
}

export function openMatrixRooms(http: MatrixHttp, timeoutMs: number): MatrixRooms {
  const rooms = new Map<string, string>();
  /** One room for one user, also when two pages ask at once. */
  const making = new Map<string, Promise<string>>();
  let own: string | undefined;

  const self = async (signal: AbortSignal): Promise<string> => {
    const request = { method: "GET", path: ["account", "whoami"], timeoutMs } as const;
    own ??= (await http.ask(request, whoamiSchema, signal)).user_id;
    return own;
  };
  const join = async (roomOrAlias: string, signal: AbortSignal): Promise<string> => {
    const request = { method: "POST", path: ["join", roomOrAlias], body: {}, timeoutMs } as const;
    return (await http.ask(request, roomSchema, signal)).room_id;
  };
  const directRoom = (user: string, signal: AbortSignal): Promise<string> => {
    const running =
      making.get(user) ??
      self(signal)
        .then((me) => openDirectRoom({ http, timeoutMs, me, user, join, signal }))
        .finally(() => making.delete(user));
    making.set(user, running);
    return running;
  };
  return {
    self,
    async placeOf(to, signal) {
      const sigil = to?.[0];
      if (to === undefined || !/^[!#@][^\s\p{Cc}]{1,254}$/u.test(to)) {
        throw new ChannelFault("refused", "no Matrix address");
      }
      if (sigil === "@") {
        // Asked each time: who has left would never see the page.
        return { room: await directRoom(to, signal), user: to };
      }
      const known = rooms.get(to);
      if (known !== undefined) return { room: known, user: undefined };
      const room = await join(to, signal);
      if (rooms.size >= ROOMS_KEPT_MAX) rooms.clear();
      rooms.set(to, room);
      return { room, user: undefined };
    },
    forget(to) {
      if (to !== undefined) rooms.delete(to);
    },
  };
}

interface Direct {
  readonly http: MatrixHttp;
  readonly timeoutMs: number;
  readonly me: string;
  readonly user: string;
  readonly join: (room: string, signal: AbortSignal) => Promise<string>;
  readonly signal: AbortSignal;
}

async function openDirectRoom(direct: Direct): Promise<string> {
  const { http, timeoutMs, me, user, signal } = direct;
  const path = ["user", me, "account_data", "m.direct"];
  const known: Record<string, string[]> = await http
    .ask({ method: "GET", path, timeoutMs }, directSchema, signal)
    .catch((error: unknown) => {
      if (error instanceof MatrixFault && error.errcode === "M_NOT_FOUND") return {};
      throw error;
    });
  for (const room of (known[user] ?? []).toReversed()) {
    if (await isUsable(direct, room)) return room;
  }
  const body = { preset: "trusted_private_chat", is_direct: true, invite: [user] };
  const create = { method: "POST", path: ["createRoom"], body, timeoutMs } as const;
  const { room_id: room } = await http.ask(create, roomSchema, signal);
  const rooms = { ...known, [user]: [...(known[user] ?? []), room] };
  await http.ask({ method: "PUT", path, body: rooms, timeoutMs }, NOTHING, signal);
  return room;
}

/** We are in it, and the user is or is invited; who has left is invited again. */
async function isUsable(direct: Direct, room: string): Promise<boolean> {
  const { http, timeoutMs, user, join, signal } = direct;
  try {
    await join(room, signal);
    const path = ["rooms", room, "state", "m.room.member", user];
    const { membership } = await http.ask({ method: "GET", path, timeoutMs }, memberSchema, signal);
    if (membership === "join" || membership === "invite") return true;
    const invite = { method: "POST", path: ["rooms", room, "invite"], timeoutMs } as const;
    await http.ask({ ...invite, body: { user_id: user } }, NOTHING, signal);
    return true;
  } catch (error) {
    // Another room is made where this one is closed to us; where the server is away, nothing is.
    if (error instanceof MatrixFault && error.kind === "refused") return false;
    throw error;
  }
}
