// Listens on TCP, plain or with TLS, for syslog, RELP, GELF and Lumberjack: takes connections within the
// limits, knows whose they are, and ends them so that nothing is lost which a sender was told is taken.
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import {
  createServer as createTlsServer,
  type TLSSocket,
  type Server as TlsServer,
} from "node:tls";
import type { Logger } from "pino";
import type { RelpConfig, TlsConfig } from "../../config/network-inputs.ts";
import { type ByteBudget, createByteBudget } from "./byte-budget.ts";
import { createAdmission } from "./connection-admission.ts";
import type { IngestMetrics } from "./metrics.ts";
import { namesOfCertificate } from "./peer-certificate.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createSenderReport, type ReportSender } from "./sender-report.ts";
import { createSenderTable, type Peer } from "./sender-table.ts";
import { createConnection, type StreamConnection } from "./stream-connection.ts";
import { openTlsFiles } from "./tls-files.ts";

/** What speaks with the senders. */
export interface StreamProtocol {
  /** As logs name it. */
  readonly name: string;
  /** Senders have to begin with a frame: it must come within `handshakeMs`. */
  readonly greets: boolean;
  /** See ConnectionParts. */
  readonly atStop: "drain" | "leave";
  /** Whether senders read what we write. */
  readonly isAnswered: boolean;
  /** Resolves when the connection can be closed. */
  serve(connection: StreamConnection): Promise<void>;
}

export interface StreamListenerParts {
  /** Of RELP, which has nothing but what all listeners have. */
  readonly config: RelpConfig;
  readonly protocol: StreamProtocol;
  readonly metrics: IngestMetrics;
  readonly logger: Logger;
  /** Makes a path of the configuration absolute. */
  readonly resolvePath: (path: string) => string;
}

