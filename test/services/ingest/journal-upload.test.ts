import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { AUTHORIZATION, openTestInput } from "./http-setup.ts";
import { until } from "./memory-bus.ts";

const TYPE = "application/vnd.fdo.journal";

function entry(number: number, message = `Zeile ${number}`): string {
  return `__CURSOR=s=1;i=${number}\n__REALTIME_TIMESTAMP=1795238400000000\n_BOOT_ID=b\nMESSAGE=${message}\n\n`;
}

/** Begins an upload as systemd-journal-upload does: chunked, with the key in the URL as Basic. */
async function begin(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => socket.destroy());
  await once(socket, "connect");
  const basic = AUTHORIZATION.authorization.replace("ApiKey", "Basic");
  socket.write(
    `POST /upload HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic}\r\nContent-Type: ${TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  return socket;
}

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

describe("journal upload", () => {
  it("takes entries and answers as systemd-journal-remote", async () => {
    await using setup = await openTestInput();
    const reply = await setup.input.app.inject({
      method: "POST",
      url: "/upload",
      headers: { ...AUTHORIZATION, "content-type": TYPE },
      payload: entry(1, "größer") + entry(2),
    });
    expect([reply.statusCode, reply.body]).toEqual([202, "OK.\n"]);
    const first = JSON.parse(setup.bus.texts()[0] ?? "");
    expect(first).toMatchObject({ __CURSOR: "s=1;i=1", MESSAGE: "größer" });
    expect(setup.bus.taken.length).toBe(2);
  });

  it("publishes as it comes, without an end and beyond the limits of one request", async () => {
    await using setup = await openTestInput({ requestMs: 300, bodyBytesMax: 1024 });
    const socket = await begin(setup.input.url);
    for (let number = 0; number < 20; number++) {
      socket.write(chunk(entry(number, "x".repeat(100))));
      await until(() => setup.bus.taken.length === number + 1);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    let answer = "";
    socket.on("data", (data) => {
      answer += data.toString();
    });
    socket.write("0\r\n\r\n");
    await until(() => answer.includes("202 Accepted"));
    socket.destroy();
  });

  it("makes the sender wait while the bus is full, and cuts off one that stalls", async () => {
    await using setup = await openTestInput({ requestMs: 200 });
    setup.bus.full = true;
    const socket = await begin(setup.input.url);
    socket.write(chunk(entry(1)));
    await new Promise((resolve) => setTimeout(resolve, 400));
    setup.bus.full = false;
    await until(() => setup.bus.taken.length === 1);
    expect(socket.destroyed).toBe(false);
    socket.resume();
    await new Promise((resolve) => socket.on("close", resolve));
    expect(await setup.counted("heidewacht_ingest_rejected_total")).toBeGreaterThan(0);
  });

  it("ends in the midst of a journal when the input closes", async () => {
    const setup = await openTestInput();
    const socket = await begin(setup.input.url);
    socket.resume();
    socket.write(chunk(entry(1)));
    await until(() => setup.bus.taken.length === 1);
    await Promise.all([setup.input.close(), new Promise((resolve) => socket.on("close", resolve))]);
  });

  it.each([
    ["another type", "text/plain", entry(1), 415],
    ["a damaged journal", TYPE, `${entry(1)}kein feldname=\n\n`, 400],
    ["an entry over the limit", TYPE, entry(1, "x".repeat(3000)), 413],
  ])("refuses %s", async (_name, type, payload, status) => {
    await using setup = await openTestInput({ recordBytesMax: 2000 });
    const reply = await setup.input.app.inject({
      method: "POST",
      url: "/upload",
      headers: { ...AUTHORIZATION, "content-type": type },
      payload,
    });
    expect(reply.statusCode).toBe(status);
  });
});
