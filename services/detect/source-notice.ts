// A notice about a source as a record of Heidewacht's own log: it takes the same way as every other
// record, so that it is archived, matched by the rules for `product: heidewacht` and triaged.
import { encodeRaw } from "../bus/raw-record.ts";
import type { SourceNotice } from "./source-health.ts";
import { OWN_SOURCE } from "./source-monitor.ts";

/** Outcomes: the source fails, or it works again. */
const OUTCOMES: Readonly<Record<SourceNotice["action"], "failure" | "success">> = {
  "source.silent": "failure",
  "source.resumed": "success",
  "dead_letter.flood": "failure",
  "dead_letter.over": "success",
};

/** Bytes for the topic `raw`. The same notice always has the same id. */
export function encodeNotice(notice: SourceNotice, receivedAt: number): Uint8Array {
  const { action, source, at, facts } = notice;
  return encodeRaw({
    id: `${OWN_SOURCE}:${action}:${source}:${at}`,
    idFromSender: true,
    source: OWN_SOURCE,
    format: "json",
    timeZone: "UTC",
    receivedAt,
    text: JSON.stringify({
      "@timestamp": new Date(at).toISOString(),
      product: "heidewacht",
      service: "audit",
      actor: "system",
      action,
      outcome: OUTCOMES[action],
      subject: source,
      // Beside `service`, which routes the record: the name by which the finding is about the source.
      "service.name": source,
      payload: Object.fromEntries(Object.entries(facts).map(readable)),
    }),
  });
}

/** Times as people read them. */
function readable([name, value]: [string, number]): [string, number | string] {
  return [name, name.endsWith("At") ? new Date(value).toISOString() : value];
}
