// Asks a model on an OpenAI-compatible server of the house. Everything that such a server can do wrong
// (away, slow, endless, broken off, HTML, wrong shape) becomes a typed failure within a bounded time.
import { setTimeout as sleep } from "node:timers/promises";
import { OpenAI } from "openai";
import { z } from "zod";
import { isOwnServer, type LlmConfig } from "../../config/llm.ts";
import { Circuit, type CircuitState } from "./circuit.ts";
import { failureOf, LlmError, type LlmFailure } from "./failure.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import { createLiveness } from "./liveness.ts";
import { ANSWER_JSON_SCHEMA } from "./schema.ts";
import { createTurnstile } from "./turnstile.ts";

const RETRY_FIRST_MS = 250;
const RETRY_LONGEST_MS = 8000;
/** The same input gives the same answer, as far as the server can. */
const SAMPLING = { temperature: 0, seed: 7 } as const;
const BAD_GATEWAY = 502;
/** Asking again may help; where the server answered with something else, it would do so again. */
const REPEATABLE: readonly LlmFailure[] = [
  "unreachable",
  "overloaded",
  "server_error",
  "truncated",
];

/** What is used of the settings. */
export type LlmClientConfig = Pick<
  LlmConfig,
  | "allowedHosts"
  | "model"
  | "mode"
  | "timeoutMs"
  | "retriesMax"
  | "concurrencyMax"
  | "answerTokensMax"
  | "answerBytesMax"
  | "probe"
> & { readonly url: string };

export interface LlmClientParts {
  readonly config: LlmClientConfig;
  readonly apiKey?: string | undefined;
  /** @throws for text that must not be parsed */
  readonly refuseDeepJson: (text: string) => void;
  readonly onCircuit?: (state: CircuitState) => void;
}

interface LlmAnswer {
  /** What the model wrote; JSON if it did as it was told. */
  readonly text: string;
  /** As the server names it. */
  readonly model: string;
  readonly promptTokens: number | undefined;
  readonly completionTokens: number | undefined;
  readonly attempts: number;
}

export interface LlmClient {
  /**
   * @param signal cancels it, also while it waits for its turn
   * @throws LlmError
   */
  ask(
    prompt: { readonly system: string; readonly user: string },
    signal: AbortSignal,
  ): Promise<LlmAnswer>;
  readonly circuit: CircuitState;
  readonly model: string;
  readonly sampling: Readonly<Record<string, string | number>>;
}

