// The stage's metrics: how calls end and how long they take, what the verifier dropped, the circuit.
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Explanation } from "../llm/explain-case.ts";

const BUCKETS_S = [0.5, 1, 2, 4, 8, 16, 32, 64];

export interface LlmMetrics {
  ended(explanation: Explanation): void;
  circuit(isOpen: boolean): void;
}

/** @param waiting how many things wait to be explained */
export function createLlmMetrics(registry: Registry, waiting: () => number): LlmMetrics {
  const shared = { registers: [registry] };
  const calls = new Counter({
    ...shared,
    name: "heidewacht_llm_calls_total",
    help: "Calls of the language model by outcome",
    labelNames: ["outcome"],
  });
  const seconds = new Histogram({
    ...shared,
    name: "heidewacht_llm_call_seconds",
    help: "Duration of calls of the language model that were answered",
    buckets: BUCKETS_S,
  });
  const claims = new Counter({
    ...shared,
    name: "heidewacht_llm_claims_total",
    help: "Claims of the language model: kept, or the reason why they were dropped",
    labelNames: ["result"],
  });
  const removed = new Counter({
    ...shared,
    name: "heidewacht_llm_removed_characters_total",
    help: "Hidden characters taken out of log values on their way to the language model",
  });
  const circuit = new Gauge({
    ...shared,
    name: "heidewacht_llm_circuit_open",
    help: "1 while the language model is left alone because its server fails",
  });
  new Gauge({
    ...shared,
    name: "heidewacht_llm_waiting",
    help: "Findings and requests that wait for the language model",
    collect() {
      this.set(waiting());
    },
  });
  return {
    ended(explanation) {
      const { kind, call } = explanation;
      calls.inc({ outcome: kind === "failed" ? explanation.failure : kind });
      removed.inc(call.removedCharacters);
      if (kind === "failed") return;
      seconds.observe(call.durationMs / 1000);
      const { dropped, claims: kept } = explanation.verification;
      claims.inc({ result: "kept" }, kept.length);
      for (const [result, count] of Object.entries(dropped)) claims.inc({ result }, count);
    },
    circuit: (isOpen) => circuit.set(isOpen ? 1 : 0),
  };
}
