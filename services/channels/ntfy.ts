// ntfy, on a server of the house: a page as plain text, with buttons that open our own pages.

import type { Priority } from "../../config/paging.ts";
import type { ChannelConfigOf } from "../../config/paging-channels.ts";
import { type Channel, ChannelFault, type OutgoingPage } from "./channel.ts";
import type { ChannelFiles } from "./channel-files.ts";
import { openHttpPeer } from "./http-post.ts";
import { CHANNEL_MESSAGES } from "./messages.ts";
import { referenceIn } from "./reference.ts";
import { showPage } from "./shown-page.ts";
import { bodyAsText } from "./text.ts";

/** The server makes an attachment of what is longer than 4,096 bytes. */
const MESSAGE_BYTES_MAX = 4000;
const TOPIC = /^[-_A-Za-z0-9]{1,64}$/;
/** 5 breaks through "do not disturb". */
const PRIORITY: Readonly<Record<Priority, number>> = { p1: 5, p2: 4, p3: 3, p4: 2 };
/** Names of emoji, as ntfy knows them. */
const TAG: Readonly<Record<Priority, string>> = {
  p1: "rotating_light",
  p2: "warning",
  p3: "bell",
  p4: "memo",
};

export function openNtfy(config: ChannelConfigOf<"ntfy">, files: ChannelFiles): Channel {
  const url = new URL(config.url);
  const token =
    config.tokenFile === undefined ? undefined : files.secret(config.tokenFile, "tokenFile");
  const authorization: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const peer = openHttpPeer({
    timeoutMs: config.timeoutMs,
    authorities: files.authorities(config.caFile),
  });
  return {
    kind: config.kind,
    async send(outgoing, signal) {
      const topic = outgoing.to ?? config.topic;
      if (topic === undefined || !TOPIC.test(topic)) {
        throw new ChannelFault("misconfigured", "receiver");
      }
      const body = JSON.stringify({ topic, ...messageOf(outgoing) });
      const headers = {
        ...{ "content-type": "application/json", "x-heidewacht-page": outgoing.id },
        ...authorization,
      };
      const { text } = await peer.send(url, { headers, body }, signal);
      return { reference: referenceIn(text, "id") };
    },
    async probe(signal) {
      const request = { method: "GET", headers: authorization } as const;
      await peer.send(new URL("/v1/health", url), request, signal);
    },
    async close() {
      peer.close();
    },
  };
}

function messageOf(outgoing: OutgoingPage): object {
  const { page } = outgoing;
  const shown = showPage(outgoing);
  const click = shown.links.find(({ action }) => action === "open")?.url;
  return {
    title: shown.title,
    message: shortened(bodyAsText(shown), CHANNEL_MESSAGES[page.language].cut),
    priority: PRIORITY[page.priority],
    tags: [TAG[page.priority], `heidewacht-${page.kind}`],
    ...(click === undefined ? {} : { click }),
    actions: shown.links.map(({ label, url }) => ({ action: "view", label, url })),
  };
}

function shortened(text: string, mark: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MESSAGE_BYTES_MAX) return text;
  const end = ` ${mark}`;
  const kept = bytes.subarray(0, MESSAGE_BYTES_MAX - Buffer.byteLength(end)).toString("utf8");
  // A character that was parted by the cut became a replacement character.
  return `${kept.replace(/\ufffd+$/, "")}${end}`;
}
