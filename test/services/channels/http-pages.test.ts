// What arrives at the peers of the channels over HTTP: the page in their own form, and nothing alive.
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Channel, OutgoingPage } from "../../../services/channels/channel.ts";
import {
  exampleOutgoing,
  examplePage,
  hostileOutgoing,
  OUR_LINKS,
} from "../../support/hostile-pages.ts";
import { HOSTILE_TEXTS } from "../../support/hostile-texts.ts";
import { liveInMarkdown, liveInText } from "../../support/live-text.ts";
import type { PageServer } from "../../support/page-server.ts";
import { openConfigured, SECRET, startServer } from "./fixture.ts";

const signal = new AbortController().signal;

/** All texts of a document that was sent, but its addresses of ours. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return OUR_LINKS.some((link) => link === value) ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

async function sendAll(
  channel: Channel,
  server: PageServer,
  to: string | undefined,
  live: (body: unknown) => string[],
): Promise<void> {
  const alive: unknown[] = [];
  for (const { family, text } of HOSTILE_TEXTS) {
    await channel.send(hostileOutgoing(text, to), signal);
    const faults = live(JSON.parse(server.requests.at(-1)?.body ?? ""));
    if (faults.length > 0) alive.push({ family, text: text.slice(0, 60), faults });
  }
  expect(alive).toEqual([]);
  expect(server.requests).toHaveLength(HOSTILE_TEXTS.length);
}

const bodyOf = (server: PageServer): unknown => JSON.parse(server.requests.at(-1)?.body ?? "");

describe("the web hook", () => {
  const open = ({ url }: PageServer) =>
    openConfigured({ kind: "webhook", url: `${url}/seite`, secretFile: "s" }, { s: SECRET });

  it("signs time and body, so that a peer with the secret takes it and others don't", async () => {
    const server = await startServer();
    server.behave((response, { headers, body }) => {
      const [, at = "", v1 = ""] =
        /^t=(\d+),v1=([0-9a-f]{64})$/.exec(`${headers["x-heidewacht-signature"]}`) ?? [];
      const isFresh = Math.abs(Date.now() / 1000 - Number(at)) < 300;
      const right = createHmac("sha256", SECRET).update(`${at}.${body}`).digest("hex");
      response.writeHead(isFresh && right === v1 ? 200 : 401).end('{"reference":"T-17"}');
    });
    expect(await open(server).send(exampleOutgoing(), signal)).toEqual({ reference: "T-17" });
    const wrong = openConfigured(
      { kind: "webhook", url: server.url, secretFile: "s" },
      { s: "falsch" },
    );
    await expect(wrong.send(exampleOutgoing(), signal)).rejects.toMatchObject({
      kind: "misconfigured",
    });
  });

  it("carries the page with the same key at each attempt", async () => {
    const server = await startServer();
    const channel = open(server);
    await channel.send(exampleOutgoing(), signal);
    await channel.send(exampleOutgoing({ attempt: 2 }), signal);
    const keys = server.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toEqual([exampleOutgoing().id, exampleOutgoing().id]);
    expect(bodyOf(server)).toMatchObject({
      ...{ version: 1, id: exampleOutgoing().id, attempt: 2, to: null, priority: "p1" },
      ...{ tenant: "kreis", tlp: "TLP:AMBER", raisedAt: "2026-11-22T05:06:00.000Z" },
      title: "P1: Schattenkopien gelöscht",
      facts: examplePage().facts,
      acknowledgeLink: OUR_LINKS[1],
    });
  });

  it("carries no hostile text alive", async () => {
    const server = await startServer();
    await sendAll(open(server), server, undefined, (body) => textsIn(body).flatMap(liveInText));
  });
});

describe("Teams", () => {
  const open = ({ url }: PageServer) =>
    openConfigured({ kind: "teams", urlFile: "u" }, { u: `${url}/workflows/1` });

  /** Texts of the card's blocks, its links, and all else that is a text. */
  function cardOf(body: unknown) {
    const { type, attachments } = body as {
      type: string;
      attachments: {
        content: {
          body: { type: string; text: string }[];
          actions: { type: string; title: string; url: string }[];
        };
      }[];
    }; // the channel's own form; what is missing fails below
    expect([type, attachments.length]).toEqual(["message", 1]);
    const [card] = attachments;
    if (card === undefined) throw new Error("no card");
    return { blocks: card.content.body, actions: card.content.actions };
  }

  it("writes a card of text blocks and buttons", async () => {
    const server = await startServer();
    server.behave((response) => response.writeHead(202).end());
    await open(server).send(exampleOutgoing(), signal);
    const { blocks, actions } = cardOf(bodyOf(server));
    expect(blocks.map(({ text }) => text)).toContain("**Was:** vssadmin delete shadows");
    expect(actions).toEqual([
      { type: "Action.OpenUrl", title: "Übernehmen", url: OUR_LINKS[1] },
      { type: "Action.OpenUrl", title: "Ablehnen", url: OUR_LINKS[2] },
      { type: "Action.OpenUrl", title: "Fund öffnen", url: OUR_LINKS[0] },
    ]);
  });

  it("does not take a failure that is told with 200 for a success", async () => {
    const server = await startServer();
    server.behave((response) =>
      response.end("Webhook message delivery failed: endpoint returned HTTP error 429 with …"),
    );
    await expect(open(server).send(exampleOutgoing(), signal)).rejects.toMatchObject({
      ...{ kind: "unreachable", message: "status 429" },
    });
  });

  it("carries no hostile text alive, in cards that are small enough", async () => {
    const server = await startServer();
    const live = (body: unknown): string[] => {
      const { blocks, actions } = cardOf(body);
      const others = blocks.flatMap(({ type, text }) =>
        type === "TextBlock" ? liveInMarkdown(text) : [`a block ${type}`],
      );
      const links = actions.filter(({ url }) => !OUR_LINKS.some((link) => link === url));
      const bytes = Buffer.byteLength(JSON.stringify(body));
      return [
        ...others,
        ...links.map(({ url }) => `a link: ${url}`),
        ...(bytes > 28_000 ? [`${bytes} bytes`] : []),
      ];
    };
    await sendAll(open(server), server, undefined, live);
  });
});

