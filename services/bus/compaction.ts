// What retention does to one topic: rows that are too old or too many go, and of a compacted topic only
// the newest record of each key stays. Works in small steps, so that the stages go on meanwhile.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { IncomingRecord } from "./bus.ts";
import { decodeRow, encodeRow, isIntact } from "./row-codec.ts";
import type { TenantLog, TopicLog } from "./tenant-log.ts";

const ROWS_PER_STEP = 256;
const MERGED_RECORDS_MAX = 4096;
const MERGED_BYTES_MAX = 1024 * 1024;

/** Deletes rows past their age, then the oldest ones over the byte limit. */
export async function deleteOldRows(log: TenantLog, topic: TopicLog, now: number): Promise<void> {
  const { retentionMs, retentionBytes } = topic.settings;
  for (;;) {
    log.refreshStarts(topic);
    let bytes = topic.partitions.reduce((sum, one) => sum + one.head.bytes - one.startBytes, 0);
    const rows: number[] = [];
    for (const row of log.file.oldestRows(topic.id)) {
      if (rows.length === ROWS_PER_STEP) break;
      if (row.appendedAt > now - retentionMs && bytes <= retentionBytes) break;
      bytes -= row.bytes;
      rows.push(row.row);
    }
    if (rows.length === 0) return;
    log.file.transaction(() => {
      for (const row of rows) log.file.deleteRow(row);
    });
    log.refreshStarts(topic);
    await nextTurn();
  }
}

/** Keeps the newest record per key in every partition; merges what is left into fewer rows. */
export async function compact(log: TenantLog, topic: TopicLog, now: number): Promise<void> {
  for (const partition of topic.partitions.keys()) {
    const end = topic.partitions[partition]?.head.next ?? 0;
    const newest = await newestOffsets(log, topic, partition, end);
    for (let offset = 0; offset < end; ) {
      offset = rewriteRun(log, topic, { partition, offset, end, now, newest });
      await nextTurn();
    }
  }
  log.refreshStarts(topic);
}

async function newestOffsets(log: TenantLog, topic: TopicLog, partition: number, end: number) {
  const newest = new Map<string, number>();
  for (let offset = 0; offset < end; ) {
    const found = log.read(topic, partition, offset);
    if (found === undefined) break;
    for (const record of found.records)
      if (record.key !== undefined) newest.set(record.key, record.offset);
    offset = found.next;
    await nextTurn();
  }
  return newest;
}

interface Run {
  readonly partition: number;
  readonly offset: number;
  readonly end: number;
  readonly now: number;
  readonly newest: ReadonlyMap<string, number>;
}

/** Rewrites as many rows as fit one; gives back the offset after them. */
function rewriteRun(log: TenantLog, topic: TopicLog, run: Run): number {
  const kept: IncomingRecord[] = [];
  const rows: number[] = [];
  let first: { base: number; bytesBefore: number; appendedAt: number } | undefined;
  let next = run.offset;
  let seen = 0;
  for (let bytes = 0; bytes < MERGED_BYTES_MAX && kept.length < MERGED_RECORDS_MAX; ) {
    const row = log.file.rowFrom(topic.id, run.partition, next);
    if (row === undefined || row.base >= run.end) {
      next = run.end;
      break;
    }
    next = row.last + 1;
    // A damaged row stays as it is: reading steps over it and says so.
    if (!isIntact(row)) break;
    const records = decodeRow(row, log.tenant, topic.sealer);
    seen += records.length;
    rows.push(row.row);
    first ??= row;
    for (const record of records) {
      const tombstone = record.value.length === 0;
      if (record.key === undefined || run.newest.get(record.key) !== record.offset) continue;
      if (tombstone && record.appendedAt <= run.now - topic.settings.retentionMs) continue;
      kept.push(record);
      bytes += record.value.length;
    }
  }
  if (first === undefined || (rows.length === 1 && seen === kept.length)) return next;
  replaceRows(log, topic, { partition: run.partition, rows, kept, next, first });
  return next;
}

function replaceRows(
  log: TenantLog,
  topic: TopicLog,
  change: {
    readonly partition: number;
    readonly rows: readonly number[];
    readonly kept: readonly IncomingRecord[];
    readonly next: number;
    readonly first: { readonly base: number; readonly bytesBefore: number };
  },
): void {
  const { partition, rows, kept, first } = change;
  log.file.transaction(() => {
    for (const row of rows) log.file.deleteRow(row);
    const oldest = kept[0];
    const newest = kept.at(-1);
    if (oldest === undefined || newest === undefined) return;
    const base = oldest.offset;
    const records = kept.map((record) => ({ ...record, delta: record.offset - base }));
    const encoded = encodeRow(records, log.tenant, topic.sealer);
    log.file.addRow(topic.id, {
      partition,
      base,
      last: newest.offset,
      bytesBefore: first.bytesBefore,
      appendedAt: newest.appendedAt,
      sealed: topic.sealer !== undefined,
      ...encoded,
    });
  });
}
