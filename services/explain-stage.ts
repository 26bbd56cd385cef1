// Wires the stage that explains findings: the model as it is configured, the tokens of privacy, and the
// guard against deep JSON. Without an address of a model there is nothing to start.
import { readFileSync } from "node:fs";
import { AppError } from "../config/errors.ts";
import { startExplain } from "./explain/explain.ts";
import { createLlmMetrics } from "./explain/metrics.ts";
import { createLlmClient } from "./llm/client.ts";
import { parseOutsideJson, refuseDeepJson } from "./normalize/json-nesting.ts";
import { createTokens } from "./privacy/tokens.ts";
import { type Run, timeZonesOf } from "./run.ts";

/**
 * Starts the stage where a model is configured.
 * @returns what stops it
 * @throws AppError HW_CONFIG_INVALID for a key that can't be read
 */
export function startExplainStage(run: Run): () => Promise<void> {
  const { config, tenants, ports, registry, logger, now, at } = run;
  const { url, apiKeyFile, ...settings } = config.llm;
  if (url === undefined) return async () => undefined;
  const client = createLlmClient({
    config: { ...settings, url },
    apiKey: apiKeyFile === undefined ? undefined : readKey(at(apiKeyFile)),
    refuseDeepJson,
    onCircuit: (state) => {
      if (state === "open") logger.warn({ url }, "the language model does not answer");
      else if (state === "closed") logger.info({ url }, "the language model answers again");
    },
  });
  const { promptCharsMax, minLevel, debounceMs, concurrencyMax, keepDays } = settings;
  const stage = startExplain({
    store: ports.store,
    tenants,
    parts: { client, createTokens, promptCharsMax, parseJson: parseOutsideJson },
    ...{ minLevel, debounceMs, concurrencyMax, keepDays },
    timeZoneOf: timeZonesOf(config),
    metrics: (waiting) => createLlmMetrics(registry, waiting),
    ...{ now, logger },
  });
  return () => stage.close();
}

function readKey(path: string): string {
  try {
    return readFileSync(path, "utf8").split(/\r?\n/, 1)[0] ?? "";
  } catch (cause) {
    throw new AppError("HW_CONFIG_INVALID", `llm.apiKeyFile: ${path} kann nicht gelesen werden`, {
      place: "llm.apiKeyFile",
      mend: "Pfad und Leserechte der Datei prüfen",
      cause,
    });
  }
}