describe("Mattermost", () => {
  const open = ({ url }: PageServer) =>
    openConfigured({ kind: "mattermost", urlFile: "u" }, { u: `${url}/hooks/1` });

  it("writes the page with links of ours into the channel that was named", async () => {
    const server = await startServer();
    await open(server).send(exampleOutgoing({ to: "soc" }), signal);
    expect(bodyOf(server)).toMatchObject({
      channel: "soc",
      text: expect.stringContaining(`[Übernehmen](<${OUR_LINKS[1]}>)`),
      props: { mentionHighlightDisabled: true, heidewacht_page: exampleOutgoing().id },
    });
  });

  it.each(["@", "a b", "SOC/..", "x\ny"])("refuses %j as a channel", async (to) => {
    const server = await startServer();
    await expect(open(server).send(exampleOutgoing({ to }), signal)).rejects.toMatchObject({
      kind: "misconfigured",
    });
    expect(server.requests).toEqual([]);
  });

  it("carries no hostile text alive", async () => {
    const server = await startServer();
    await sendAll(open(server), server, undefined, (body) =>
      liveInMarkdown((body as { text: string }).text),
    );
  });
});

describe("ntfy", () => {
  const open = ({ url }: PageServer, more = {}) =>
    openConfigured({ kind: "ntfy", url, tokenFile: "t", topic: "haus", ...more }, { t: SECRET });

  it.each([
    ["p1", 5],
    ["p2", 4],
    ["p3", 3],
    ["p4", 2],
  ] as const)("gives %s the priority %i", async (priority, expected) => {
    const server = await startServer();
    server.behave((response) => response.end('{"id":"aB3"}'));
    const page = examplePage({ priority });
    const handed = await open(server).send(exampleOutgoing({ page, to: "erika" }), signal);
    expect(handed).toEqual({ reference: "aB3" });
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(bodyOf(server)).toMatchObject({
      ...{ topic: "erika", priority: expected, click: OUR_LINKS[0] },
      actions: [
        { action: "view", url: OUR_LINKS[1] },
        { action: "view", url: OUR_LINKS[2] },
        { action: "view", url: OUR_LINKS[0] },
      ],
    });
  });

  it("takes the configured topic where the contact names none, and asks whether it lives", async () => {
    const server = await startServer();
    const channel = open(server);
    await channel.send(exampleOutgoing(), signal);
    expect(bodyOf(server)).toMatchObject({ topic: "haus" });
    await channel.probe?.(signal);
    expect(server.requests.at(-1)).toMatchObject({ method: "GET", path: "/v1/health" });
    server.behave((response) => response.writeHead(503).end());
    await expect(channel.probe?.(signal)).rejects.toMatchObject({ kind: "unreachable" });
    await expect(channel.send(exampleOutgoing({ to: "a/b" }), signal)).rejects.toMatchObject({
      kind: "misconfigured",
    });
  });

  it("carries no hostile text alive, in messages that are small enough", async () => {
    const server = await startServer();
    await sendAll(open(server), server, undefined, (body) => {
      const { title, message } = body as { title: string; message: string };
      const isLong = Buffer.byteLength(message) > 4096 || Buffer.byteLength(title) > 1024;
      return [...textsIn(body).flatMap(liveInText), ...(isLong ? ["too long"] : [])];
    });
  });
});

describe("the pages of all channels", () => {
  it("hold no link but of http and https", async () => {
    const server = await startServer();
    const channel = openConfigured({ kind: "webhook", url: server.url });
    const page: OutgoingPage["page"] = examplePage({
      ...{ link: "javascript:alert(1)", acknowledgeLink: "kein Link", declineLink: undefined },
    });
    await channel.send(exampleOutgoing({ page }), signal);
    expect(bodyOf(server)).toMatchObject({
      ...{ link: null, acknowledgeLink: null, declineLink: null },
    });
  });
});
