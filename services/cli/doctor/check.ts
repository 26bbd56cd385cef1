// The checks of `heidewacht doctor`: each looks at one thing, within its own time, and says what it saw in
// lines that people can act on.
import { isAppError, messageOf } from "../../../config/errors.ts";

/** Event times are compared with clocks: more makes windows of rules wrong. */
export const CLOCK_DIFFERENCE_MAX_MS = 2000;

export type Outcome = "good" | "warning" | "bad";

/** One line of the result. */
export interface Line {
  readonly outcome: Outcome;
  /** What was seen. */
  readonly text: string;
  /** What to do about it; not with what is good. */
  readonly mend?: string | undefined;
}

/** One thing to look at. */
export interface Check {
  readonly name: string;
  /** How long it watches on purpose, beside the time for answers. */
  readonly watchMs?: number;
  run(signal: AbortSignal): Promise<readonly Line[]> | readonly Line[];
}

/** A check with what it said. */
export interface Checked {
  readonly name: string;
  readonly lines: readonly Line[];
}

export interface RunTexts {
  readonly noAnswer: (seconds: number) => string;
  readonly noAnswerMend: string;
}

/** Runs all at once; none waits for another, and none longer than `limitMs`. */
export function runChecks(
  checks: readonly Check[],
  limitMs: number,
  text: RunTexts,
): Promise<Checked[]> {
  return Promise.all(checks.map((check) => runOne(check, limitMs, text)));
}

async function runOne(check: Check, limitMs: number, text: RunTexts): Promise<Checked> {
  const signal = AbortSignal.timeout(limitMs + (check.watchMs ?? 0));
  const late = new Promise<Line[]>((resolve) => {
    signal.addEventListener("abort", () => {
      const seconds = Math.round(limitMs / 1000);
      resolve([{ outcome: "bad", text: text.noAnswer(seconds), mend: text.noAnswerMend }]);
    });
  });
  const run = async () => check.run(signal);
  const lines = await Promise.race([run().catch((error: unknown) => [faultLine(error)]), late]);
  return { name: check.name, lines };
}

/** What an error says. */
export function faultLine(error: unknown, mend?: string): Line {
  const own = isAppError(error) ? error.mend : undefined;
  return { outcome: "bad", text: reasonOf(error), mend: mend ?? own };
}

// Libraries wrap what happened; the innermost message is the one that names it.
function reasonOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : undefined;
  const cause = error instanceof Error ? (error.cause ?? inner) : undefined;
  if (!(cause instanceof Error) || isAppError(error)) return messageOf(error);
  const deep = reasonOf(cause);
  return deep === messageOf(error) ? deep : `${messageOf(error)} (${deep})`;
}

/** The worst of some lines. */
export function worstOf(lines: readonly Line[]): Outcome {
  if (lines.some(({ outcome }) => outcome === "bad")) return "bad";
  return lines.some(({ outcome }) => outcome === "warning") ? "warning" : "good";
}

/**
 * How far another clock is off at least, ms, when it was read at some time between question and answer.
 * Negative: it is slow.
 */
export function clockOff(at: number, before: number, after: number): number {
  return at < before ? at - before : Math.max(0, at - after);
}
