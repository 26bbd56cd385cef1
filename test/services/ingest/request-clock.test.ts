// The time that senders have for a request, and for reading the answer.
import { type AddressInfo, connect } from "node:net";
import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { watchRequests } from "../../../services/ingest/request-clock.ts";

// More than the kernel takes from us for a sender that doesn't read.
const ANSWER_BYTES = 128 * 1024 * 1024;

describe("senders that read no answer", () => {
  it("are cut off, so that no long answer stays in memory", async () => {
    const app = Fastify();
    let slow = 0;
    watchRequests(app, 200, () => slow++);
    app.get("/", (_request, reply) => reply.send(Buffer.alloc(ANSWER_BYTES)));
    await app.listen({ port: 0, host: "127.0.0.1" });
    // A server that listens on host and port has an address object.
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => socket.destroy());
    const closed = new Promise((resolve) =>
      app.server.on("connection", (one) => one.once("close", resolve)),
    );
    socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    await closed;
    expect(slow).toBe(1);
    socket.destroy();
    await app.close();
  });
});