const completionSchema = z.object({
  model: z.string().max(500).optional(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
});

/** @throws TypeError for an address that is not of the house; the configuration refuses it before */
export function createLlmClient(parts: LlmClientParts): LlmClient {
  const { config, onCircuit = () => undefined } = parts;
  if (!isOwnServer(config.url, config.allowedHosts)) throw new TypeError("not a server of our own");
  const server = createServer(parts);
  const circuit = new Circuit(() => performance.now(), onCircuit);
  const turnstile = createTurnstile(config.concurrencyMax);
  let running = new AbortController();
  const liveness = createLiveness(
    (signal) => isServerThere(config.url, parts.apiKey, signal),
    () => {
      circuit.open();
      running.abort();
      running = new AbortController();
    },
  );
  const tryOnce = async (prompt: Parameters<LlmClient["ask"]>[0], signal: AbortSignal) => {
    if (!circuit.admit()) throw new LlmError("circuit_open");
    const end = config.probe ? liveness.begin() : () => undefined;
    try {
      const answer = await complete(server, config, prompt, { signal, lost: running.signal });
      circuit.succeeded();
      return answer;
    } catch (error) {
      const { failure } = failureOf(error);
      if (failure === "cancelled") circuit.undecided();
      else circuit.failed();
      throw error;
    } finally {
      end();
    }
  };
  return {
    model: config.model,
    sampling: { ...SAMPLING, max_tokens: config.answerTokensMax, mode: config.mode },
    get circuit() {
      return circuit.state;
    },
    async ask(prompt, signal) {
      const leave = await turnstile.enter(signal);
      try {
        for (let attempts = 1; ; attempts += 1) {
          try {
            return { ...(await tryOnce(prompt, signal)), attempts };
          } catch (error) {
            const { failure, retryAfterMs } = failureOf(error);
            if (!REPEATABLE.includes(failure) || attempts > config.retriesMax) {
              throw new LlmError(failure, { cause: error, attempts });
            }
            await pause(attempts, retryAfterMs, signal);
          }
        }
      } finally {
        leave();
      }
    },
  };
}

function createServer({ config, apiKey, refuseDeepJson }: LlmClientParts): OpenAI {
  const { url, answerBytesMax, timeoutMs } = config;
  return new OpenAI({
    baseURL: url,
    // The library refuses to be without; own servers ignore it where they ask for none.
    apiKey: apiKey ?? "none",
    // Nothing from the environment of the process.
    organization: null,
    project: null,
    webhookSecret: null,
    fetch: createGuardedFetch({ answerBytesMax, refuseDeepJson }),
    // Repeating and the time of a try are ours, because the circuit has to see each try.
    maxRetries: 0,
    timeout: timeoutMs * 2,
    logLevel: "off",
  });
}

async function complete(
  server: OpenAI,
  config: LlmClientConfig,
  prompt: { readonly system: string; readonly user: string },
  { signal, lost }: { readonly signal: AbortSignal; readonly lost: AbortSignal },
): Promise<Omit<LlmAnswer, "attempts">> {
  const late = AbortSignal.timeout(config.timeoutMs);
  let answer: unknown;
  try {
    answer = await server.chat.completions.create(
      {
        model: config.model,
        messages: [
          { role: "system", content: prompt.system },
          { role: "user", content: prompt.user },
        ],
        ...{ temperature: SAMPLING.temperature, seed: SAMPLING.seed, stream: false },
        max_tokens: config.answerTokensMax,
        response_format: responseFormat(config.mode),
      },
      { signal: AbortSignal.any([signal, late, lost]) },
    );
  } catch (cause) {
    if (signal.aborted) throw new LlmError("cancelled", { cause });
    if (lost.aborted) throw new LlmError("unreachable", { cause });
    if (late.aborted) throw new LlmError("timeout", { cause });
    throw failureOf(cause);
  }
  return readCompletion(answer, config.model);
}

function responseFormat(mode: LlmClientConfig["mode"]) {
  const schema = ANSWER_JSON_SCHEMA;
  if (mode === "json_schema") {
    return { type: mode, json_schema: { name: "answer", strict: true, schema } } as const;
  }
  // Servers of llama.cpp and its kin take the schema here; others know it from the instructions.
  return { type: mode, schema } as const;
}

function readCompletion(answer: unknown, model: string): Omit<LlmAnswer, "attempts"> {
  const { data } = completionSchema.safeParse(answer);
  const choice = data?.choices[0];
  if (data === undefined || choice === undefined) throw new LlmError("wrong_schema");
  if (choice.finish_reason === "length") throw new LlmError("truncated");
  const text = choice.message.content ?? "";
  if (text.trim() === "") throw new LlmError("wrong_schema");
  return {
    text,
    model: data.model ?? model,
    promptTokens: data.usage?.prompt_tokens,
    completionTokens: data.usage?.completion_tokens,
  };
}

/** Doubling, with chance in it, so that several processes don't come back together. */
async function pause(
  attempts: number,
  retryAfterMs: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const doubled = Math.min(RETRY_FIRST_MS * 2 ** (attempts - 1), RETRY_LONGEST_MS);
  const ms = Math.max(doubled * (0.5 + Math.random()), retryAfterMs ?? 0);
  await sleep(ms, undefined, { signal }).catch(() => {
    throw new LlmError("cancelled");
  });
}

/** Whatever it answers: it is there, unless somebody in front of it says that it is not. */
async function isServerThere(
  url: string,
  apiKey: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const headers: Record<string, string> =
    apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const answer = await fetch(`${url.replace(/\/$/, "")}/models`, {
    ...{ headers, signal, redirect: "error" },
  });
  await answer.body?.cancel();
  return answer.status < BAD_GATEWAY;
}
