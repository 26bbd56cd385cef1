// Pages in Matrix, by the client-server API. The page's id is the transaction id, so that the home server
// takes a repetition for what it is. Rooms should not be encrypted: answers in words could not be read there.
import { z } from "zod";
import type { ChannelConfigOf } from "../../config/paging-channels.ts";
import type { AnsweringChannel } from "./channel.ts";
import type { ChannelFiles } from "./channel-files.ts";
import { type ChannelMemory, volatileMemory } from "./channel-memory.ts";
import { listenForAnswers } from "./matrix-answers.ts";
import { MatrixFault, openMatrixHttp } from "./matrix-http.ts";
import { openMatrixRooms } from "./matrix-rooms.ts";
import { matrixMessage } from "./matrix-text.ts";

const sentSchema = z.object({ event_id: z.string().max(255) });

export interface MatrixOptions {
  /** How far answers were read; missing: only for as long as the process lives. */
  readonly memory?: ChannelMemory | undefined;
}

/** @throws AppError HW_CONFIG_INVALID for a file that can't be used */
export function openMatrix(
  config: ChannelConfigOf<"matrix">,
  files: ChannelFiles,
  { memory = volatileMemory() }: MatrixOptions = {},
): AnsweringChannel {
  const { homeserver, timeoutMs } = config;
  const token = files.secret(config.tokenFile, "tokenFile");
  const http = openMatrixHttp({
    ...{ homeserver, token },
    authorities: files.authorities(config.caFile),
  });
  const rooms = openMatrixRooms(http, timeoutMs);
  return {
    kind: config.kind,
    async send(outgoing, signal) {
      const attempt = async () => {
        const { room, user } = await rooms.placeOf(outgoing.to, signal);
        const body = matrixMessage(outgoing, user);
        const path = ["rooms", room, "send", "m.room.message", outgoing.id];
        const request = { method: "PUT", path, body, timeoutMs } as const;
        const { event_id: reference } = await http.ask(request, sentSchema, signal);
        return { reference };
      };
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof MatrixFault) || error.errcode !== "M_FORBIDDEN") throw error;
        // Thrown out of a room that we joined once: perhaps we are invited again.
        rooms.forget(outgoing.to);
        return attempt();
      }
    },
    async probe(signal) {
      const request = { method: "GET", path: ["account", "whoami"], timeoutMs } as const;
      await http.ask(request, z.object({ user_id: z.string() }), signal);
    },
    async listen(onAnswer, signal) {
      if (!config.answers) return;
      await listenForAnswers({ http, rooms, memory, timeoutMs, onAnswer, signal });
    },
    async close() {
      http.close();
    },
  };
}
