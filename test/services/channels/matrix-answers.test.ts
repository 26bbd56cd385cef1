import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChannelAnswer } from "../../../services/channels/channel.ts";
import { fileMemory } from "../../../services/channels/channel-memory.ts";
import { openMatrix } from "../../../services/channels/matrix.ts";
import { type ChannelFolder, channelConfig, channelFolder } from "../../support/channel-setup.ts";
import { exampleOutgoing } from "../../support/hostile-pages.ts";
import {
  MATRIX_SELF,
  MATRIX_TOKEN,
  type MatrixServer,
  startMatrixServer,
} from "../../support/matrix-server.ts";

let server: MatrixServer;
let folder: ChannelFolder;
let room: string;
beforeEach(async () => {
  server = await startMatrixServer();
  folder = channelFolder();
  room = server.addRoom();
});
afterEach(async () => {
  await server.close();
  folder[Symbol.dispose]();
});

const never = new AbortController().signal;
const ANNA = "@bereitschaft:kreis.example";

function open(token = MATRIX_TOKEN) {
  const tokenFile = folder.write("token", token);
  const config = channelConfig("matrix", { homeserver: server.url, tokenFile, timeoutMs: 2000 });
  const memory = fileMemory(join(folder.path, "matrix.json"));
  return openMatrix(config, folder.files, { memory });
}

/** Listens until `take` is done with; `take` may refuse an answer by throwing. */
function listen(take: (answer: ChannelAnswer) => void = () => undefined) {
  const answers: ChannelAnswer[] = [];
  const stop = new AbortController();
  const done = open().listen(async (answer) => {
    take(answer);
    answers.push(answer);
  }, stop.signal);
  return {
    answers,
    async until(count: number) {
      while (answers.length < count) await sleep(5);
    },
    async stop() {
      stop.abort();
      await done;
    },
  };
}

/** Resolves when somebody waits for news. */
async function settled(): Promise<void> {
  const polls = () =>
    server.requests.filter(({ url }) => url.searchParams.get("timeout") === "30000");
  const before = polls().length;
  while (polls().length === before) await sleep(5);
}

async function page(id: string): Promise<string> {
  return (await open().send(exampleOutgoing({ id, to: room }), never)).reference ?? "";
}

describe("answers from Matrix", () => {
  it("takes reactions, replies and codes, and nothing else", async () => {
    const old = await page("old");
    server.react(room, ANNA, old, "✅");
    const listening = listen();
    await settled();
    const sent = await page("page-1");
    const reply = { "m.in_reply_to": { event_id: sent } };
    const text = (body: string, more: object = {}) => ({ msgtype: "m.text", body, ...more });
    server.say(room, ANNA, text("Guten Morgen"));
    server.say(room, ANNA, text("ok"));
    server.say(room, ANNA, { msgtype: "m.notice", body: "OK 7KQ2PX" });
    server.say(room, ANNA, { body: 5 });
    server.say(room, ANNA, {}, "m.reaction");
    server.say(
      room,
      ANNA,
      { "m.relates_to": { rel_type: "m.annotation", event_id: 7 } },
      "m.reaction",
    );
    server.say(room, "kein Nutzer", text("OK 7KQ2PX"));
    server.say(room, ANNA, text("* OK 7KQ2PX", { "m.relates_to": { rel_type: "m.replace" } }));
    server.say(room, ANNA, text("OK 7KQ2PX", { "m.relates_to": { rel_type: "m.replace" } }));
    server.say(room, MATRIX_SELF, text("OK 7KQ2PX"));
    server.react(room, ANNA, sent, "🎉");
    // Not ours: nobody can make a page of his own words.
    const fake = server.say(room, ANNA, text("x", { "de.heidewacht.page": "page-9" }));
    server.react(room, ANNA, fake, "✅");
    server.react(room, ANNA, "$unknown", "✅");
    server.react(room, ANNA, sent, "👍🏽");
    server.react(room, ANNA, sent, "❌");
    server.say(room, ANNA, text("> <@x> Alarm\n\nok", { "m.relates_to": reply }));
    server.say(room, ANNA, text("nein 7kq2px"));
    await listening.until(4);
    await listening.stop();
    const from = ANNA;
    expect(listening.answers).toMatchObject([
      { kind: "acknowledged", page: { id: "page-1" }, from },
      { kind: "declined", page: { id: "page-1" }, from },
      { kind: "acknowledged", page: { id: "page-1" }, from },
      { kind: "declined", page: { code: "7KQ2PX" }, from },
    ]);
  });

  it("takes what was said while it was away, also more than one poll holds", async () => {
    const first = listen();
    await settled();
    await first.stop();
    const sent = await page("page-1");
    server.react(room, ANNA, sent, "✅");
    for (let n = 0; n < 350; n += 1) {
      server.say(room, ANNA, { msgtype: "m.text", body: `Gespräch ${n}` });
    }
    server.react(room, ANNA, sent, "❌");
    const second = listen();
    await second.until(2);
    await second.stop();
    expect(second.answers.map(({ kind }) => kind)).toEqual(["acknowledged", "declined"]);
  });

  it("gives what could not be taken again, and nothing that was taken", async () => {
    const first = listen((answer) => {
      if (answer.kind === "declined") throw new Error("the store is away");
    });
    await settled();
    const sent = await page("page-1");
    server.react(room, ANNA, sent, "✅");
    await first.until(1);
    server.react(room, ANNA, sent, "❌");
    await sleep(50);
    await first.stop();
    const second = listen();
    await second.until(1);
    server.react(room, ANNA, sent, "👍");
    await second.until(2);
    await second.stop();
    expect(first.answers.map(({ kind }) => kind)).toEqual(["acknowledged"]);
    expect(second.answers.map(({ kind }) => kind)).toEqual(["declined", "acknowledged"]);
    const third = listen();
    await settled();
    await third.stop();
    expect(third.answers).toEqual([]);
  });

  it("waits as long as the home server asks it to, and goes on", async () => {
    const listening = listen();
    await settled();
    let refused = 0;
    server.fault = ({ url }) => {
      if (!url.pathname.endsWith("/sync") || refused >= 2) return undefined;
      refused += 1;
      return { status: 429, body: { errcode: "M_LIMIT_EXCEEDED", retry_after_ms: 20 } };
    };
    const sent = await page("page-1");
    server.react(room, ANNA, sent, "✅");
    await listening.until(1);
    server.react(room, ANNA, sent, "❌");
    await listening.until(2);
    await listening.stop();
    expect(refused).toBe(2);
  });

  it("ends with what somebody has to mend", async () => {
    const listening = open("syt_wrong").listen(async () => undefined, never);
    await expect(listening).rejects.toMatchObject({ kind: "misconfigured" });
  });
});
