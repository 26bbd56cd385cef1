// Tells a higher SOC's syslog server: over TLS (RFC 5425) or TCP (RFC 6587), counted in octets, or UDP. Syslog
// answers nothing, so each page has a connection of its own: who has read to its end and closes it has taken
// everything. By UDP nothing is ever proven; it is for servers that know no better.
import { createSocket } from "node:dgram";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import type { ChannelConfigOf } from "../../config/paging-channels.ts";
import packageJson from "../../package.json" with { type: "json" };
import type { Channel } from "./channel.ts";
import type { ChannelFiles } from "./channel-files.ts";
import { networkFault } from "./faults.ts";
import { DATAGRAM_BYTES_MAX, FRAME_BYTES_MAX, syslogFrame } from "./syslog-frame.ts";

/** A server that does not close behind us has taken what it did not complain about for so long. */
const CLOSE_WAIT_MS = 1000;
/** … and what came by UDP, where at most a missing listener on the same network is told. */
const DATAGRAM_WAIT_MS = 100;

type SyslogConfig = ChannelConfigOf<"syslog">;
/** Hands over all of a text within the signal's time; an empty text tries the connection alone. */
type Deliver = (text: string, signal: AbortSignal) => Promise<void>;

/** @throws AppError HW_CONFIG_INVALID for a file that can't be used */
export function openSyslog(config: SyslogConfig, files: ChannelFiles): Channel {
  const deliver = deliveryOf(config, files);
  const isDatagram = config.transport === "udp";
  const about = {
    format: config.format,
    host: hostname(),
    version: packageJson.version,
    bytesMax: isDatagram ? DATAGRAM_BYTES_MAX : FRAME_BYTES_MAX,
  };
  const bounded = async (text: string, signal: AbortSignal): Promise<void> => {
    const { timeoutMs } = config;
    const late = AbortSignal.timeout(timeoutMs);
    try {
      await deliver(text, AbortSignal.any([signal, late]));
    } catch (error) {
      throw networkFault(error, { signal, late, timeoutMs });
    }
  };
  return {
    kind: config.kind,
    async send(outgoing, signal) {
      const frame = syslogFrame(outgoing, about);
      await bounded(isDatagram ? frame : `${Buffer.byteLength(frame)} ${frame}`, signal);
      return { reference: undefined };
    },
    ...(isDatagram ? {} : { probe: (signal: AbortSignal) => bounded("", signal) }),
    async close() {
      // Each page closes its own connection.
    },
  };
}

function deliveryOf(config: SyslogConfig, files: ChannelFiles): Deliver {
  const { host, port } = config;
  if (config.transport === "udp") return (text, signal) => datagram(text, config, signal);
  if (config.transport === "tcp") {
    return (text, signal) => overStream(connectTcp({ host, port }), "connect", text, signal);
  }
  const ca = files.authorities(config.caFile);
  const certificate =
    config.certificateFile === undefined
      ? {}
      : { cert: files.text(config.certificateFile, "certificateFile") };
  const key = config.keyFile === undefined ? {} : { key: files.text(config.keyFile, "keyFile") };
  const options = {
    ...{ host, port, ...certificate, ...key },
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(isIP(host) === 0 ? { servername: host } : {}),
  };
  return (text, signal) => overStream(connectTls(options), "secureConnect", text, signal);
}

/** Resolves when the peer has closed in order what we have ended, or did not complain. */
async function overStream(
  socket: Socket,
  ready: "connect" | "secureConnect",
  text: string,
  signal: AbortSignal,
): Promise<void> {
  let closing: NodeJS.Timeout | undefined;
  const abort = () => socket.destroy();
  try {
    await new Promise<void>((resolve, reject) => {
      let isFlushed = false;
      socket.on("error", reject);
      // A refusal may come as an end before anything was written.
      socket.once("close", () => (isFlushed ? resolve() : reject(new Error("closed"))));
      signal.addEventListener("abort", abort, { once: true });
      if (signal.aborted) abort();
      socket.once(ready, () => {
        socket.end(text, () => {
          isFlushed = true;
          closing = setTimeout(resolve, CLOSE_WAIT_MS);
        });
      });
      // Nothing is expected; without a reader the end would not be seen.
      socket.resume();
    });
  } finally {
    clearTimeout(closing);
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

async function datagram(
  text: string,
  { host, port }: SyslogConfig,
  signal: AbortSignal,
): Promise<void> {
  const socket = createSocket({ type: isIP(host) === 6 ? "udp6" : "udp4", signal });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.once("close", () => reject(new Error("closed")));
      socket.connect(port, host, () => {
        socket.send(text, (error) => {
          if (error) reject(error);
          else sleep(DATAGRAM_WAIT_MS, undefined, { signal }).then(resolve, reject);
        });
      });
    });
  } finally {
    socket.removeAllListeners("close");
    if (!signal.aborted) socket.close();
  }
}
