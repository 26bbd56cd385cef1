// Hands a page over to a GoAlert of the house by its generic API; it escalates by its own rules from there,
// and whoever takes its alert closes it there.
// `dedup` is our page's id: while its alert is open, a repetition is no second one.
import type { ChannelConfigOf } from "../../config/paging-channels.ts";
import type { Channel } from "./channel.ts";
import type { ChannelFiles } from "./channel-files.ts";
import { openHttpPeer } from "./http-post.ts";
import { showPage } from "./shown-page.ts";
import { pageAsText } from "./text.ts";

const PATH = "api/v2/generic/incoming";
/** GoAlert would cut behind it; a title is shorter than its limit. */
const DETAILS_CHARACTERS_MAX = 6 * 1024;

/** @throws AppError HW_CONFIG_INVALID for a file that can't be used */
export function openGoAlert(config: ChannelConfigOf<"goalert">, files: ChannelFiles): Channel {
  const token = files.secret(config.tokenFile, "tokenFile");
  const peer = openHttpPeer({
    timeoutMs: config.timeoutMs,
    authorities: files.authorities(config.caFile),
  });
  const url = addressOf(config.url);
  const post = async (fields: Readonly<Record<string, string>>, signal: AbortSignal) => {
    // In the body, not in the address: proxies write addresses down.
    const body = new URLSearchParams({ token, ...fields }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    await peer.send(url, { headers, body }, signal);
  };
  return {
    kind: config.kind,
    async send(outgoing, signal) {
      const { id } = outgoing;
      const shown = showPage(outgoing);
      const details = pageAsText(shown).slice(0, DETAILS_CHARACTERS_MAX).toWellFormed();
      // GoAlert refuses an alert without words.
      const summary = /[\p{L}\p{N}\p{P}\p{S}]/u.test(shown.title) ? shown.title : shown.head;
      await post({ summary, details, dedup: id }, signal);
      return { reference: id };
    },
    async close() {
      peer.close();
    },
  };
}

/** The configured address may be GoAlert's own or already that of its API. */
function addressOf(configured: string): URL {
  const base = new URL(configured);
  if (base.pathname.endsWith(`/${PATH}`)) return base;
  base.pathname = `${base.pathname.replace(/\/+$/, "")}/${PATH}`;
  return base;
}
