import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type WatchdogConfig, watchdogSchema } from "../../../config/watchdog.ts";
import {
  type Channel,
  ChannelFault,
  type OutgoingPage,
} from "../../../services/channels/channel.ts";
import { type ChannelMemory, volatileMemory } from "../../../services/channels/channel-memory.ts";
import { startWatchdog, type Watchdog } from "../../../services/watchdog/watchdog.ts";
import { type Fault, type PeerServer, startPeer } from "../../support/http-peer-server.ts";

const GOOD: Fault = { status: 200, body: { status: "ok" } };
let product: PeerServer;
let answer: Fault;
let clock: number;
let memory: ChannelMemory;
const running: Watchdog[] = [];

beforeEach(async () => {
  answer = GOOD;
  clock = 1_000_000;
  memory = volatileMemory();
  product = await startPeer(() => answer);
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
  await product.close();
});

/** A channel that notes what it takes, or does what the test says instead. */
function channel(instead: () => Promise<void> = async () => undefined) {
  const taken: OutgoingPage[] = [];
  const it: Channel = {
    kind: "test",
    async send(outgoing) {
      await instead();
      taken.push(outgoing);
      return { reference: undefined };
    },
    close: async () => undefined,
  };
  return { taken, channel: it, titles: () => taken.map(({ page }) => page.title) };
}

async function start(channels: Readonly<Record<string, Channel>>, more: object = {}) {
  const config: WatchdogConfig = watchdogSchema.parse({
    tenantName: "Landkreis Musterheide",
    targets: { erkennung: { url: `${product.url}/readyz` } },
    channels: Object.fromEntries(
      Object.keys(channels).map((name) => [name, { kind: "gammu", way: "command" }]),
    ),
    contacts: Object.keys(channels).map((name) => ({ channel: name, to: "+4915112345678" })),
    ...{ heartbeat: { port: 0 }, timeoutMs: 200, ...more },
  });
  const watchdog = await startWatchdog(
    {
      ...{ config, memory, logger: pino({ level: "silent" }) },
      channels: new Map(Object.entries(channels)),
      authoritiesOf: () => undefined,
      ...{ steadyNow: () => clock, now: () => Date.UTC(2026, 9, 25, 0, 59) },
    },
    false,
  );
  running.push(watchdog);
  return watchdog;
}

/** Turns every ten seconds, and what they set off. */
async function pass(watchdog: Watchdog, seconds: number): Promise<void> {
  for (let at = 0; at < seconds; at += 10) {
    clock += 10_000;
    await watchdog.turn();
    await sleep(1);
  }
}

