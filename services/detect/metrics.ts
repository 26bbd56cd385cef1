// What the detect stage counts.
import { Counter, Histogram, type Registry } from "prom-client";

export interface DetectMetrics {
  readonly events: Counter<"tenant" | "format">;
  readonly signals: Counter<"tenant">;
  readonly deadLetters: Counter<"tenant" | "reason">;
  /** Seconds from receipt to raised signal. */
  readonly delay: Histogram;
}

/** Registers the stage's metrics (Prometheus naming: base unit and `_total` last). */
export function createDetectMetrics(registry: Registry): DetectMetrics {
  const registers = [registry];
  return {
    events: new Counter({
      name: "heidewacht_detect_events_total",
      help: "Events parsed and matched against the rules",
      labelNames: ["tenant", "format"],
      registers,
    }),
    signals: new Counter({
      name: "heidewacht_detect_signals_total",
      help: "Hits of detectors",
      labelNames: ["tenant"],
      registers,
    }),
    deadLetters: new Counter({
      name: "heidewacht_detect_dead_letters_total",
      help: "Records that no parser understood, kept on the dead-letter topic",
      labelNames: ["tenant", "reason"],
      registers,
    }),
    delay: new Histogram({
      name: "heidewacht_detect_delay_seconds",
      help: "Time from receipt of a record to the signal that it raised",
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
  };
}
