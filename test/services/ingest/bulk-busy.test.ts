import { request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { AUTHORIZATION, openTestInput } from "./http-setup.ts";

const NDJSON = { "content-type": "application/x-ndjson" };
const DOC = '{"@timestamp":"2026-11-20T08:00:00.000Z","message":"größer 😀"}';
const CREATE = '{"create":{"_index":"winlogbeat-8.19.0"}}';

function post(path: string, payload: string | Buffer, headers: Record<string, string> = {}) {
  return {
    method: "POST" as const,
    url: path,
    payload,
    headers: { ...AUTHORIZATION, ...NDJSON, ...headers },
  };
}

describe("bulk route while the bus is full", () => {
  it("refuses item by item with 429 where an official client's bulk helper asks", async () => {
    await using setup = await openTestInput();
    setup.bus.full = true;
    const meta = { "x-elastic-client-meta": "es=8.19.2,js=20.0.0,t=8.9.0,hc=20.0.0,h=bp" };
    const body = `${CREATE}\n${DOC}\n${CREATE}\nkaputt\n`;
    const reply = await setup.input.app.inject(post("/_bulk?filter_path=*.*.status", body, meta));
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual({
      items: [{ create: { status: 429 } }, { create: { status: 400 } }],
    });
  });

  it.each([
    ["Python", "es=8.19.2,py=3.11.7,t=8.19.0,ur=2.8.0,h=bp"],
    ["Go", "es=8.19.7,go=1.26.8,t=8.9.0,hc=1.26.8,h=bp"],
  ])(
    "refuses the whole request where the bulk helper for %s repeats nothing else",
    async (_, meta) => {
      await using setup = await openTestInput();
      setup.bus.full = true;
      const headers = { "x-elastic-client-meta": meta };
      const reply = await setup.input.app.inject(post("/_bulk", `${CREATE}\n${DOC}\n`, headers));
      expect(reply.statusCode).toBe(429);
    },
  );

  it("makes rsyslog wait while the bus is full, then refuses item by item", async () => {
    await using setup = await openTestInput({ retryAfterSeconds: 1 });
    setup.bus.full = true;
    // rsyslog names no user agent, and Node's own client does neither.
    const send = () =>
      new Promise<string>((resolve, reject) => {
        request(`${setup.input.url}/_bulk`, { method: "POST", headers: AUTHORIZATION })
          .on("response", (reply) => resolve(text(reply)))
          .on("error", reject)
          .end(`${CREATE}\n${DOC}\n`);
      });
    expect(JSON.parse(await send())).toMatchObject({
      errors: true,
      items: [{ create: { status: 429 } }],
    });
    const waiting = send();
    setup.bus.full = false;
    expect(JSON.parse(await waiting)).toMatchObject({ errors: false });
    expect(setup.bus.texts()).toEqual([DOC]);
  });
});
