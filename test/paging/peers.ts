// The real peers that pages go to: a mail server, HTTP servers of a web hook, of ntfy and of a gateway for
// short messages, and a Matrix home server. Each takes pages, refuses them or hangs, as the test wants it.
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { type Fault, type PeerRequest, startPeer } from "../support/http-peer-server.ts";
import { MATRIX_SELF, MATRIX_TOKEN, startMatrixServer } from "../support/matrix-server.ts";
import type { PeerAddresses } from "./settings.ts";

export const CHANNELS = ["mail", "webhook", "ntfy", "sms", "matrix"] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** A page that a peer has taken. */
export interface Delivery {
  /** Idempotency key as the peer saw it. */
  readonly id: string;
  readonly channel: ChannelName;
  /** Address as the peer saw it. */
  readonly to: string;
  /** By the test's clock. */
  readonly at: number;
}

type PeerState = "well" | "failing" | "hanging";

export interface Peers {
  readonly addresses: PeerAddresses;
  readonly deliveries: readonly Delivery[];
  /** Requests that hang at this moment. */
  readonly hanging: number;
  set(channel: ChannelName, state: PeerState): void;
  close(): Promise<void>;
}

/** @param now the test's clock */
export async function startPeers(folder: string, now: () => number): Promise<Peers> {
  const states = new Map<ChannelName, PeerState>();
  const deliveries: Delivery[] = [];
  let hanging = 0;
  const take = (channel: ChannelName, id: string, to: string) =>
    deliveries.push({ id, channel, to, at: now() });
  const hang = (closed: (then: () => void) => void) => {
    hanging += 1;
    closed(() => {
      hanging -= 1;
    });
  };
  const http = async (
    channel: "webhook" | "ntfy" | "sms",
    read: (request: PeerRequest) => readonly [id: string, to: string],
  ) =>
    startPeer((request, response): Fault | undefined => {
      const state = states.get(channel) ?? "well";
      if (state === "failing") return { status: 503 };
      if (state === "hanging") {
        hang((then) => response.on("close", then));
        return "hang";
      }
      if (request.method === "POST") take(channel, ...read(request));
      return { status: 200, body: {} };
    });
  const webhook = await http("webhook", ({ headers, body }) => [
    String(headers["idempotency-key"]),
    textIn(body, "to"),
  ]);
  const ntfy = await http("ntfy", ({ headers, body }) => [
    String(headers["x-heidewacht-page"]),
    textIn(body, "topic"),
  ]);
  const sms = await http("sms", ({ body }) => [textIn(body, "id"), textIn(body, "to")]);
  const matrix = await startMatrixServer();
  matrix.fault = ({ url, method }) => {
    const state = states.get("matrix") ?? "well";
    if (state === "failing") return { status: 502, body: {} };
    if (state === "hanging") return "hang";
    const [, , , , kind, room = "", , , id = ""] = url.pathname.split("/").map(decodeURIComponent);
    const isSend = method === "PUT" && kind === "rooms" && url.pathname.includes("/send/");
    if (isSend && matrix.membership(room, MATRIX_SELF) === "join") take("matrix", id, room);
    return undefined;
  };
  const mail = await startMailServer(
    () => states.get("mail") ?? "well",
    (id, to) => take("mail", id, to),
    hang,
  );
  const matrixTokenFile = join(folder, "matrix.token");
  writeFileSync(matrixTokenFile, MATRIX_TOKEN);
  const portOf = ({ url }: { readonly url: string }) => Number(new URL(url).port);
  return {
    addresses: {
      smtpPort: mail.port,
      ports: {
        ...{ webhook: portOf(webhook), ntfy: portOf(ntfy) },
        ...{ sms: portOf(sms), matrix: portOf(matrix) },
      },
      rooms: { erste: matrix.addRoom(), zweite: matrix.addRoom() },
      matrixTokenFile,
    },
    deliveries,
    get hanging() {
      return hanging + (states.get("matrix") === "hanging" ? 1 : 0);
    },
    set: (channel, state) => states.set(channel, state),
    async close() {
      await Promise.all([webhook, ntfy, sms, matrix].map((one) => one.close()));
      await mail.close();
    },
  };
}

function textIn(body: string, field: string): string {
  const value: unknown = Reflect.get(JSON.parse(body), field);
  return typeof value === "string" ? value : "";
}

async function startMailServer(
  state: () => PeerState,
  take: (id: string, to: string) => void,
  hang: (closed: (then: () => void) => void) => void,
) {
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ["STARTTLS", "AUTH"], logger: false },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const now = state();
        if (now === "hanging") {
          hang((then) => setTimeout(then, 2500));
          return;
        }
        if (now === "failing") {
          done(Object.assign(new Error("try again later"), { responseCode: 451 }));
          return;
        }
        const text = Buffer.concat(parts).toString("utf8");
        const id = /^X-Heidewacht-Page: (\S+)/im.exec(text)?.[1] ?? "";
        take(id, session.envelope.rcptTo[0]?.address ?? "");
        done();
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo; // It listens on a port.
  return { port, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}
