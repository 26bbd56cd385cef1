// Microsoft Teams by a webhook of Workflows: a page as an Adaptive Card. Foreign text stands only in text
// blocks, escaped; the only links are the card's buttons.
import type { ChannelConfigOf } from "../../config/paging-channels.ts";
import type { Channel, OutgoingPage } from "./channel.ts";
import type { ChannelFiles } from "./channel-files.ts";
import { statusFault } from "./faults.ts";
import { openHttpPeer } from "./http-post.ts";
import { escapeMarkdown } from "./markdown.ts";
import { type ShownPage, showPage } from "./shown-page.ts";

const CARD = "application/vnd.microsoft.card.adaptive";

export function openTeams(config: ChannelConfigOf<"teams">, files: ChannelFiles): Channel {
  const url = files.url(config.urlFile, "urlFile");
  const peer = openHttpPeer({
    timeoutMs: config.timeoutMs,
    authorities: files.authorities(config.caFile),
  });
  return {
    kind: config.kind,
    async send(outgoing, signal) {
      const body = JSON.stringify(messageOf(outgoing));
      const headers = { "content-type": "application/json", "x-heidewacht-page": outgoing.id };
      const { text } = await peer.send(url, { headers, body }, signal);
      // Connectors say "taken" and tell of the failure behind them in the text.
      const status = /\bHTTP error (\d{3})\b/.exec(text)?.[1];
      if (status !== undefined) throw statusFault(Number(status));
      return { reference: undefined };
    },
    async close() {
      peer.close();
    },
  };
}

function messageOf(outgoing: OutgoingPage): unknown {
  const shown = showPage(outgoing);
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    lang: shown.language,
    msteams: { width: "Full" },
    body: blocksOf(shown, outgoing.page.priority === "p1"),
    actions: shown.links.map(({ label, url }) => ({ type: "Action.OpenUrl", title: label, url })),
  };
  return { type: "message", attachments: [{ contentType: CARD, contentUrl: null, content }] };
}

function blocksOf(page: ShownPage, isUrgent: boolean): unknown[] {
  const block = (text: string, more: object = {}) => ({
    ...{ type: "TextBlock", text, wrap: true },
    ...more,
  });
  const heading = (text: string) => block(text, { weight: "Bolder", separator: true });
  const { facts, advice, more, notice } = page;
  return [
    block(escapeMarkdown(page.head), { isSubtle: true, size: "Small" }),
    block(escapeMarkdown(page.title), {
      ...{ weight: "Bolder", size: "Large" },
      color: isUrgent ? "Attention" : "Default",
    }),
    ...(notice === undefined ? [] : [block(escapeMarkdown(notice), { color: "Warning" })]),
    ...facts.map(({ label, value }) =>
      block(`**${escapeMarkdown(label)}:** ${escapeMarkdown(value)}`, { spacing: "Small" }),
    ),
    ...(advice.length === 0 ? [] : [heading(page.adviceHeading)]),
    ...advice.map((text, at) => block(`${at + 1}\\. ${escapeMarkdown(text)}`)),
    ...(more.length === 0 ? [] : [heading(page.moreHeading)]),
    ...more.map((text) => block(`– ${escapeMarkdown(text)}`, { spacing: "None" })),
    block(escapeMarkdown(page.foot), { isSubtle: true, size: "Small", separator: true }),
  ];
}
