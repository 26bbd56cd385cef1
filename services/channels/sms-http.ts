// Short messages by the HTTP interface of a gateway, of any maker: the configuration says in which fields and
// headers it wants number, text and id.
import type { ChannelConfigOf } from "../../config/paging-channels.ts";
import { type Channel, ChannelFault } from "./channel.ts";
import type { ChannelFiles } from "./channel-files.ts";
import { type HttpRequest, openHttpPeer } from "./http-post.ts";
import { referenceIn } from "./reference.ts";
import { telephoneNumber } from "./sms-answers.ts";
import { smsText } from "./sms-text.ts";

/** Where gateways say what they call a message. */
const REFERENCE_FIELDS = ["id", "messageId", "message_id", "messageID", "reference"];

type SmsHttpConfig = ChannelConfigOf<"sms_http">;

/** @throws AppError HW_CONFIG_INVALID for a file that can't be used */
export function openSmsHttp(config: SmsHttpConfig, files: ChannelFiles): Channel {
  const { secretFile, timeoutMs, from = "" } = config;
  const secret = secretFile === undefined ? "" : files.secret(secretFile, "secretFile");
  const peer = openHttpPeer({ timeoutMs, authorities: files.authorities(config.caFile) });
  return {
    kind: config.kind,
    async send(outgoing, signal) {
      const { id, to } = outgoing;
      const number = to === undefined ? undefined : telephoneNumber(to);
      if (number === undefined) throw new ChannelFault("refused", "no telephone number");
      const values = { to: number, text: smsText(outgoing), id, from, secret };
      const { url, request } = requestOf(config, values);
      const { text } = await peer.send(url, request, signal);
      const names = REFERENCE_FIELDS.map((field) => referenceIn(text, field));
      return { reference: names.find((name) => name !== undefined) };
    },
    async close() {
      peer.close();
    },
  };
}

type Values = Readonly<Record<"to" | "text" | "id" | "from" | "secret", string>>;

function requestOf(
  { url: address, method, encoding, fields, headers }: SmsHttpConfig,
  values: Values,
): { readonly url: URL; readonly request: HttpRequest } {
  const url = new URL(address);
  const filled = Object.entries(fields).map(
    ([name, template]) => [name, fill(template, values)] as const,
  );
  const ownHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, template]) => [name, headerText(fill(template, values))]),
  );
  if (method === "GET") {
    for (const [name, value] of filled) url.searchParams.append(name, value);
    return { url, request: { method, headers: ownHeaders } };
  }
  const body =
    encoding === "json"
      ? JSON.stringify(Object.fromEntries(filled))
      : new URLSearchParams(filled.map(([name, value]) => [name, value])).toString();
  const type = encoding === "json" ? "application/json" : "application/x-www-form-urlencoded";
  return { url, request: { method, headers: { "content-type": type, ...ownHeaders }, body } };
}

/** In one pass: what stands in a value is never taken for a place to be filled. */
function fill(template: string, values: Values): string {
  return template.replace(/\{(to|text|id|from|secret)\}/g, (place) => {
    const name = place.slice(1, -1) as keyof Values; // The pattern has these names alone.
    return values[name];
  });
}

function headerText(text: string): string {
  return text.replace(/[^ -~]+/g, " ").trim();
}
