// Records of the mail server's message tracking, as a shipper turns Exchange's CSV into JSON: one
// record for each thing that happened to a message, with the columns' own names.
import type { World } from "../world.ts";

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly address: string;
  readonly bytes: number;
  readonly attachments?: readonly string[];
  readonly direction: "Incoming" | "Originating";
  /** What the filter in front did with it. */
  readonly verdict?: "delivered" | "quarantined" | "rejected";
  readonly spamScore?: number;
}

/** A message: its receipt and, unless it was stopped, its delivery or sending. */
export function mail(world: World, time: number, message: Mail): void {
  const { county, random } = world;
  const id = `<${random.hex(16)}@${message.from.slice(message.from.indexOf("@") + 1)}>`;
  const verdict = message.verdict ?? "delivered";
  const incoming = message.direction === "Incoming";
  const record = (at: number, event: string, source: string) => {
    const when = Math.round(at);
    world.emit({
      kind: "line",
      time: when,
      source: "mail",
      stream: `${county.servers.exchange.fqdn}:MessageTracking`,
      line: (position) =>
        JSON.stringify({
          "@timestamp": new Date(when).toISOString(),
          "date-time": new Date(when).toISOString(),
          "server-hostname": county.servers.exchange.name,
          "server-ip": county.servers.exchange.ip,
          "client-ip": message.address,
          "event-id": event,
          source,
          "internal-message-id": position,
          "message-id": id,
          "recipient-address": message.to,
          "recipient-count": message.to.length,
          "sender-address": message.from,
          "return-path": message.from,
          "message-subject": message.subject,
          "total-bytes": message.bytes,
          directionality: message.direction,
          "attachment-names": message.attachments ?? [],
          "custom-data": `S:SpamScore=${message.spamScore ?? 0};S:FilterVerdict=${verdict}`,
        }),
    });
  };
  record(time, verdict === "rejected" ? "FAIL" : "RECEIVE", incoming ? "SMTP" : "STOREDRIVER");
  if (verdict === "quarantined") record(time + 400, "REDIRECT", "AGENT");
  if (verdict === "delivered") {
    record(
      time + random.int(300, 4000),
      incoming ? "DELIVER" : "SEND",
      incoming ? "STOREDRIVER" : "SMTP",
    );
  }
}
