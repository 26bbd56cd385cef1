// Records as @platformatic/kafka parses them, as ours.
import type { fetchV13, RecordsBatch } from "@platformatic/kafka";
import { checkCode, type FetchedPartition, type StoredRecord } from "./wire.ts";

/** Bit of a batch's attributes: the time is the broker's. */
const LOG_APPEND_TIME = 8;
const CONTROL_BATCH = 32;

/**
 * @param names by topic id
 * @param asked offsets that were asked for, by `topic/partition`
 */
export function fetchedOf(
  answer: fetchV13.FetchResponse,
  names: ReadonlyMap<string, string>,
  asked: ReadonlyMap<string, number>,
): FetchedPartition[] {
  checkCode(answer.errorCode, "fetch");
  return answer.responses.flatMap(({ topicId, partitions }) => {
    const topic = names.get(topicId) ?? "";
    return partitions.map(({ partitionIndex, errorCode, lastStableOffset, records }) => {
      const from = asked.get(`${topic}/${partitionIndex}`) ?? 0;
      const found: StoredRecord[] = [];
      let next = from;
      for (const batch of records ?? []) {
        addRecords(found, batch, from);
        next = Math.max(next, Number(batch.firstOffset) + batch.lastOffsetDelta + 1);
      }
      const end = Number(lastStableOffset);
      return { topic, partition: partitionIndex, errorCode, records: found, next, end };
    });
  });
}

function addRecords(found: StoredRecord[], batch: RecordsBatch, from: number): void {
  if ((batch.attributes & CONTROL_BATCH) !== 0) return;
  const first = Number(batch.firstOffset);
  const byBroker = (batch.attributes & LOG_APPEND_TIME) !== 0;
  const base = Number(byBroker ? batch.maxTimestamp : batch.firstTimestamp);
  for (const { offsetDelta, timestampDelta, key, value, headers } of batch.records) {
    const offset = first + offsetDelta;
    if (offset < from) continue;
    found.push({
      offset,
      timestamp: byBroker ? base : base + Number(timestampDelta),
      key: key ?? undefined,
      value: value ?? undefined,
      headers: headers.length === 0 ? NO_HEADERS : headers.map(textHeader),
    });
  }
}

const NO_HEADERS: readonly (readonly [string, Uint8Array])[] = [];
const NO_BYTES = new Uint8Array();

function textHeader([name, value]: [Buffer | null, Buffer | null]): [string, Uint8Array] {
  return [name?.toString("utf8") ?? "", value ?? NO_BYTES];
}
