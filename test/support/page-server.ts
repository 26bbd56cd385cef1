// A server that takes pages over HTTP or HTTPS on loopback, keeps what it was sent, and behaves as it is told.
import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { tlsFile } from "./shippers.ts";

interface TakenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface PageServer {
  /** Without a path. */
  readonly url: string;
  readonly requests: readonly TakenRequest[];
  /** What it does from now on. */
  behave(answer: (response: ServerResponse, request: TakenRequest) => void): void;
  close(): Promise<void>;
}

export async function startPageServer({ isSecure = false } = {}): Promise<PageServer> {
  const requests: TakenRequest[] = [];
  let answer = (response: ServerResponse, _request: TakenRequest): void => {
    response.end("{}");
  };
  const server = isSecure
    ? createSecureServer({
        cert: readFileSync(tlsFile("server.pem")),
        key: readFileSync(tlsFile("server.key")),
      })
    : createServer();
  server.on("request", (request, response: ServerResponse) => {
    const { method = "", url = "", headers } = request;
    text(request).then(
      (body) => {
        const taken = { method, path: url, headers, body };
        requests.push(taken);
        answer(response, taken);
      },
      () => response.destroy(),
    );
  });
  // Senders that break off or do not trust are part of the tests.
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `${isSecure ? "https" : "http"}://127.0.0.1:${port}`,
    requests,
    behave(next) {
      answer = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
