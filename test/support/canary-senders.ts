// Senders of text lines over the network inputs, each in its own protocol; they end when all is taken.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { acknowledgements, windowOf } from "../services/ingest/lumberjack-sender.ts";
import { TLS_FOLDER } from "../services/ingest/network-setup.ts";

const HOST = "127.0.0.1";
const WINDOW = 500;
const ACKNOWLEDGEMENT_BYTES = 6;

/** Name of an input as its source → sends lines to its port. */
export const NETWORK_SENDERS: Readonly<
  Record<string, (port: number, texts: readonly string[]) => Promise<void>>
> = {
  syslog: (port, texts) => sendAll(connect(port, HOST), syslogLines(texts)),
  "syslog-tls"(port, texts) {
    const ca = readFileSync(join(TLS_FOLDER, "ca.pem"));
    return sendAll(connectTls({ port, host: HOST, ca }), syslogLines(texts));
  },
  gelf(port, texts) {
    const lines = texts.map((text) =>
      JSON.stringify({ version: "1.1", host: "fs01", short_message: text }),
    );
    return sendAll(connect(port, HOST), lines.map((line) => `${line}\0`).join(""));
  },
  relp(port, texts) {
    const frame = (number: number, command: string, data: string) =>
      `${number} ${command} ${Buffer.byteLength(data)} ${data}\n`;
    const frames = [frame(1, "open", "relp_version=0\nrelp_software=canary\ncommands=syslog")];
    for (const line of syslogLines(texts).trimEnd().split("\n"))
      frames.push(frame(frames.length + 1, "syslog", line));
    frames.push(`${frames.length + 1} close 0\n`);
    return sendAll(connect(port, HOST), frames.join(""), false);
  },
  async lumberjack(port, texts) {
    const socket = connect(port, HOST);
    let answers: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      answers = Buffer.concat([answers, Buffer.from(chunk)]);
    });
    for (let at = 0; at < texts.length; at += WINDOW) {
      const some = texts.slice(at, at + WINDOW);
      const time = { "@timestamp": new Date().toISOString() };
      socket.write(windowOf(some.map((message) => JSON.stringify({ ...time, message }))));
      // The last acknowledgement of a window names its last record.
      while (acknowledgements(whole(answers)).at(-1) !== `2:${some.length}`)
        await once(socket, "data");
      answers = Buffer.alloc(0);
    }
    socket.end();
    await once(socket, "close");
  },
};

function whole(answers: Buffer): Buffer {
  return answers.subarray(0, answers.length - (answers.length % ACKNOWLEDGEMENT_BYTES));
}

function syslogLines(texts: readonly string[]): string {
  const at = new Date().toISOString();
  return texts.map((text) => `<34>1 ${at} fs01 app - - - ${text}\n`).join("");
}

/** @param ends whether the sender closes; else the receiver does */
async function sendAll(socket: Socket, text: string, ends = true): Promise<void> {
  const closed = once(socket, "close");
  socket.resume();
  if (ends) socket.end(text);
  else socket.write(text);
  await closed;
}
