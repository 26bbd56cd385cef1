// What a detect process publishes of a source, for tests of the source monitor: one record of a batch.
import type { SourceCounts } from "../../services/bus/source-counts-record.ts";

let offset = 0;

/** Counts of one record that a format understood, or of one that failed where `reason` is given. */
export function oneSeen(
  source: string,
  record: {
    readonly receivedAt: number;
    readonly eventAt?: number;
    readonly format?: string;
    readonly reason?: string;
    readonly hosts?: readonly string[];
  },
): SourceCounts {
  const { receivedAt, eventAt = receivedAt, format = "json", reason, hosts = [] } = record;
  offset += 1;
  const isFailed = reason !== undefined;
  const lag = receivedAt - eventAt;
  return {
    source,
    stretch: { partition: 0, lastOffset: offset, appendedAt: receivedAt },
    records: 1,
    failed: isFailed ? 1 : 0,
    formats: isFailed ? {} : { [format]: 1 },
    // An own property, as JSON.parse would make it.
    reasons: isFailed ? JSON.parse(`{${JSON.stringify(reason)}:1}`) : {},
    hosts: JSON.parse(`{${hosts.map((host) => `${JSON.stringify(host)}:${receivedAt}`).join()}}`),
    receivedAt: [receivedAt],
    lastEventAt: isFailed ? null : eventAt,
    lags: isFailed
      ? { values: [], stride: 1, count: 0, max: 0 }
      : { values: [lag], stride: 1, count: 1, max: lag },
  };
}
