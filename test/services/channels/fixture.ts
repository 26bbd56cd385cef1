// Channels as the configuration opens them, with their secrets in files of a folder of the test's own.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, onTestFinished } from "vitest";
import { channelsSchema } from "../../../config/paging-channels.ts";
import {
  type Channel,
  ChannelFault,
  type OutgoingPage,
} from "../../../services/channels/channel.ts";
import { openChannel } from "../../../services/channels/open.ts";
import { type PageServer, startPageServer } from "../../support/page-server.ts";

export const SECRET = "geheim-7c1d9e";

/** @param files name → content; a setting names a file by its name */
export function openConfigured(
  config: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>> = {},
): Channel {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-channel-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const { weg } = channelsSchema.parse({ weg: config });
  expect(weg).toBeDefined();
  if (weg === undefined) throw new Error("the test's own configuration");
  const at = (path: string) => (path.startsWith("/") ? path : join(folder, path));
  const channel = openChannel(weg, at, "paging.channels.weg");
  onTestFinished(async () => {
    await channel.close();
    rmSync(folder, { recursive: true });
  });
  return channel;
}

export async function startServer(
  options: { readonly isSecure?: boolean } = {},
): Promise<PageServer> {
  const server = await startPageServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** What a channel says when it can't hand a page over; whatever it says holds nothing of `private`. */
export async function faultOf(
  channel: Channel,
  outgoing: OutgoingPage,
  { signal = new AbortController().signal, secrets = [] as readonly string[] } = {},
): Promise<ChannelFault> {
  const fault = await channel.send(outgoing, signal).then(
    () => new Error("it was handed over"),
    (error: unknown) => error,
  );
  if (!(fault instanceof ChannelFault)) throw fault;
  const said = inspect(fault, { depth: 10, showHidden: true }).replace(/\n\s+at .*/g, "");
  const told = [SECRET, outgoing.to, ...secrets].filter(
    (secret) => secret !== undefined && said.includes(secret),
  );
  expect(told).toEqual([]);
  return fault;
}
