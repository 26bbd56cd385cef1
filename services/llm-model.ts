// The language model as it is configured, put together with what it needs of other rooms: the guard against
// deep JSON, and the tokens of privacy.
import { readFileSync } from "node:fs";
import { AppError } from "../config/errors.ts";
import type { LlmConfig } from "../config/llm.ts";
import type { CircuitState } from "./llm/circuit.ts";
import { createLlmClient } from "./llm/client.ts";
import type { ExplainParts } from "./llm/explain-case.ts";
import { parseOutsideJson, refuseDeepJson } from "./normalize/json-nesting.ts";
import { createTokens } from "./privacy/tokens.ts";

/**
 * Undefined where none is configured. Nothing is asked of its server yet.
 * @param at makes a path of the configuration absolute
 * @throws AppError HW_CONFIG_INVALID for a key that can't be read
 */
export function openLanguageModel(
  { url, apiKeyFile, ...settings }: LlmConfig,
  at: (path: string) => string,
  onCircuit: (state: CircuitState) => void = () => undefined,
): ExplainParts | undefined {
  if (url === undefined) return undefined;
  const apiKey = apiKeyFile === undefined ? undefined : readKey(at(apiKeyFile));
  const client = createLlmClient({
    config: { ...settings, url },
    ...{ apiKey, refuseDeepJson, onCircuit },
  });
  const { promptCharsMax } = settings;
  return { client, createTokens, promptCharsMax, parseJson: parseOutsideJson };
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
