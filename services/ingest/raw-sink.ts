// The way of every input to the bus: makes raw records, publishes them, and counts what is durable.
import { setTimeout as sleep } from "node:timers/promises";
import { isAppError } from "../../config/errors.ts";
import type { SourceBinding } from "../../config/inputs.ts";
import { type Bus, type OutgoingRecord, RECORD_BYTES_MAX } from "../bus/bus.ts";
import { encodeRaw } from "../bus/raw-record.ts";
import type { IngestMetrics, InputName } from "./metrics.ts";

/** A record as an input has it. */
interface ReceivedRecord {
  readonly id: string;
  readonly idFromSender: boolean;
  readonly text: string;
}

/** Where a batch comes from. */
export interface BatchOrigin {
  readonly binding: SourceBinding;
  readonly input: InputName;
  /** Records of one key keep their order; undefined where the order carries no meaning. */
  readonly key: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly receivedAt: number;
}

export interface RawSink {
  /** One record as it will lie on the bus. */
  encode(origin: BatchOrigin, record: ReceivedRecord): OutgoingRecord;
  /**
   * Durable when it resolves: all or none.
   * @throws AppError HW_BUSY when the sender should come again later
   */
  publish(origin: BatchOrigin, records: readonly OutgoingRecord[]): Promise<void>;
}

/** A character takes three bytes at most, and the record's head has room besides. */
const CUT_CHARACTERS = Math.floor(RECORD_BYTES_MAX / 4);

/** A sink in front of a bus. */
export function createRawSink(bus: Bus, metrics: IngestMetrics): RawSink {
  return {
    encode({ binding, key, receivedAt }, record) {
      const { source, format, timeZone } = binding;
      const raw = { ...record, source, format, timeZone, receivedAt };
      const value = encodeRaw(raw);
      if (value.length <= RECORD_BYTES_MAX) return { key, value };
      // What the bus would never take must not be offered to it again and again. Control characters and
      // bytes that are no text grow to sixfold as JSON.
      metrics.rejected.inc({ reason: "cut" });
      const text = record.text.slice(0, CUT_CHARACTERS);
      return { key, value: encodeRaw({ ...raw, text }) };
    },
    async publish({ binding, input }, records) {
      if (records.length === 0) return;
      await bus.publish(binding.tenant, "raw", records);
      const labels = { tenant: binding.tenant, source: binding.source, input };
      metrics.records.inc(labels, records.length);
      metrics.bytes.inc(
        labels,
        records.reduce((sum, record) => sum + record.value.length, 0),
      );
    },
  };
}

/**
 * Tries until it succeeds, for inputs that can make their source wait.
 * @param onFault told of every failure except HW_BUSY
 * @throws the abort reason of `signal`; the work may then not have been done
 */
export async function untilAccepted(
  work: () => Promise<void>,
  options: {
    readonly retryMs: number;
    readonly signal: AbortSignal;
    readonly onFault: (error: unknown) => void;
  },
): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAppError(error, "HW_BUSY")) options.onFault(error);
      await sleep(options.retryMs, undefined, { signal: options.signal });
    }
  }
}
