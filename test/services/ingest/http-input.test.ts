import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { AUTHORIZATION, openTestInput } from "./http-setup.ts";
import { until } from "./memory-bus.ts";

describe("plain lines over HTTP", () => {
  it("takes lines of any text as they are", async () => {
    await using setup = await openTestInput();
    const reply = await setup.input.app.inject({
      method: "POST",
      url: "/ingest/lines",
      headers: { ...AUTHORIZATION, "content-type": "text/plain" },
      payload: Buffer.from("erste\r\n\nzw\0eite\n{kein json\nletzte"),
    });
    expect(reply.json()).toEqual({ accepted: 4, refusedCount: 0, refused: [] });
    expect(setup.bus.texts()).toEqual(["erste", "zw\0eite", "{kein json", "letzte"]);
    const ids = setup.bus.taken.map((one) => one.record.id.split("/")[1]);
    expect(ids).toEqual(["0", "1", "2", "3"]);
  });

  it("lists the lines that it refused and takes the others", async () => {
    await using setup = await openTestInput({ recordBytesMax: 1024 });
    const reply = await setup.input.app.inject({
      method: "POST",
      url: "/ingest/ndjson",
      headers: AUTHORIZATION,
      payload: `{"a":1}\nkein json\n{"lang":"${"x".repeat(2000)}"}\n{"b":2}\n`,
    });
    expect(reply.json()).toEqual({
      accepted: 2,
      refusedCount: 2,
      refused: [
        { line: 2, code: "HW_REQUEST_INVALID" },
        { line: 3, code: "HW_INPUT_TOO_LARGE" },
      ],
    });
    expect(setup.bus.texts()).toEqual(['{"a":1}', '{"b":2}']);
  });

  it("survives a 10 MB line", async () => {
    await using setup = await openTestInput();
    const reply = await fetch(`${setup.input.url}/ingest/lines`, {
      method: "POST",
      headers: AUTHORIZATION,
      body: `vorher\n${"x".repeat(10_000_000)}\nnachher\n`,
    });
    expect(await reply.json()).toMatchObject({ accepted: 2, refusedCount: 1 });
    expect(setup.bus.texts()).toEqual(["vorher", "nachher"]);
  });
});

describe("HTTP limits", () => {
  it("answer a key with 429 that sent too many records, and no other one", async () => {
    await using setup = await openTestInput({ recordsPerSecondMax: 2 });
    const send = (payload: string) =>
      setup.input.app.inject({
        method: "POST",
        url: "/ingest/lines",
        headers: AUTHORIZATION,
        payload,
      });
    // A batch is never split: it goes into debt, and the next one waits.
    expect((await send("a\nb\nc\nd\n")).json()).toMatchObject({ accepted: 4 });
    const over = await send("e\n");
    expect([over.statusCode, over.headers["retry-after"]]).toEqual([429, "5"]);
    expect(setup.bus.taken.length).toBe(4);
    await until(async () => (await send("f\n")).statusCode === 200);
    expect(await setup.counted("heidewacht_ingest_rejected_total")).toBeGreaterThan(0);
  });

  it("close the connections of an address that has too many", async () => {
    await using setup = await openTestInput({ connectionsPerSenderMax: 2 });
    const port = Number(new URL(setup.input.url).port);
    const sockets = Array.from({ length: 5 }, () => connect(port, "127.0.0.1"));
    for (const socket of sockets) socket.on("error", () => socket.destroy()).resume();
    await until(() => sockets.filter((socket) => socket.destroyed).length === 3);
    expect(await setup.counted("heidewacht_ingest_rejected_total")).toBe(3);
    for (const socket of sockets) socket.destroy();
  });
});

describe("HTTP server", () => {
  it("takes nothing of a request that breaks off", async () => {
    await using setup = await openTestInput();
    const socket = connect(Number(new URL(setup.input.url).port), "127.0.0.1");
    socket.write(
      `POST /ingest/lines HTTP/1.1\r\nHost: x\r\nAuthorization: ${AUTHORIZATION.authorization}\r\nContent-Length: 100\r\n\r\nganze Zeile\nhal`,
    );
    await once(socket, "connect");
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await until(async () => (await setup.counted("heidewacht_ingest_rejected_total")) > 0);
    expect(setup.bus.taken).toEqual([]);
  });

  it.each([
    ["headers", "POST /ingest/lines HTTP/1.1\r\nHost: x\r\n"],
    [
      "a body",
      `POST /ingest/lines HTTP/1.1\r\nHost: x\r\nAuthorization: ${AUTHORIZATION.authorization}\r\nContent-Length: 100000\r\n\r\n`,
    ],
  ])("cuts off a sender that drips %s", async (_name, start) => {
    await using setup = await openTestInput({ requestMs: 300 });
    const socket = connect(Number(new URL(setup.input.url).port), "127.0.0.1");
    socket.on("error", () => socket.destroy());
    socket.resume();
    socket.write(start);
    const drip = setInterval(() => socket.write("x"), 20);
    await new Promise((resolve) => socket.on("close", resolve));
    clearInterval(drip);
    expect(setup.bus.taken).toEqual([]);
  });

  it("answers the requests at hand when it closes", async () => {
    const setup = await openTestInput();
    const socket = connect(Number(new URL(setup.input.url).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.write(
      `POST /ingest/lines HTTP/1.1\r\nHost: x\r\nAuthorization: ${AUTHORIZATION.authorization}\r\nContent-Length: 6\r\n\r\nein`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closing = setup.input.close();
    socket.write("s\nx");
    await closing;
    await until(() => answer.includes("accepted"));
    expect(setup.bus.texts()).toEqual(["eins", "x"]);
  });

  it("refuses a port that is taken", async () => {
    await using setup = await openTestInput();
    const port = Number(new URL(setup.input.url).port);
    await expect(openTestInput({ port })).rejects.toMatchObject({
      code: "HW_PLACE_TAKEN",
      place: `127.0.0.1:${port}`,
    });
  });
});
