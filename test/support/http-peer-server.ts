// A peer on a real socket of loopback that a test lets answer, hang, break off or vanish.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What becomes of a request in the place of an answer. */
export type Fault =
  | "hang"
  /** The connection is cut before the answer. */
  | "cut"
  /** … after the first bytes of it. */
  | "half"
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    };

export interface PeerRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface PeerServer {
  readonly url: string;
  readonly requests: readonly PeerRequest[];
  close(): Promise<void>;
}

/** @param answer gives a fault, or answers by itself and gives undefined */
export async function startPeer(
  answer: (request: PeerRequest, response: ServerResponse) => Fault | undefined,
  tls?: { readonly cert: Buffer; readonly key: Buffer },
): Promise<PeerServer> {
  const requests: PeerRequest[] = [];
  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await text(incoming).catch(() => "");
    const request = {
      ...{ method: incoming.method ?? "", headers: incoming.headers, body },
      url: new URL(incoming.url ?? "/", "http://peer.example"),
    };
    requests.push(request);
    const fault = answer(request, response);
    if (fault === undefined || fault === "hang") return;
    if (fault === "cut") response.destroy();
    else if (fault === "half") {
      response.writeHead(200, { "content-length": "1000" }).write("{");
      setTimeout(() => response.destroy(), 20);
    } else {
      response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
      response.end(JSON.stringify(fault.body ?? {}));
    }
  };
  const server = tls === undefined ? createServer(handle) : createTlsServer(tls, handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // It listens on a port.
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
