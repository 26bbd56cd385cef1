// Mattermost by an incoming webhook: a page as Markdown that calls nobody but by being there.
import type { ChannelConfigOf } from "../../config/paging-channels.ts";
import { type Channel, ChannelFault } from "./channel.ts";
import type { ChannelFiles } from "./channel-files.ts";
import { openHttpPeer } from "./http-post.ts";
import { pageAsMarkdown } from "./markdown.ts";
import { showPage } from "./shown-page.ts";

/** A channel, or somebody's direct messages. */
const RECEIVER = /^@?[a-z0-9][a-z0-9._-]{0,63}$/;

export function openMattermost(
  config: ChannelConfigOf<"mattermost">,
  files: ChannelFiles,
): Channel {
  const url = files.url(config.urlFile, "urlFile");
  const peer = openHttpPeer({
    timeoutMs: config.timeoutMs,
    authorities: files.authorities(config.caFile),
  });
  return {
    kind: config.kind,
    async send(outgoing, signal) {
      const { id, to } = outgoing;
      if (to !== undefined && !RECEIVER.test(to)) {
        throw new ChannelFault("misconfigured", "receiver");
      }
      const body = JSON.stringify({
        ...(to === undefined ? {} : { channel: to }),
        text: pageAsMarkdown(showPage(outgoing)),
        // Belt and braces: there is no mention in the text.
        props: {
          ...{ mentionHighlightDisabled: true, disable_group_highlight: true },
          heidewacht_page: id,
        },
      });
      const headers = { "content-type": "application/json", "x-heidewacht-page": id };
      await peer.send(url, { headers, body }, signal);
      return { reference: undefined };
    },
    async close() {
      peer.close();
    },
  };
}
