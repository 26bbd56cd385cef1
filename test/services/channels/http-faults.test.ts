// What all channels over HTTP have in common when their peer does not do as it should.
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import type { Channel } from "../../../services/channels/channel.ts";
import { exampleOutgoing } from "../../support/hostile-pages.ts";
import type { PageServer } from "../../support/page-server.ts";
import { tlsFile } from "../../support/shippers.ts";
import { faultOf, openConfigured, SECRET, startServer } from "./fixture.ts";

interface Kind {
  readonly kind: string;
  readonly to: string | undefined;
  readonly open: (url: string, more?: Readonly<Record<string, unknown>>) => Channel;
}

const KINDS: readonly Kind[] = [
  {
    kind: "webhook",
    to: undefined,
    open: (url, more) =>
      openConfigured(
        { kind: "webhook", url: `${url}/seite`, secretFile: "secret", ...more },
        { secret: SECRET },
      ),
  },
  {
    kind: "teams",
    to: undefined,
    open: (url, more) =>
      openConfigured(
        { kind: "teams", urlFile: "url", ...more },
        { url: `${url}/workflows/${SECRET}?sig=${SECRET}\n` },
      ),
  },
  {
    kind: "mattermost",
    to: "soc-bereitschaft",
    open: (url, more) =>
      openConfigured(
        { kind: "mattermost", urlFile: "url", ...more },
        { url: `${url}/hooks/${SECRET}` },
      ),
  },
  {
    kind: "ntfy",
    to: "soc-kanal-3f",
    open: (url, more) =>
      openConfigured({ kind: "ntfy", url, tokenFile: "token", ...more }, { token: SECRET }),
  },
];

const portOf = ({ url }: PageServer) => new URL(url).port;

describe.each(KINDS)("the channel $kind", ({ open, to }) => {
  const outgoing = exampleOutgoing({ to });

  it("resolves when its peer has taken the page", async () => {
    const server = await startServer();
    await open(server.url).send(outgoing, new AbortController().signal);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [500, "unreachable"],
    [502, "unreachable"],
    [503, "unreachable"],
    [408, "unreachable"],
    [425, "unreachable"],
    [429, "unreachable"],
    [400, "refused"],
    [413, "refused"],
    [422, "refused"],
    [401, "misconfigured"],
    [403, "misconfigured"],
    [404, "misconfigured"],
    [410, "misconfigured"],
    [302, "misconfigured"],
  ])("takes the status %i for %s", async (status, kind) => {
    const server = await startServer();
    const other = await startServer();
    server.behave((response) => {
      response.writeHead(status, { location: `${other.url}/fremd` }).end(`${SECRET} ${to}`);
    });
    const fault = await faultOf(open(server.url), outgoing, { secrets: [portOf(server)] });
    expect(fault).toMatchObject({ kind, message: `status ${status}` });
    expect(other.requests).toEqual([]);
  });

  it.each([
    [429, "7", 7000],
    [503, "120", 120_000],
    [503, "999999999", 3_600_000],
    [503, "bald", undefined],
    [503, "Wed, 21 Oct 2015 07:28:00 GMT", 0],
  ])("waits after %i as long as it is told by %j", async (status, header, ms) => {
    const server = await startServer();
    server.behave((response) => response.writeHead(status, { "retry-after": header }).end());
    expect((await faultOf(open(server.url), outgoing)).retryAfterMs).toBe(ms);
  });

  it("gives up a peer that hangs, at its time-out", async () => {
    const server = await startServer();
    server.behave(() => undefined);
    const fault = await faultOf(open(server.url, { timeoutMs: 150 }), outgoing);
    expect(fault).toMatchObject({ kind: "unreachable", message: "timeout 150 ms" });
  });

  it("knows that a page is taken when the answer never ends or breaks off after its yes", async () => {
    const server = await startServer();
    server.behave((response) => {
      response.writeHead(200);
      response.write("{");
    });
    const channel = open(server.url, { timeoutMs: 150 });
    await channel.send(outgoing, new AbortController().signal);
    server.behave((response) => {
      response.writeHead(200, { "content-length": "1000000000" });
      response.write("x".repeat(1_000_000));
    });
    await channel.send(outgoing, new AbortController().signal);
    expect(server.requests).toHaveLength(2);
  });

  it("says that a page was not taken when the connection is cut before the answer", async () => {
    const server = await startServer();
    const channel = open(server.url);
    server.behave((response) => response.destroy());
    expect(await faultOf(channel, outgoing, { secrets: [portOf(server)] })).toMatchObject({
      ...{ kind: "unreachable", message: "network ECONNRESET" },
    });
    server.behave((response) => response.socket?.end("HTTP/1.1 20"));
    expect((await faultOf(channel, outgoing)).kind).toBe("unreachable");
    server.behave((response) => response.socket?.end("220 mail.example ESMTP\r\n"));
    expect((await faultOf(channel, outgoing)).kind).toBe("unreachable");
  });

  it("can't reach a name that nobody knows, nor a port that nobody listens on", async () => {
    const unknown = await faultOf(open("http://nirgends.invalid", { timeoutMs: 5000 }), outgoing, {
      secrets: ["nirgends"],
    });
    expect(unknown.kind).toBe("unreachable");
    expect(unknown.message).toMatch(/^(?:dns [A-Z_]+|timeout 5000 ms)$/);
    const server = await startServer();
    await server.close();
    const fault = await faultOf(open(server.url), outgoing, { secrets: [portOf(server)] });
    expect(fault).toMatchObject({ kind: "unreachable", message: "network ECONNREFUSED" });
  });

  it("trusts only the authorities of system and house", async () => {
    const server = await startServer({ isSecure: true });
    const untrusted = await faultOf(open(server.url), outgoing, { secrets: [portOf(server)] });
    expect(untrusted.kind).toBe("misconfigured");
    expect(untrusted.message).toMatch(/^tls [A-Z_]+$/);
    const other = open(server.url, { caFile: tlsFile("other-ca.pem") });
    expect((await faultOf(other, outgoing)).kind).toBe("misconfigured");
    expect(server.requests).toEqual([]);
    await open(server.url, { caFile: tlsFile("ca.pem") }).send(
      outgoing,
      new AbortController().signal,
    );
    expect(server.requests).toHaveLength(1);
  });

  it("does not take a server without TLS for one with it", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined).resume();
      socket.end("HTTP/1.1 200 OK\r\n\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const fault = await faultOf(open(`https://127.0.0.1:${port}`), outgoing);
    expect(fault.kind).toBe("misconfigured");
    server.close();
  });

  it("stops when it is told to, before and during", async () => {
    const server = await startServer();
    const channel = open(server.url);
    const before = await faultOf(channel, outgoing, { signal: AbortSignal.abort() });
    expect(before).toMatchObject({ kind: "unreachable", message: "aborted" });
    expect(server.requests).toEqual([]);
    const controller = new AbortController();
    server.behave(() => controller.abort());
    const during = await faultOf(channel, outgoing, { signal: controller.signal });
    expect(during).toMatchObject({ kind: "unreachable", message: "aborted" });
  });
});
