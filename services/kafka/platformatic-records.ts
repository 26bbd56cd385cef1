// Records as @platformatic/kafka parses them, as ours.
import type { fetchV13, RecordsBatch } from "@platformatic/kafka";
import { checkCode, type FetchedPartition, type StoredRecord } from "./wire.ts";

/** Bit of a batch's attributes: the time is the broker's. */
const LOG_APPEND_TIME = 8;
const TRANSACTIONAL = 16;
const CONTROL_BATCH = 32;
/** Second number in the key of a control record. */
const ABORT_MARKER = 0;

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
    return partitions.map((partition) => {
      const { partitionIndex, errorCode, lastStableOffset, records } = partition;
      const from = asked.get(`${topic}/${partitionIndex}`) ?? 0;
      const found: StoredRecord[] = [];
      let next = from;
      const isAborted = createAbortedFilter(partition.abortedTransactions ?? []);
      for (const batch of records ?? []) {
        if (!isAborted(batch)) addRecords(found, batch, from);
        next = Math.max(next, Number(batch.firstOffset) + batch.lastOffsetDelta + 1);
      }
      const end = Number(lastStableOffset);
      return { topic, partition: partitionIndex, errorCode, records: found, next, end };
    });
  });
}

/**
 * Tells batches of transactions that were given up, asked in offset order: the broker names producers and
 * where their transactions begin, a marker in the log says where each ends.
 */
function createAbortedFilter(
  transactions: readonly { readonly producerId: bigint; readonly firstOffset: bigint }[],
): (batch: RecordsBatch) => boolean {
  if (transactions.length === 0) return () => false;
  const coming = [...transactions].sort((left, right) =>
    left.firstOffset < right.firstOffset ? -1 : 1,
  );
  const givenUp = new Set<bigint>();
  return ({ attributes, producerId, firstOffset, lastOffsetDelta, records }) => {
    const last = firstOffset + BigInt(lastOffsetDelta);
    for (let next = coming[0]; next !== undefined && next.firstOffset <= last; next = coming[0]) {
      givenUp.add(next.producerId);
      coming.shift();
    }
    if ((attributes & CONTROL_BATCH) === 0)
      return (attributes & TRANSACTIONAL) !== 0 && givenUp.has(producerId);
    if (records[0]?.key?.readInt16BE(2) === ABORT_MARKER) givenUp.delete(producerId);
    return false;
  };
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
