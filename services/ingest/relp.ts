// The RELP input (rsyslog's omrelp and others that use librelp): each record is acknowledged when it is
// durable on the bus and not before, so that a sender repeats what a broken connection or a restart left
// open. Records come at least once.
import type { RelpConfig } from "../../config/network-inputs.ts";
import {
  type NetworkInput,
  type NetworkInputParts,
  publishDurably,
  started,
  textOfFrame,
} from "./network-input.ts";
import { createRelpFramer, type RelpFrame } from "./relp-framing.ts";
import type { StreamConnection } from "./stream-connection.ts";
import { openStreamListener } from "./stream-listener.ts";
import { toFrame } from "./syslog-framing.ts";

const OFFERS = "200 OK\nrelp_version=0\nrelp_software=heidewacht\ncommands=syslog";
/** Told by the server without having been asked. */
const SERVER_CLOSE = "0 serverclose 0\n";

/**
 * Starts one listener.
 * @throws AppError HW_PLACE_TAKEN, HW_CONFIG_INVALID
 */
export async function openRelpInput(
  config: RelpConfig,
  parts: NetworkInputParts,
): Promise<NetworkInput> {
  const listener = await started(
    config,
    "relp",
    openStreamListener({
      config,
      protocol: {
        name: "relp",
        greets: true,
        atStop: "leave",
        isAnswered: true,
        serve: (connection) => serve(connection, config, parts),
      },
      ...parts,
    }),
  );
  return { port: listener.port, close: (graceMs) => listener.stop(graceMs) };
}

async function serve(
  connection: StreamConnection,
  config: RelpConfig,
  parts: NetworkInputParts,
): Promise<void> {
  const framer = createRelpFramer(config.frameBytesMax);
  const session = createSession(connection, config, parts);
  for await (const chunk of connection.chunks(framer)) {
    const frames = framer.push(chunk);
    if (!(await session.take(frames))) return;
    if (framer.fault !== undefined) {
      connection.refuse("framing", framer.fault.message);
      return;
    }
    await connection.pace(frames.length);
  }
  if (connection.stopping.aborted) await connection.write(SERVER_CLOSE);
}

interface Session {
  /** Answers the frames in their order; false when the connection is to be closed. */
  take(frames: readonly RelpFrame[]): Promise<boolean>;
}

function createSession(
  connection: StreamConnection,
  config: RelpConfig,
  parts: NetworkInputParts,
): Session {
  let isOpen = false;
  const answerOf = (frame: RelpFrame): string => {
    const { transaction, command } = frame;
    if (command === "open" && !isOpen) {
      isOpen = true;
      return response(transaction, OFFERS);
    }
    if (command === "close") return `${transaction} rsp 0\n${SERVER_CLOSE}`;
    const why = isOpen ? "command not known" : "open has to come first";
    return response(transaction, `500 ${why}`);
  };
  return {
    async take(frames) {
      let texts: string[] = [];
      let answers = "";
      const flush = async (): Promise<boolean> => {
        const { busyRetryMs } = config;
        if (!(await publishDurably(texts, "relp", connection, parts, busyRetryMs))) return false;
        await connection.write(answers);
        texts = [];
        answers = "";
        return true;
      };
      for (const frame of frames) {
        if (frame.command === "syslog" && isOpen) {
          // rsyslog's templates leave a line feed at the end.
          const text = textOfFrame(toFrame(frame.data.bytes, frame.data.cut), parts.metrics);
          if (text !== "") texts.push(text);
          answers += response(frame.transaction, "200 OK");
          continue;
        }
        const wasOpen = isOpen;
        answers += answerOf(frame);
        if (frame.command === "open" && !wasOpen) continue;
        if (frame.command !== "close") parts.metrics.rejected.inc({ reason: "command" });
        await flush();
        return false;
      }
      return flush();
    },
  };
}

function response(transaction: number, data: string): string {
  return `${transaction} rsp ${Buffer.byteLength(data)} ${data}\n`;
}
