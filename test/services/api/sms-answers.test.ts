import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../config/errors.ts";
import { openWorld, START } from "./fixture.ts";
import { PAGING_LINK } from "./paging-world.ts";

const SECRET = "ein Geheimnis des Gateways";
const MESSAGE = { from: "+4915112345602", text: "OK 7KQ2PX" };
const MINUTE_MS = 60_000;

async function openGateway(isAway = false) {
  const taken: object[] = [];
  const state = { isAway };
  const sms = {
    secretOf: (channel: string) => (channel === "sms" ? SECRET : undefined),
    take: async (channel: string, message: object) => {
      if (state.isAway) throw new AppError("HW_UNAVAILABLE", "the store is away");
      taken.push({ channel, ...message });
    },
  };
  const world = await openWorld({}, { paging: { ...PAGING_LINK, sms } });
  const send = (headers: Record<string, string>, body: string, channel = "sms") =>
    world.api.inject({
      ...{ method: "POST", url: `/paging/sms/${channel}`, payload: body },
      headers: { "content-type": "application/json", ...headers },
    });
  return { ...world, taken, send, state };
}

function signed(body: string, at = START, secret = SECRET): Record<string, string> {
  const seconds = Math.floor(at / 1000);
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return { "x-heidewacht-signature": `t=${seconds},v1=${mac}` };
}

describe("a short message that a gateway hands over", () => {
  const body = JSON.stringify(MESSAGE);

  it("is taken with its channel, once", async () => {
    const { send, taken } = await openGateway();
    expect((await send(signed(body), body)).statusCode).toBe(204);
    expect((await send(signed(body), body)).statusCode).toBe(204);
    expect(taken).toEqual([{ channel: "sms", ...MESSAGE, at: START }]);
  });

  it("is asked for again while the store is away", async () => {
    const { send, taken, state } = await openGateway(true);
    expect((await send(signed(body), body)).statusCode).toBe(503);
    state.isAway = false;
    expect((await send(signed(body), body)).statusCode).toBe(204);
    expect(taken).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, string?]>([
    ["no signature", {}],
    ["another secret", signed(body, START, "ein anderes")],
    ["another body's signature", signed(`${body} `)],
    ["a signature of eleven minutes ago", signed(body, START - 11 * MINUTE_MS)],
    ["one of the future", signed(body, START + 11 * MINUTE_MS)],
    ["a changed time", { "x-heidewacht-signature": signedAt(START - 1000) }],
    ["a signature in another form", { "x-heidewacht-signature": "v1=00" }],
    ["a channel without a secret", signed(body), "mail"],
    ["a channel that there is not", signed(body), "constructor"],
    ["an empty secret", signed(body, START, ""), "mail"],
  ])("is refused with %s", async (_name, headers, channel) => {
    const { send, taken } = await openGateway();
    const { statusCode } = await send(headers, body, channel);
    expect([statusCode, taken]).toEqual([401, []]);
  });

  it.each(["", "{", "[]", '{"from":"","text":""}', '{"from":1,"text":"x"}', '{"text":"OK"}'])(
    "is refused when it is none: %s",
    async (text) => {
      const { send, taken } = await openGateway();
      expect([(await send(signed(text), text)).statusCode, taken]).toEqual([422, []]);
    },
  );

  it("is refused when it is huge", async () => {
    const { send } = await openGateway();
    const huge = JSON.stringify({ ...MESSAGE, text: "x".repeat(10_000) });
    expect((await send(signed(huge), huge)).statusCode).toBe(413);
  });

  it("is not taken where no gateway is configured", async () => {
    const { api } = await openWorld({}, { paging: PAGING_LINK });
    const headers = { ...signed(body), "content-type": "application/json" };
    const url = "/paging/sms/sms";
    expect((await api.inject({ method: "POST", url, headers, payload: body })).statusCode).toBe(
      401,
    );
  });

  function signedAt(at: number): string {
    const good = signed(body)["x-heidewacht-signature"] ?? "";
    return good.replace(/^t=\d+/, `t=${Math.floor(at / 1000)}`);
  }
});
