import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openGoAlert } from "../../../services/channels/goalert.ts";
import {
  type ChannelFolder,
  channelConfig,
  channelFolder,
  faultOf,
} from "../../support/channel-setup.ts";
import { exampleOutgoing, hostileOutgoing } from "../../support/hostile-pages.ts";
import { EVIL_HOST, HOSTILE_TEXTS } from "../../support/hostile-texts.ts";
import { type Fault, type PeerServer, startPeer } from "../../support/http-peer-server.ts";

const never = new AbortController().signal;
const TOKEN = "0b1b6a4e-63bc-4a9b-9e5f-0a2f6a2c8e11";

interface Alert {
  readonly summary: string;
  readonly details: string;
  state: "open" | "closed";
}

let goalert: PeerServer;
let folder: ChannelFolder;
let fault: Fault | undefined;
/** By `dedup`, as GoAlert keeps them: one that is open takes repetitions. */
let alerts: Map<string, Alert>;
beforeEach(async () => {
  fault = undefined;
  alerts = new Map();
  folder = channelFolder();
  goalert = await startPeer(({ method, url, body }) => {
    if (fault !== undefined) return fault;
    if (method !== "POST" || url.pathname !== "/api/v2/generic/incoming") return { status: 404 };
    const fields = new URLSearchParams(body);
    if (fields.get("token") !== TOKEN) return { status: 401 };
    const summary = fields.get("summary") ?? "";
    if (summary.trim() === "") return { status: 400 };
    const dedup = fields.get("dedup") ?? "";
    const known = alerts.get(dedup);
    if (fields.get("action") === "close") {
      if (known !== undefined) known.state = "closed";
    } else if (known?.state !== "open") {
      alerts.set(dedup, { summary, details: fields.get("details") ?? "", state: "open" });
    }
    return { status: 204 };
  });
});
afterEach(async () => {
  await goalert.close();
  folder[Symbol.dispose]();
});

function open(more: object = {}, token = TOKEN) {
  const tokenFile = folder.write("token", token);
  const written = { url: goalert.url, tokenFile, timeoutMs: 300, ...more };
  return openGoAlert(channelConfig("goalert", written), folder.files);
}

describe("a hand-over to GoAlert", () => {
  it("opens one alert a page, however often it is sent", async () => {
    const channel = open();
    await channel.send(exampleOutgoing(), never);
    await channel.send(exampleOutgoing({ attempt: 2 }), never);
    const { id } = exampleOutgoing();
    expect(alerts.size).toBe(1);
    expect([...alerts]).toMatchObject([
      [id, { summary: "P1: Schattenkopien gelöscht", state: "open" }],
    ]);
    expect(alerts.get(id)?.details).toContain("Wo: host-3f9a");
    for (const { url } of goalert.requests) expect(url.href).not.toContain(TOKEN);
  });

  it("takes the address of the API itself, and one below a path", async () => {
    await open({ url: `${goalert.url}/api/v2/generic/incoming` }).send(exampleOutgoing(), never);
    expect(alerts.size).toBe(1);
    await faultOf(open({ url: `${goalert.url}/goalert/` }), exampleOutgoing());
    expect(goalert.requests.at(-1)?.url.pathname).toBe("/goalert/api/v2/generic/incoming");
  });

  it.each<[string, Fault, string]>([
    ["an error of the server", { status: 500 }, "unreachable"],
    ["silence", "hang", "unreachable"],
    ["a cut", "cut", "unreachable"],
    ["a refusal", { status: 400 }, "refused"],
  ])("tells %s", async (_, answer, kind) => {
    fault = answer;
    expect((await faultOf(open(), exampleOutgoing(), [TOKEN])).kind).toBe(kind);
  });

  it("tells a wrong token", async () => {
    const fault = await faultOf(open({}, "wrong-token"), exampleOutgoing(), ["wrong-token"]);
    expect(fault.kind).toBe("misconfigured");
  });

  it("carries every hostile text as text of ours", async () => {
    const channel = open();
    for (const [at, { text }] of HOSTILE_TEXTS.entries()) {
      await channel.send({ ...hostileOutgoing(text, undefined), id: `page-${at}` }, never);
    }
    for (const { summary, details } of alerts.values()) {
      expect(summary).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(`${summary} ${details}`).not.toContain(EVIL_HOST);
      expect(details.length).toBeLessThanOrEqual(6144);
    }
    expect(alerts.size).toBe(HOSTILE_TEXTS.length);
  });
});
