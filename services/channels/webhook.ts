// Our own web hook: a page as JSON, signed with time and body, so that the receiver can tell who sent it and
// that nobody sends it again later.
import { createHmac } from "node:crypto";
import type { ChannelConfigOf } from "../../config/paging-channels.ts";
import type { Channel, OutgoingPage } from "./channel.ts";
import type { ChannelFiles } from "./channel-files.ts";
import { openHttpPeer } from "./http-post.ts";
import { referenceIn } from "./reference.ts";
import { showPage } from "./shown-page.ts";

const VERSION = 1;

export function openWebhook(config: ChannelConfigOf<"webhook">, files: ChannelFiles): Channel {
  const url = new URL(config.url);
  const secret =
    config.secretFile === undefined ? undefined : files.secret(config.secretFile, "secretFile");
  const peer = openHttpPeer({
    timeoutMs: config.timeoutMs,
    authorities: files.authorities(config.caFile),
  });
  return {
    kind: config.kind,
    async send(outgoing, signal) {
      const body = JSON.stringify(bodyOf(outgoing));
      const headers = {
        "content-type": "application/json",
        "idempotency-key": outgoing.id,
        ...(secret === undefined
          ? {}
          : { "x-heidewacht-signature": signatureOf(body, secret, Date.now()) }),
      };
      const { text } = await peer.send(url, { headers, body }, signal);
      return { reference: referenceIn(text, "reference") };
    },
    async close() {
      peer.close();
    },
  };
}

/** `t=<seconds since 1970>,v1=<HMAC-SHA-256 over "t.body", hexadecimal>`. */
function signatureOf(body: string, secret: string, now: number): string {
  const at = Math.floor(now / 1000);
  return `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${body}`).digest("hex")}`;
}

function bodyOf(outgoing: OutgoingPage): unknown {
  const { id, page, to, attempt } = outgoing;
  const shown = showPage(outgoing);
  const linkOf = (action: string) =>
    shown.links.find((link) => link.action === action)?.url ?? null;
  return {
    version: VERSION,
    id,
    attempt,
    to: to ?? null,
    kind: page.kind,
    language: page.language,
    tenant: page.tenant,
    priority: page.priority,
    tlp: page.tlp ?? null,
    raisedAt: new Date(page.raisedAt).toISOString(),
    title: shown.title,
    notice: shown.notice ?? null,
    facts: shown.facts,
    advice: shown.advice,
    more: shown.more,
    link: linkOf("open"),
    acknowledgeLink: linkOf("acknowledge"),
    declineLink: linkOf("decline"),
  };
}
