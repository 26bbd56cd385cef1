import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { partsOf, toGsm7 } from "../../../services/channels/gsm-7.ts";
import { openSmsHttp } from "../../../services/channels/sms-http.ts";
import {
  type ChannelFolder,
  channelConfig,
  channelFolder,
  faultOf,
  SERVER_TLS,
  tlsPath,
} from "../../support/channel-setup.ts";
import { exampleOutgoing, hostileOutgoing } from "../../support/hostile-pages.ts";
import { HOSTILE_TEXTS } from "../../support/hostile-texts.ts";
import { type Fault, type PeerServer, startPeer } from "../../support/http-peer-server.ts";

const never = new AbortController().signal;
const NUMBER = "+4915112345678";
const SECRET = "s3cr3t-gateway-key";
const FIELDS = { receiver: "{to}", message: "{text}", ref: "{id}", sender: "{from}" };

let gateway: PeerServer;
let folder: ChannelFolder;
let fault: Fault;
beforeEach(async () => {
  fault = { status: 200, body: { message_id: "sms-1" } };
  gateway = await startPeer(() => fault);
  folder = channelFolder();
});
afterEach(async () => {
  await gateway.close();
  folder[Symbol.dispose]();
});

function open(more: object = {}) {
  const secretFile = folder.write("secret", SECRET);
  const headers = { "x-api-key": "{secret}" };
  const written = { url: `${gateway.url}/send?v=1`, fields: FIELDS, headers, secretFile };
  const common = { from: "Kreis-SOC", timeoutMs: 300 };
  return openSmsHttp(channelConfig("sms_http", { ...written, ...common, ...more }), folder.files);
}

describe("a gateway of short messages", () => {
  it.each([
    ["POST", "json"],
    ["POST", "form"],
    ["GET", "json"],
  ] as const)("gets number, text and id by %s %s", async (method, encoding) => {
    const sent = exampleOutgoing({ to: "0049 151 12345678" });
    const { reference } = await open({ method, encoding }).send(sent, never);
    expect(reference).toBe("sms-1");
    const request = gateway.requests[0];
    expect(request?.method).toBe(method);
    expect(request?.headers["x-api-key"]).toBe(SECRET);
    const got =
      method === "GET"
        ? Object.fromEntries(request?.url.searchParams ?? [])
        : encoding === "json"
          ? JSON.parse(request?.body ?? "")
          : Object.fromEntries(new URLSearchParams(request?.body));
    expect(got).toMatchObject({ receiver: NUMBER, ref: sent.id, sender: "Kreis-SOC" });
    expect(got.message).toMatch(/^P1 TLP:AMBER Schattenkopien gelöscht\n/);
  });

  it.each<[string, Fault, string]>([
    ["an overloaded gateway", { status: 503, headers: { "retry-after": "2" } }, "unreachable"],
    ["a wrong key", { status: 401 }, "misconfigured"],
    ["a refused number", { status: 422 }, "refused"],
    ["silence", "hang", "unreachable"],
    ["a cut", "cut", "unreachable"],
  ])("tells %s", async (_, answer, kind) => {
    fault = answer;
    expect(await faultOf(open(), exampleOutgoing({ to: NUMBER }), [SECRET])).toMatchObject({
      kind,
    });
  });

  it("does not send where there is no number", async () => {
    for (const to of [undefined, "soc@kreis.example", "--help"]) {
      expect((await faultOf(open(), exampleOutgoing({ to }))).kind).toBe("refused");
    }
    expect(gateway.requests).toEqual([]);
  });

  it("tells an unknown name and a certificate that is not trusted", async () => {
    const to = NUMBER;
    const lost = open({ url: "https://sms.invalid/" });
    expect((await faultOf(lost, exampleOutgoing({ to }))).kind).toBe("unreachable");
    const secure = await startPeer(() => fault, SERVER_TLS);
    try {
      const foreign = open({ url: secure.url });
      expect((await faultOf(foreign, exampleOutgoing({ to }))).kind).toBe("misconfigured");
      await open({ url: secure.url, caFile: tlsPath("ca.pem") }).send(
        exampleOutgoing({ to }),
        never,
      );
      expect(secure.requests).toHaveLength(1);
    } finally {
      await secure.close();
    }
  });

  it("stops when told to", async () => {
    fault = "hang";
    const stop = new AbortController();
    const seen = faultOf(open(), exampleOutgoing({ to: NUMBER }), [SECRET], stop.signal);
    stop.abort();
    expect((await seen).message).toBe("aborted");
  });

  it("carries every hostile text within the parts, and fills no place twice", async () => {
    const channel = open({ fields: { ...FIELDS, both: "{text}|{id}" } });
    for (const { text } of [...HOSTILE_TEXTS, { text: "{secret} {id} {to}" }]) {
      await channel.send(hostileOutgoing(text, NUMBER), never);
    }
    for (const { body } of gateway.requests) {
      const got: Record<string, string> = JSON.parse(body);
      expect(Object.keys(got)).toEqual(["receiver", "message", "ref", "sender", "both"]);
      expect(partsOf(got.message ?? "")).toBeLessThanOrEqual(3);
      expect(toGsm7(got.message ?? "")).toBe(got.message);
      expect(body).not.toContain(SECRET);
    }
    expect(gateway.requests).toHaveLength(HOSTILE_TEXTS.length + 1);
  });
});
