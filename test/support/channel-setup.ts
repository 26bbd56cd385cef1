// What tests of channels need beside a peer: files with secrets, and faults that must not tell any of it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { type ChannelConfigOf, channelsSchema } from "../../config/paging-channels.ts";
import { type Channel, ChannelFault, type OutgoingPage } from "../../services/channels/channel.ts";
import { type ChannelFiles, channelFiles } from "../../services/channels/channel-files.ts";

const TLS = join(import.meta.dirname, "../fixtures/tls");
export const tlsPath = (name: string): string => join(TLS, name);
export const SERVER_TLS = {
  cert: readFileSync(tlsPath("server.pem")),
  key: readFileSync(tlsPath("server.key")),
} as const;

export interface ChannelFolder extends Disposable {
  readonly path: string;
  readonly files: ChannelFiles;
  /** Writes a file and gives its path. */
  write(name: string, text: string): string;
}

export function channelFolder(): ChannelFolder {
  const path = mkdtempSync(join(tmpdir(), "hw-channel-"));
  return {
    ...{ path, files: channelFiles((file) => file, "paging.channels.test") },
    write(name, text) {
      writeFileSync(join(path, name), text);
      return join(path, name);
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** As the configuration's schema makes it of what somebody wrote. */
export function channelConfig<K extends Parameters<typeof configOf>[0]>(
  kind: K,
  written: object,
): ChannelConfigOf<K> {
  return configOf(kind, written) as ChannelConfigOf<K>; // The schema tells kinds by this field.
}

function configOf(kind: "matrix" | "sms_http" | "gammu" | "syslog" | "goalert", written: object) {
  return channelsSchema.parse({ test: { kind, ...written } }).test;
}

/** The fault of a page that is not taken; fails where it says where it was to go, or a secret. */
export async function faultOf(
  channel: Channel,
  outgoing: OutgoingPage,
  secrets: readonly string[] = [],
  signal: AbortSignal = new AbortController().signal,
): Promise<ChannelFault> {
  const fault = await channel.send(outgoing, signal).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof ChannelFault)) throw new Error(`no fault of a channel: ${String(fault)}`);
  const told = `${fault.message} ${fault.cause instanceof Error ? fault.cause.message : ""}`;
  for (const secret of [...secrets, outgoing.to, "127.0.0.1", "192.0.2.7"]) {
    if (secret !== undefined) expect(told).not.toContain(secret);
  }
  return fault;
}