/** A running listener, of streams or of datagrams. */
export interface Listener {
  /** The port that was really taken. */
  readonly port: number;
  /** Takes no more senders, tells the present ones to stop, cuts them off after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

const KEEP_ALIVE_MS = 60_000;
/** A closed connection whose other end stays open is cut off after so long. */
const LINGER_MS = 2000;

/**
 * Starts listening.
 * @throws AppError HW_CONFIG_INVALID when a certificate file is at fault; the system's own error when the
 *   port is taken
 */
export async function openStreamListener(parts: StreamListenerParts): Promise<Listener> {
  const { config, metrics, logger, protocol } = parts;
  const stopping = new AbortController();
  const sockets = new Set<Socket>();
  const served = new Set<Promise<void>>();
  const warn = createSenderReport(protocol.name, parts);
  const serve = createServing(parts, stopping.signal, warn);
  const take = (socket: Socket, peer: Peer): void => {
    const done = serve(socket, peer).finally(() => served.delete(done));
    served.add(done);
  };
  const tls = config.tls === undefined ? undefined : openTls(parts, warn, take);
  const admit = createAdmission(config.connectionsPerSenderMax);
  const server = createServer({
    allowHalfOpen: true,
    // Answers are small and senders wait for them.
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
  server.on("connection", (socket) => {
    // Told where the socket is read; without a listener a late fault would end the process.
    socket.on("error", () => socket.destroy());
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    const address = socket.remoteAddress ?? "";
    if (!admit(socket)) {
      warn("connections-per-sender", "it has too many connections", address);
      socket.destroy();
    } else if (tls === undefined) take(socket, { address });
    else tls.server.emit("connection", socket);
  });
  server.maxConnections = config.connectionsMax;
  server.on("drop", () => metrics.rejected.inc({ reason: "connections" }));
  server.listen(config.port, config.host);
  try {
    await once(server, "listening");
  } catch (error) {
    tls?.stop();
    throw error;
  }
  server.on("error", (error) => logger.error({ err: error }, "a stream listener has a fault"));
  return {
    port: portOf(server, config.port),
    async stop(graceMs) {
      const closed = once(server, "close");
      server.close();
      tls?.stop();
      stopping.abort();
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await Promise.all([closed, ...served]);
      clearTimeout(timer);
    },
  };
}

function portOf(server: Server, configured: number): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : configured;
}

function createServing(
  { config, protocol, logger }: StreamListenerParts,
  stopping: AbortSignal,
  warn: ReportSender,
): (socket: Socket, peer: Peer) => Promise<void> {
  const senderOf = createSenderTable(config);
  const rate = createRateLimit(config.recordsPerSecondMax);
  const partials: ByteBudget = createByteBudget(config.queueBytesMax);
  return async (socket, peer) => {
    const { address } = peer;
    const sender = senderOf(peer);
    if (sender === undefined) {
      warn("sender", "nothing in the configuration names it", address);
      socket.destroy();
      return;
    }
    const { greets, atStop } = protocol;
    const { source } = sender.binding;
    const connection = createConnection({
      ...{ socket, sender, limits: config, greets, atStop, partials, rate, stopping },
      rateKey: address,
      onRefused: (reason, message) => warn(reason, message, address, source),
    });
    try {
      await protocol.serve(connection);
    } catch (error) {
      logger.error({ err: error, source }, `a ${protocol.name} connection broke`);
      socket.destroy();
    }
    await hangUp(socket);
  };
}

// What was written shall be read by the sender: closing at once with bytes unread would be a reset, which
// takes the last answers with it.
async function hangUp(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  const closed = once(socket, "close").catch(() => undefined);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.removeAllListeners("readable");
  socket.resume();
  socket.end();
  await closed;
  clearTimeout(timer);
}

// With TLS 1.3 we send session tickets after the handshake, which Node can't leave out. A sender that never
// reads (rsyslog's gtls) closes with them unread: its system then resets the connection and throws away
// what it had not sent yet. TLS 1.2 sends nothing behind the handshake.
function newestFor(
  { isAnswered }: StreamProtocol,
  { minVersion }: TlsConfig,
): TlsConfig["minVersion"] {
  return isAnswered || minVersion === "TLSv1.3" ? "TLSv1.3" : "TLSv1.2";
}

interface TlsSide {
  /** Never listens itself: it is handed the connections that were admitted. */
  readonly server: TlsServer;
  stop(): void;
}

function openTls(
  { config, protocol, logger, resolvePath }: StreamListenerParts,
  warn: ReportSender,
  take: (socket: TLSSocket, peer: Peer) => void,
): TlsSide | undefined {
  if (config.tls === undefined) return undefined;
  const tls = {
    ...config.tls,
    maxVersion: config.tls.maxVersion ?? newestFor(protocol, config.tls),
  };
  const files = openTlsFiles(tls, resolvePath);
  const server = createTlsServer({
    ...files.load(),
    handshakeTimeout: config.handshakeMs,
    requestCert: tls.clientCertificates !== "off",
    // Looked at below, where it can be said what is wrong with it.
    rejectUnauthorized: false,
  });
  server.on("tlsClientError", (error, socket) => {
    const isSlow = "code" in error && error.code === "ERR_TLS_HANDSHAKE_TIMEOUT";
    warn(isSlow ? "slow" : "tls", handshakeFault(error), socket.remoteAddress ?? "");
    socket.destroy();
  });
  server.on("secureConnection", (socket) => {
    socket.on("error", () => socket.destroy());
    const address = socket.remoteAddress ?? "";
    const certificate =
      tls.clientCertificates === "off" ? undefined : socket.getPeerX509Certificate();
    const isMissing = certificate === undefined && tls.clientCertificates === "required";
    if (isMissing || (certificate !== undefined && !socket.authorized)) {
      const why = isMissing ? "it showed none" : String(socket.authorizationError);
      warn(
        "certificate",
        `its certificate is not accepted (${why}); clientCaFile names who has to sign it`,
        address,
      );
      socket.destroy();
    } else take(socket, { address, names: certificate && namesOfCertificate(certificate) });
  });
  const timer = setInterval(() => {
    if (!files.haveChanged()) return;
    try {
      server.setSecureContext(files.load());
      logger.info({ file: tls.certificateFile }, "the TLS certificate was read anew");
    } catch (error) {
      logger.error({ err: error }, "the new TLS certificate is at fault; the old one stays in use");
    }
  }, tls.reloadMs);
  timer.unref();
  return { server, stop: () => clearInterval(timer) };
}

// OpenSSL's message holds addresses of memory and lines of its source; its reason says what people need.
function handshakeFault(error: Error): string {
  const reason =
    "reason" in error && typeof error.reason === "string" ? error.reason : error.message;
  return `no TLS handshake: ${reason.trim()}`;
}
