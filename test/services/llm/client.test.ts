// The client against a real server that does everything wrong: each fault is named, in bounded time.
import { describe, expect, it, vi } from "vitest";
import { LlmError } from "../../../services/llm/failure.ts";
import { clientOf, completion, type ModelDouble, sendJson, startDouble } from "./model-double.ts";

const until = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000 });
const PROMPT = { system: "s", user: "u" };
const never = new AbortController().signal;
const fault = async (asking: Promise<unknown>) => {
  const error = await asking.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LlmError);
  return (error as LlmError).failure; // Expected above.
};

describe("a model's server", () => {
  it("is asked for an answer of our schema, cold and with a seed", async () => {
    const double = await startDouble((response) => sendJson(response, completion("{}")));
    for (const mode of ["json_schema", "json_object"] as const) {
      const answer = await clientOf(double.url, { mode }).client.ask(PROMPT, never);
      expect(answer).toEqual({
        ...{ text: "{}", model: "double-1", attempts: 1 },
        ...{ promptTokens: 100, completionTokens: 20 },
      });
    }
    expect(double.asked.map((one) => one.response_format.type)).toEqual([
      "json_schema",
      "json_object",
    ]);
    expect(JSON.stringify(double.asked.map((one) => one.response_format))).toMatch(
      /assessment.*assessment/,
    );
    expect(double.asked[0]).toMatchObject({ temperature: 0, seed: 7, stream: false });
  });

  const wrong: [string, ModelDouble["answer"], string][] = [
    ["refuses", (r) => sendJson(r, "{}", 401), "refused"],
    ["is overloaded", (r) => sendJson(r, "{}", 429), "overloaded"],
    ["breaks", (r) => sendJson(r, "{}", 500), "server_error"],
    [
      "answers HTML",
      (r) => r.writeHead(200, { "content-type": "text/html" }).end("<h1>Hallo</h1>"),
      "not_json",
    ],
    ["answers rubbish", (r) => r.end(Buffer.from([0xff, 0xfe, 0])), "not_json"],
    ["answers half a document", (r) => sendJson(r, completion("x").slice(0, 40)), "not_json"],
    ["nests deep", (r) => sendJson(r, "[0,".repeat(6000)), "not_json"],
    ["answers nothing", (r) => sendJson(r, completion("")), "wrong_schema"],
    ["answers another shape", (r) => sendJson(r, '{"ok":true}'), "wrong_schema"],
    [
      "stops in the middle",
      (r) => sendJson(r, completion("{", { finish_reason: "length" })),
      "truncated",
    ],
    ["announces too much", (r) => sendJson(r, completion("x".repeat(30_000))), "too_large"],
    [
      "breaks off",
      (r) => {
        r.writeHead(200, { "content-length": 1000 }).write("{");
        setTimeout(() => r.destroy(), 5);
      },
      "truncated",
    ],
    ["hangs up", (r) => r.destroy(), "unreachable"],
    [
      "sends us elsewhere",
      (r) => r.writeHead(307, { location: "http://127.0.0.1:9/v1" }).end(),
      "unreachable",
    ],
  ];
  it.each(wrong)("that %s is a named failure", async (_, answer, failure) => {
    const double = await startDouble(answer);
    expect(await fault(clientOf(double.url).client.ask(PROMPT, never))).toBe(failure);
  });

  it("that never ends is cut at its limit", async () => {
    const double = await startDouble((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const pour = () => {
        while (!response.destroyed && response.write(" ".repeat(4096)));
      };
      response.on("drain", pour);
      pour();
    });
    expect(await fault(clientOf(double.url).client.ask(PROMPT, never))).toBe("too_large");
    await until(() => expect(double.brokenOff()).toBe(1));
  });

  it("that is too slow is given up, and the connection with it", async () => {
    const double = await startDouble(() => undefined);
    const asking = clientOf(double.url, { timeoutMs: 50 }).client.ask(PROMPT, never);
    expect(await fault(asking)).toBe("timeout");
    await until(() => expect(double.brokenOff()).toBe(1));
  });

  it("is asked again where that may help", async () => {
    let times = 0;
    const double = await startDouble((response) => {
      times += 1;
      if (times < 3) sendJson(response, "{}", 503);
      else sendJson(response, completion("{}"));
    });
    const { client } = clientOf(double.url, { retriesMax: 2 });
    expect((await client.ask(PROMPT, never)).attempts).toBe(3);
  });

  it("is not asked again where it answered with something else", async () => {
    const double = await startDouble((response) => response.end("<html>"));
    await fault(clientOf(double.url, { retriesMax: 3 }).client.ask(PROMPT, never));
    expect(double.asked).toHaveLength(1);
  });

  it("is let go when the request is cancelled, running or waiting", async () => {
    const double = await startDouble(() => undefined);
    const { client } = clientOf(double.url, { concurrencyMax: 1 });
    const stop = new AbortController();
    const running = fault(client.ask(PROMPT, stop.signal));
    const waiting = fault(client.ask(PROMPT, stop.signal));
    await until(() => expect(double.asked).toHaveLength(1));
    stop.abort();
    expect(await Promise.all([running, waiting])).toEqual(["cancelled", "cancelled"]);
    await until(() => expect(double.brokenOff()).toBe(1));
    expect(client.circuit).toBe("closed");
  });

  it("is asked by no more than may at the same time", async () => {
    let open = 0;
    let most = 0;
    const double = await startDouble((response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        sendJson(response, completion("{}"));
      }, 5);
    });
    const { client } = clientOf(double.url, { concurrencyMax: 2 });
    await Promise.all(Array.from({ length: 9 }, () => client.ask(PROMPT, never)));
    expect([double.asked.length, most]).toEqual([9, 2]);
  });

  it("has to be one of the house", () => {
    expect(() => clientOf("https://api.example.org/v1")).toThrow("own");
  });
});

describe("the circuit", () => {
  it("opens after a few failures in a row and asks no more", async () => {
    const double = await startDouble((response) => sendJson(response, "{}", 500));
    const { client, states } = clientOf(double.url);
    for (let times = 0; times < 3; times += 1) await fault(client.ask(PROMPT, never));
    expect(states).toEqual(["open"]);
    expect(await fault(client.ask(PROMPT, never))).toBe("circuit_open");
    expect(double.asked).toHaveLength(3);
  });

  it("opens while a request runs on a server that died without a word", async () => {
    const double = await startDouble(() => undefined);
    double.alive = () => undefined;
    const { client, states } = clientOf(double.url, { probe: true, timeoutMs: 60_000 });
    expect(await fault(client.ask(PROMPT, never))).toBe("unreachable");
    expect(states).toEqual(["open"]);
  }, 20_000);

  it("lets a slow server work that still says it is there", async () => {
    let looks = 0;
    const double = await startDouble(() => undefined);
    double.alive = (response) => {
      looks += 1;
      sendJson(response, "{}", 404);
      const [waiting] = pending;
      if (looks === 2) waiting?.();
    };
    const pending: (() => void)[] = [];
    double.answer = (response) => void pending.push(() => sendJson(response, completion("{}")));
    const { client } = clientOf(double.url, { probe: true });
    expect((await client.ask(PROMPT, never)).text).toBe("{}");
  }, 20_000);
});
