import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMatrix } from "../../../services/channels/matrix.ts";
import {
  type ChannelFolder,
  channelConfig,
  channelFolder,
  faultOf,
  SERVER_TLS,
  tlsPath,
} from "../../support/channel-setup.ts";
import { exampleOutgoing, hostileOutgoing, OUR_LINKS } from "../../support/hostile-pages.ts";
import { HOSTILE_TEXTS } from "../../support/hostile-texts.ts";
import type { Fault } from "../../support/http-peer-server.ts";
import {
  MATRIX_SELF,
  MATRIX_TOKEN,
  type MatrixServer,
  startMatrixServer,
} from "../../support/matrix-server.ts";

let server: MatrixServer;
let folder: ChannelFolder;
beforeEach(async () => {
  server = await startMatrixServer();
  folder = channelFolder();
});
afterEach(async () => {
  await server.close();
  folder[Symbol.dispose]();
});

const never = new AbortController().signal;
const USER = "@bereitschaft:kreis.example";

function open(more: object = {}, token = MATRIX_TOKEN) {
  const tokenFile = folder.write("token", `${token}\n`);
  const written = { homeserver: server.url, tokenFile, timeoutMs: 2000, ...more };
  return openMatrix(channelConfig("matrix", written), folder.files);
}

describe("a page in Matrix", () => {
  it("is taken once, however often it is sent", async () => {
    const room = server.addRoom();
    const first = await open().send(exampleOutgoing({ to: room }), never);
    const second = await open().send(exampleOutgoing({ to: room, attempt: 2 }), never);
    expect(second).toEqual(first);
    expect(server.events.map(({ event_id: id }) => id)).toEqual([first.reference]);
    expect(server.events[0]?.content).toMatchObject({
      msgtype: "m.text",
      "m.mentions": { room: true },
    });
  });

  it("goes to the room behind an alias", async () => {
    const room = server.addRoom("#soc:kreis.example");
    await open().send(exampleOutgoing({ to: "#soc:kreis.example" }), never);
    expect(server.events[0]?.room_id).toBe(room);
  });

  it("goes to a user's direct room, which is made once and found again after a restart", async () => {
    const channel = open();
    const ids = ["one", "two"];
    await Promise.all(ids.map((id) => channel.send(exampleOutgoing({ id, to: USER }), never)));
    await open().send(exampleOutgoing({ id: "three", to: USER }), never);
    expect(new Set(server.events.map(({ room_id: room }) => room)).size).toBe(1);
    expect(server.events).toHaveLength(3);
    expect(server.events[0]?.content["m.mentions"]).toEqual({ user_ids: [USER] });
  });

  it("invites a user who left, and makes another room where that is forbidden", async () => {
    const channel = open();
    await channel.send(exampleOutgoing({ id: "one", to: USER }), never);
    const room = server.events[0]?.room_id ?? "";
    server.remove(room, USER, "leave");
    await channel.send(exampleOutgoing({ id: "two", to: USER }), never);
    expect(server.membership(room, USER)).toBe("invite");
    server.remove(room, USER, "ban");
    await channel.send(exampleOutgoing({ id: "three", to: USER }), never);
    expect(server.events[2]?.room_id).not.toBe(room);
  });

  it("joins again where it was thrown out", async () => {
    const room = server.addRoom();
    const channel = open();
    await channel.send(exampleOutgoing({ id: "one", to: room }), never);
    server.remove(room, MATRIX_SELF, "leave");
    await channel.send(exampleOutgoing({ id: "two", to: room }), never);
    expect(server.events).toHaveLength(2);
    server.remove(room, MATRIX_SELF, "ban");
    expect((await faultOf(channel, exampleOutgoing({ id: "three", to: room }))).kind).toBe(
      "refused",
    );
  });

  const limited = { errcode: "M_LIMIT_EXCEEDED", error: "192.0.2.7", retry_after_ms: 1234 };
  it.each<[string, Fault, string, number | undefined]>([
    ["a limit", { status: 429, body: limited }, "unreachable", 1234],
    ["a limit by header", { status: 429, headers: { "retry-after": "3" } }, "unreachable", 3000],
    ["502 of a proxy", { status: 502 }, "unreachable", undefined],
    ["silence", "hang", "unreachable", undefined],
    ["a cut", "cut", "unreachable", undefined],
    ["a cut midway", "half", "unreachable", undefined],
    ["an answer that is none", { status: 200, body: { hello: 1 } }, "unreachable", undefined],
    ["too large", { status: 413, body: { errcode: "M_TOO_LARGE" } }, "refused", undefined],
    ["no Matrix there", { status: 404 }, "misconfigured", undefined],
    [
      "a locked account",
      { status: 401, body: { errcode: "M_USER_LOCKED" } },
      "misconfigured",
      undefined,
    ],
  ])("tells %s", async (_, fault, kind, retryAfterMs) => {
    const room = server.addRoom();
    server.fault = ({ method }) => (method === "PUT" ? fault : undefined);
    const channel = open({ timeoutMs: 300 });
    const seen = await faultOf(channel, exampleOutgoing({ to: room }), [MATRIX_TOKEN, server.url]);
    expect(seen).toMatchObject({ kind, retryAfterMs });
    server.fault = () => undefined;
    await channel.send(exampleOutgoing({ to: room, attempt: 2 }), never);
    expect(server.events).toHaveLength(1);
  });

  it.each([
    ["a wrong token", "syt_wrong", "!room0:kreis.example", "misconfigured"],
    ["an unknown alias", MATRIX_TOKEN, "#nix:kreis.example", "refused"],
    ["no address", MATRIX_TOKEN, undefined, "refused"],
    ["an address of another kind", MATRIX_TOKEN, "soc@kreis.example", "refused"],
  ])("tells %s", async (_, token, to, kind) => {
    server.addRoom();
    const fault = await faultOf(open({}, token), exampleOutgoing({ to }), [token]);
    expect(fault.kind).toBe(kind);
  });

  it("trusts the authority of the house alone", async () => {
    const secure = await startMatrixServer(SERVER_TLS);
    try {
      const to = secure.addRoom();
      const away = open({ homeserver: secure.url });
      expect((await faultOf(away, exampleOutgoing({ to }))).kind).toBe("misconfigured");
      const channel = open({ homeserver: secure.url, caFile: tlsPath("ca.pem") });
      await channel.probe?.(never);
      await channel.send(exampleOutgoing({ to }), never);
      expect(secure.events).toHaveLength(1);
    } finally {
      await secure.close();
    }
  });

  it("knows an unknown name and stops when told to", async () => {
    const room = server.addRoom();
    const lost = open({ homeserver: "http://matrix.invalid" });
    expect((await faultOf(lost, exampleOutgoing({ to: room }))).kind).toBe("unreachable");
    server.fault = () => "hang";
    const stop = new AbortController();
    const fault = faultOf(
      open({ timeoutMs: 60_000 }),
      exampleOutgoing({ to: room }),
      [],
      stop.signal,
    );
    stop.abort();
    expect((await fault).message).toBe("aborted");
  });

  it("carries every hostile text as text", async () => {
    const room = server.addRoom();
    const channel = open();
    for (const [at, { text }] of HOSTILE_TEXTS.entries()) {
      await channel.send({ ...hostileOutgoing(text, room), id: `page-${at}` }, never);
    }
    expect(server.events).toHaveLength(HOSTILE_TEXTS.length);
    for (const { content } of server.events) {
      const html = String(content.formatted_body);
      const tags = [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
      const own = tags.filter((tag) => /^<\/?(?:p|ul|li|strong|em|a)>$|^<br>$/.test(tag));
      const links = tags.filter((tag) => /^<a href="[^"<>]*">$/.test(tag));
      expect(own.length + links.length).toBe(tags.length);
      const decoded = links.map((tag) =>
        tag.slice(9, -2).replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
      );
      expect(decoded).toHaveLength(OUR_LINKS.length);
      for (const url of decoded) expect(url).toMatch(/^https:\/\/heidewacht\.kreis\.example\//);
      expect(html.replace(/<[^>]*>/g, "")).not.toMatch(/[<>]/);
      expect(html.replace(/&#\d+;/g, "")).not.toContain("&");
      const body = String(content.body);
      expect(body).not.toMatch(/(?<!\[)@(?:room|here|all|channel|everyone)/i);
      expect(body.replaceAll(/https:\/\/heidewacht\.kreis\.example\S*/g, "")).not.toMatch(
        /https?:\/\//i,
      );
      expect(content["m.mentions"]).toEqual({ room: true });
    }
  });
});