describe("the watchdog", () => {
  it("pages after a minute of silence, again and again, and tells of the end", async () => {
    const sms = channel();
    const watchdog = await start({ sms: sms.channel });
    await pass(watchdog, 600);
    expect(sms.taken).toEqual([]);
    answer = { status: 503 };
    await pass(watchdog, 50);
    expect(sms.taken).toEqual([]);
    await pass(watchdog, 10);
    expect(sms.titles()).toEqual([
      "Heidewacht antwortet nicht: erkennung schweigt seit über 60 Sekunden",
    ]);
    expect(sms.taken[0]?.page).toMatchObject({ kind: "watchdog", priority: "p1" });
    await pass(watchdog, 890);
    expect(sms.taken).toHaveLength(1);
    await pass(watchdog, 10);
    expect(sms.taken[1]?.page.notice).toBe("Meldung 2: es schweigt noch immer");
    answer = GOOD;
    await pass(watchdog, 600);
    expect(sms.titles().slice(2)).toEqual(["Heidewacht antwortet wieder: erkennung"]);
    expect(new Set(sms.taken.map(({ id }) => id)).size).toBe(3);
  });

  it.each<[string, Fault]>([
    ["hangs", "hang"],
    ["cuts connections", "cut"],
    ["sends elsewhere", { status: 302, headers: { location: "http://192.0.2.1/" } }],
  ])("takes a service that %s for silent", async (_, fault) => {
    const sms = channel();
    const watchdog = await start({ sms: sms.channel });
    answer = fault;
    await pass(watchdog, 60);
    expect(sms.taken).toHaveLength(1);
  });

  it("says nothing of a short pause", async () => {
    const sms = channel();
    const watchdog = await start({ sms: sms.channel });
    for (let n = 0; n < 20; n += 1) {
      answer = { status: 500 };
      await pass(watchdog, 50);
      answer = GOOD;
      await pass(watchdog, 10);
    }
    expect(sms.taken).toEqual([]);
  });

  it("tries a channel again that fails, and none waits for one that hangs", async () => {
    let isAway = true;
    const sms = channel(async () => {
      if (isAway) throw new ChannelFault("unreachable", "network");
    });
    let release: () => void = () => undefined;
    const matrix = channel(
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    const mail = channel();
    const watchdog = await start({ sms: sms.channel, matrix: matrix.channel, mail: mail.channel });
    answer = { status: 503 };
    await pass(watchdog, 120);
    expect([sms.taken.length, matrix.taken.length, mail.taken.length]).toEqual([0, 0, 1]);
    isAway = false;
    await pass(watchdog, 20);
    release();
    await pass(watchdog, 20);
    expect([sms.taken.length, matrix.taken.length, mail.taken.length]).toEqual([1, 1, 1]);
  });

  it("neither forgets nor repeats over a restart", async () => {
    let isAway = true;
    const sms = channel();
    const mail = channel(async () => {
      if (isAway) throw new ChannelFault("unreachable", "network");
    });
    const first = await start({ sms: sms.channel, mail: mail.channel });
    answer = { status: 503 };
    await pass(first, 70);
    expect([sms.taken.length, mail.taken.length]).toEqual([1, 0]);
    await first.close();
    isAway = false;
    const second = await start({ sms: sms.channel, mail: mail.channel });
    await pass(second, 100);
    expect([sms.taken.length, mail.taken.length]).toEqual([1, 1]);
    await second.close();
    answer = GOOD;
    const third = await start({ sms: sms.channel, mail: mail.channel });
    await pass(third, 20);
    expect(sms.titles()[1]).toBe("Heidewacht antwortet wieder: erkennung");
    answer = { status: 503 };
    await pass(third, 70);
    expect(new Set(sms.taken.map(({ id }) => id)).size).toBe(3);
  });

  it("pages though its state can't be written or is damaged", async () => {
    memory = {
      read: async () => "{damaged",
      write: async () => {
        throw new Error("ENOSPC");
      },
    };
    const sms = channel();
    const watchdog = await start({ sms: sms.channel });
    answer = { status: 503 };
    await pass(watchdog, 120);
    expect(sms.taken).toHaveLength(1);
  });

  it("tells by its heartbeat whether it still asks", async () => {
    const watchdog = await start({ sms: channel().channel });
    await pass(watchdog, 10);
    const good = await fetch(watchdog.heartbeatUrl);
    expect([good.status, await good.json()]).toEqual([200, { erkennung: "good" }]);
    clock += 31_000;
    expect((await fetch(watchdog.heartbeatUrl)).status).toBe(503);
    expect((await fetch(new URL("/else", watchdog.heartbeatUrl))).status).toBe(404);
  });

  it("needs its port for itself", async () => {
    const first = await start({ sms: channel().channel });
    const port = Number(new URL(first.heartbeatUrl).port);
    const second = start({ sms: channel().channel }, { heartbeat: { port } });
    await expect(second).rejects.toMatchObject({ code: "HW_PLACE_TAKEN" });
  });
});

describe("the watchdog's configuration", () => {
  const good = {
    tenantName: "Landkreis Musterheide",
    targets: { erkennung: { url: "https://heidewacht.kreis.example/readyz" } },
    channels: { sms: { kind: "gammu" } },
    contacts: [{ channel: "sms", to: "+4915112345678" }],
  };
  it("takes what is enough", () => {
    expect(watchdogSchema.parse(good)).toMatchObject({ askEverySeconds: 10, silentSeconds: 60 });
  });

  it.each([
    ["https://heidewacht.kreis.example", "https://heidewacht.kreis.example/heartbeat"],
    ["http://192.0.2.5:8722/", "http://192.0.2.5:8722/heartbeat"],
    ["https://kreis.example/log/heartbeat", "https://kreis.example/log/heartbeat"],
    ["https://heidewacht.kreis.example/readyz", "https://heidewacht.kreis.example/readyz"],
  ])("asks for %s at %s", (url, asked) => {
    expect(watchdogSchema.parse({ ...good, targets: { a: { url } } }).targets.a?.url).toBe(asked);
  });

  it.each([
    ["no target", { targets: {} }],
    ["no contact", { contacts: [] }],
    ["an unknown channel", { contacts: [{ channel: "mail" }] }],
    ["an address that is none", { targets: { a: { url: "file:///etc/passwd" } } }],
    ["an unknown setting", { silentMinutes: 1 }],
  ])("refuses %s", (_, more) => {
    expect(watchdogSchema.safeParse({ ...good, ...more }).success).toBe(false);
  });
});
