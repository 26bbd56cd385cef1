// Wires the stage that explains findings. Without a configured model there is nothing to start.
import { startExplain } from "./explain/explain.ts";
import { createLlmMetrics } from "./explain/metrics.ts";
import { openLanguageModel } from "./llm-model.ts";
import { type Run, timeZonesOf } from "./run.ts";

/**
 * Starts the stage where a model is configured.
 * @returns what stops it
 * @throws AppError HW_CONFIG_INVALID for a key that can't be read
 */
export function startExplainStage(run: Run): () => Promise<void> {
  const { config, tenants, ports, registry, pulses, logger, now, at } = run;
  const { url, minLevel, debounceMs, concurrencyMax, keepDays } = config.llm;
  const parts = openLanguageModel(config.llm, at, (state) => {
    if (state === "open") logger.warn({ url }, "the language model does not answer");
    else if (state === "closed") logger.info({ url }, "the language model answers again");
  });
  if (parts === undefined) return async () => undefined;
  const stage = startExplain({
    ...{ store: ports.store, tenants, parts },
    ...{ minLevel, debounceMs, concurrencyMax, keepDays },
    timeZoneOf: timeZonesOf(config),
    metrics: (waiting) => createLlmMetrics(registry, waiting),
    onTurn: pulses.loop("explain"),
    ...{ now, logger },
  });
  return () => stage.close();
}
