// One question to the model from end to end: prompt, answer, verification, and the record of the call.
// It never throws for what a model or its server does, and it writes nothing anywhere.
import { createHash, randomBytes } from "node:crypto";
import type { CaseInput, CaseTokens } from "./case.ts";
import { shownValue } from "./clean.ts";
import type { LlmClient } from "./client.ts";
import { LlmError, type LlmFailure } from "./failure.ts";
import { buildPrompt, occursIn, type Prompt } from "./input.ts";
import { type ModelAnswer, modelAnswerSchema } from "./schema.ts";
import { type Verification, verifyAnswer } from "./verify.ts";

const MARK_BYTES = 6;
/** Of an answer, as the log of calls keeps it. */
const OUTPUT_KEPT_CHARS = 8000;

export interface ExplainParts {
  readonly client: LlmClient;
  /** New ones for each case. */
  readonly createTokens: () => CaseTokens;
  readonly promptCharsMax: number;
  /** @throws for text that must not be parsed, or is no JSON */
  readonly parseJson: (text: string) => unknown;
}

/** What is known of a call, whatever came of it. */
interface LlmCall {
  /** SHA-256 of the whole prompt, hexadecimal. */
  readonly promptHash: string;
  readonly promptChars: number;
  readonly model: string;
  readonly sampling: Readonly<Record<string, string | number>>;
  readonly attempts: number;
  readonly durationMs: number;
  readonly promptTokens: number | undefined;
  readonly completionTokens: number | undefined;
  /** What the model wrote, cut; undefined when nothing came. */
  readonly output: string | undefined;
  readonly removedCharacters: number;
  readonly itemsLeftOut: number;
}

export type Explanation =
  | {
      /** `verified`: to be shown. `replaced`: too much did not hold; the template stands in its place. */
      readonly kind: "verified" | "replaced";
      readonly assessment: ModelAnswer["assessment"];
      readonly verification: Verification;
      readonly call: LlmCall;
    }
  | { readonly kind: "failed"; readonly failure: LlmFailure; readonly call: LlmCall };

/** Asks the model about a case. @param signal cancels it */
export async function explainCase(
  parts: ExplainParts,
  input: CaseInput,
  signal: AbortSignal,
): Promise<Explanation> {
  const { client } = parts;
  const mark = drawMark(input);
  const { createTokens, promptCharsMax } = parts;
  const prompt = buildPrompt(input, { tokens: createTokens(), mark, promptCharsMax });
  const started = performance.now();
  const call = (answer?: Partial<LlmCall>): LlmCall => ({
    promptHash: hashOf(prompt),
    promptChars: prompt.system.length + prompt.user.length,
    model: client.model,
    sampling: client.sampling,
    attempts: 0,
    durationMs: Math.round(performance.now() - started),
    promptTokens: undefined,
    completionTokens: undefined,
    output: undefined,
    removedCharacters: prompt.removedCharacters,
    itemsLeftOut: prompt.itemsLeftOut,
    ...answer,
  });
  try {
    const { text, ...answer } = await client.ask(prompt, signal);
    const kept = { model: shownValue(answer.model), output: text.slice(0, OUTPUT_KEPT_CHARS) };
    const done = call({ ...answer, ...kept });
    const read = readAnswer(text, parts.parseJson);
    if (read === undefined) return { kind: "failed", failure: "wrong_schema", call: done };
    const verification = verifyAnswer(read, input);
    const kind = verification.holds && !text.includes(mark) ? "verified" : "replaced";
    return { kind, assessment: read.assessment, verification, call: done };
  } catch (error) {
    if (!(error instanceof LlmError)) throw error;
    const { failure, attempts } = error;
    return { kind: "failed", failure, call: call({ attempts }) };
  }
}

/** Undefined for what is not of the shape that was asked for. */
function readAnswer(text: string, parseJson: (text: string) => unknown): ModelAnswer | undefined {
  let parsed: unknown;
  try {
    parsed = parseJson(text);
  } catch {
    return undefined;
  }
  return modelAnswerSchema.safeParse(parsed).data;
}

/** Random, so that no log can know it, and in none of the case's values. */
function drawMark(input: CaseInput): string {
  for (;;) {
    const mark = `p${randomBytes(MARK_BYTES).toString("hex")}`;
    if (!occursIn(input, mark)) return mark;
  }
}

function hashOf({ system, user }: Prompt): string {
  return createHash("sha256").update(`${system}\n\n${user}`).digest("hex");
}
