// A directory server on a real socket that speaks as much LDAP (RFC 4511) as an import needs: simple bind,
// a search below one place that gives all of its entries, and pages (RFC 2696). It judges no filters.

import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer, type SecureContextOptions } from "node:tls";

const PAGED_RESULTS = "1.2.840.113556.1.4.319";
const SUCCESS = 0;
const NO_SUCH_OBJECT = 32;
const INVALID_CREDENTIALS = 49;
const INSUFFICIENT_RIGHTS = 50;

/** Attribute → its values. */
type LdapEntry = Readonly<Record<string, readonly string[]>>;

export interface LdapServerOptions {
  readonly bindDn: string;
  readonly password: string;
  readonly baseDn: string;
  readonly entries: readonly LdapEntry[];
  /** Makes it speak TLS. */
  readonly tls?: SecureContextOptions;
}

export interface LdapServer {
  readonly port: number;
  /** Sizes of the pages that were asked for. */
  readonly pages: readonly number[];
  close(): Promise<void>;
}

interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** Starts it on a free port of loopback. */
export async function startLdapServer(options: LdapServerOptions): Promise<LdapServer> {
  const pages: number[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    sockets.add(socket);
    const isBound = { now: false };
    let waiting: Buffer = Buffer.alloc(0);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      waiting = Buffer.concat([waiting, Buffer.from(chunk)]);
      for (let end = endOf(waiting, 0); end !== undefined; end = endOf(waiting, 0)) {
        const [message] = elementsOf(waiting.subarray(0, end));
        waiting = waiting.subarray(end);
        if (message !== undefined) answer(socket, message, options, isBound, pages);
      }
    });
  };
  const server =
    options.tls === undefined ? createServer(serve) : createTlsServer(options.tls, serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // It listens on a port.
  return {
    port,
    pages,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  socket: Socket,
  message: Element,
  options: LdapServerOptions,
  isBound: { now: boolean },
  pages: number[],
): void {
  const [id, operation, controls] = elementsOf(message.content);
  if (id === undefined || operation === undefined) return;
  const send = (tag: number, content: Buffer, more: Buffer = Buffer.alloc(0)) =>
    socket.write(element(0x30, element(0x02, id.content), element(tag, content), more));
  const fields = elementsOf(operation.content);
  if (operation.tag === 0x60) {
    const [, dn, password] = fields.map(({ content }) => content.toString());
    isBound.now = dn === options.bindDn && password === options.password;
    send(0x61, result(isBound.now ? SUCCESS : INVALID_CREDENTIALS));
  } else if (operation.tag === 0x63) {
    if (!isBound.now) return void send(0x65, result(INSUFFICIENT_RIGHTS));
    if (fields[0]?.content.toString() !== options.baseDn)
      return void send(0x65, result(NO_SUCH_OBJECT));
    const wanted = elementsOf(fields[7]?.content ?? Buffer.alloc(0)).map(({ content }) =>
      content.toString(),
    );
    const page = pageOf(controls);
    if (page !== undefined) pages.push(page.size);
    const from = page?.from ?? 0;
    const until = Math.min(options.entries.length, from + (page?.size ?? Infinity));
    for (const [at, entry] of options.entries.slice(from, until).entries())
      send(0x64, entryContent(`CN=${from + at},${options.baseDn}`, entry, wanted));
    const cookie = until < options.entries.length ? String(until) : "";
    send(0x65, result(SUCCESS), page === undefined ? undefined : pageControl(cookie));
  } else if (operation.tag === 0x42) socket.end();
}

function pageOf(controls: Element | undefined): { size: number; from: number } | undefined {
  for (const control of elementsOf(controls?.content ?? Buffer.alloc(0))) {
    const parts = elementsOf(control.content);
    if (parts[0]?.content.toString() !== PAGED_RESULTS) continue;
    const [value] = elementsOf(parts.at(-1)?.content ?? Buffer.alloc(0));
    const [size, cookie] = elementsOf(value?.content ?? Buffer.alloc(0));
    if (size === undefined || cookie === undefined) return undefined;
    return { size: size.content.readIntBE(0, size.content.length), from: Number(cookie.content) };
  }
  return undefined;
}

function pageControl(cookie: string): Buffer {
  const value = element(0x30, element(0x02, Buffer.of(0)), text(cookie));
  return element(0xa0, element(0x30, text(PAGED_RESULTS), element(0x04, value)));
}

function entryContent(dn: string, entry: LdapEntry, wanted: readonly string[]): Buffer {
  const attributes = Object.entries(entry)
    .filter(([name]) => wanted.includes(name))
    .map(([name, values]) => element(0x30, text(name), element(0x31, ...values.map(text))));
  return Buffer.concat([text(dn), element(0x30, ...attributes)]);
}

function result(code: number): Buffer {
  return Buffer.concat([element(0x0a, Buffer.of(code)), text(""), text("")]);
}

function text(value: string): Buffer {
  return element(0x04, Buffer.from(value));
}

/** Tag, length and content in BER (X.690), with lengths of four bytes as Active Directory writes them. */
function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const head = Buffer.alloc(6);
  head[0] = tag;
  head[1] = 0x84;
  head.writeUInt32BE(content.length, 2);
  return Buffer.concat([head, content]);
}

/** Where the element that begins here ends; undefined while not all of it is there. */
function endOf(bytes: Buffer, start: number): number | undefined {
  const place = placeOf(bytes, start);
  return place !== undefined && place.end <= bytes.length ? place.end : undefined;
}

function placeOf(bytes: Buffer, start: number): { from: number; end: number } | undefined {
  const first = bytes[start + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { from: start + 2, end: start + 2 + first };
  const from = start + 2 + (first & 0x7f);
  if (bytes.length < from) return undefined;
  return { from, end: from + bytes.readUIntBE(start + 2, first & 0x7f) };
}

function elementsOf(bytes: Buffer): Element[] {
  const all: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const place = placeOf(bytes, at);
    if (place === undefined || place.end > bytes.length) throw new RangeError("not BER");
    all.push({ tag: bytes[at] ?? 0, content: bytes.subarray(place.from, place.end) });
    at = place.end;
  }
  return all;
}
