// What the inputs count.
import { Counter, Gauge, type Registry } from "prom-client";

/** By which way records came. */
export type InputName =
  | "bulk"
  | "ndjson"
  | "lines"
  | "otlp"
  | "splunk"
  | "journal"
  | "syslog"
  | "relp"
  | "gelf"
  | "lumberjack"
  | "kafka"
  | "file"
  | "stdin";

export interface IngestMetrics {
  readonly records: Counter<"tenant" | "source" | "input">;
  readonly bytes: Counter<"tenant" | "source" | "input">;
  /**
   * Told to the sender, who may mend or repeat it. Reasons besides the error codes: `sender` nothing in
   * the configuration names it; `connections`, `connections-per-sender` too many of them; `tls`,
   * `certificate` no handshake, no valid certificate; `slow` a handshake, frame or answer took too long;
   * `memory` unfinished frames held too much; `framing`, `command`, `chunk`, `compression` the protocol's
   * rules were broken; `rate` too many records a second; `cut` a record was shortened; `item` one record
   * of a request was refused; `tenant` a record names none that is allowed; `empty` it has nothing in it;
   * `encoding` it is not JSON where it should be (and is taken all the same).
   */
  readonly rejected: Counter<"reason">;
  /** Lost: nobody could be told. */
  readonly dropped: Counter<"input">;
  /** Records of shippers' topics that lie in Kafka and were not taken yet, in this process's partitions. */
  readonly kafkaLag: Gauge<"topic">;
  /** Records that Kafka deleted before they were read, or that can't be parsed. */
  readonly kafkaLost: Counter<"topic">;
}

/** Registers the inputs' metrics (Prometheus naming: base unit and `_total` last). */
export function createIngestMetrics(registry: Registry): IngestMetrics {
  const registers = [registry];
  return {
    records: new Counter({
      name: "heidewacht_ingest_records_total",
      help: "Records taken over and made durable",
      labelNames: ["tenant", "source", "input"],
      registers,
    }),
    bytes: new Counter({
      name: "heidewacht_ingest_bytes_total",
      help: "Bytes of the records taken over",
      labelNames: ["tenant", "source", "input"],
      registers,
    }),
    rejected: new Counter({
      name: "heidewacht_ingest_rejected_total",
      help: "Requests, connections and records that were refused or cut, by reason",
      labelNames: ["reason"],
      registers,
    }),
    dropped: new Counter({
      name: "heidewacht_ingest_dropped_total",
      help: "Records lost for good: the sender can't be told (UDP), or the bus stayed full until the end",
      labelNames: ["input"],
      registers,
    }),
    kafkaLag: new Gauge({
      name: "heidewacht_ingest_kafka_lag_records",
      help: "Records in shippers' topics of Kafka that were not taken yet, in this process's partitions",
      labelNames: ["topic"],
      registers,
    }),
    kafkaLost: new Counter({
      name: "heidewacht_ingest_kafka_lost_records_total",
      help: "Records in shippers' topics that Kafka deleted before they were read, or that can't be parsed",
      labelNames: ["topic"],
      registers,
    }),
  };
}
