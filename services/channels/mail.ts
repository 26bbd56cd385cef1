// Mail over the server of the house: plain text and simple HTML of the same words. A page that is sent again
// has the same Message-ID, and all pages of one finding stand in one thread.
import { createHash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import type { Priority } from "../../config/paging.ts";
import type { ChannelConfigOf } from "../../config/paging-channels.ts";
import { type Channel, ChannelFault, type OutgoingPage } from "./channel.ts";
import type { ChannelFiles } from "./channel-files.ts";
import { pageAsHtml } from "./html.ts";
import { showPage } from "./shown-page.ts";
import { openSmtpPeer } from "./smtp.ts";
import { pageAsText } from "./text.ts";

const ADDRESS = /^[^\s\p{Cc}<>,;:"()[\]@\\]{1,64}@[^\s\p{Cc}<>,;:"()[\]@\\]{1,188}$/u;
/** As Outlook, Thunderbird and X.400 gateways read it; what is neither high nor low says nothing. */
const HIGH = { "X-Priority": "1 (Highest)", Importance: "high", Priority: "urgent" };
const LOW = { "X-Priority": "5 (Lowest)", Importance: "low", Priority: "non-urgent" };
const IMPORTANCE: Readonly<Record<Priority, Readonly<Record<string, string>>>> = {
  ...{ p1: HIGH, p2: HIGH, p3: {}, p4: LOW },
};
const THREAD_CHARACTERS = 32;

export function openMail(config: ChannelConfigOf<"mail">, files: ChannelFiles): Channel {
  const { host, port, security, user, passwordFile, timeoutMs, from } = config;
  const password =
    passwordFile === undefined ? undefined : files.secret(passwordFile, "passwordFile");
  const authorities = files.authorities(config.caFile);
  const peer = openSmtpPeer({ host, port, security, user, password, authorities, timeoutMs });
  return {
    kind: config.kind,
    async send(outgoing, signal) {
      const { to } = outgoing;
      if (to === undefined || !ADDRESS.test(to)) {
        throw new ChannelFault("misconfigured", "receiver");
      }
      const { message, messageId } = await compose(outgoing, { from, to });
      await peer.deliver({ from, to, message }, signal);
      return { reference: messageId };
    },
    probe: (signal) => peer.probe(signal),
    // Each mail has its own connection, which ends with it.
    close: async () => undefined,
  };
}

async function compose(
  outgoing: OutgoingPage,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<{ message: Buffer; messageId: string }> {
  const { page } = outgoing;
  const shown = showPage(outgoing);
  const domain = from.slice(from.lastIndexOf("@") + 1);
  const id = outgoing.id.replace(/[^\w-]/g, "");
  const messageId = `<${id}@${domain}>`;
  const thread = `<${threadOf(page)}.thread@${domain}>`;
  const composer = new MailComposer({
    ...{ from: { name: "Heidewacht", address: from }, to: { name: "", address: to } },
    ...{ messageId, inReplyTo: thread, references: [thread] },
    // Nothing foreign is to be decoded by its reader (RFC 2047).
    subject: shown.title.replaceAll("=?", "= ?"),
    text: pageAsText(shown),
    html: pageAsHtml(shown),
    headers: {
      ...IMPORTANCE[page.priority],
      "Auto-Submitted": "auto-generated",
      // Exchange would answer for those who are away.
      "X-Auto-Response-Suppress": "All",
      "X-Heidewacht-Page": id,
      "X-Heidewacht-Attempt": `${outgoing.attempt}`,
    },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const message = await composer.compile().build();
  return { message, messageId };
}

/** The same for all pages of a finding, whatever their round and step. */
function threadOf({ tenant, kind, raisedAt, link }: OutgoingPage["page"]): string {
  const key = JSON.stringify([tenant, kind, raisedAt, link ?? null]);
  return createHash("sha256").update(key).digest("hex").slice(0, THREAD_CHARACTERS);
}
