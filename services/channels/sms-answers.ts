// Answers by short message, whichever way they come in: telephone number and text in, an answer out.
import { readAnswer } from "./answer-text.ts";
import type { ChannelAnswer } from "./channel.ts";

/**
 * Undefined where the text is no answer or the sender no number (gateways put names in its place).
 * @param at ms UTC
 */
export function smsAnswer(from: string, text: string, at: number): ChannelAnswer | undefined {
  const number = telephoneNumber(from);
  const answer = readAnswer(text);
  if (number === undefined || answer === undefined) return undefined;
  const { kind, code } = answer;
  return { kind, page: code === undefined ? undefined : { code }, from: number, at };
}

/**
 * A number as gateways and modems take it: digits with a plus, or as it was written within the country.
 * `0049…` and `+49…` are the same one.
 */
export function telephoneNumber(written: string): string | undefined {
  const plain = written.replace(/[\s()/.-]/g, "").replace(/^00(?=[1-9])/, "+");
  return /^\+?\d{3,20}$/.test(plain) ? plain : undefined;
}
