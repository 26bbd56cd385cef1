// What somebody wrote back: an answer to a page, or something else. The same words count in short messages
// and in rooms; nothing but a plain answer is taken for one.
import type { ChannelAnswer } from "./channel.ts";

/** Longer texts are conversation, however they begin. */
const ANSWER_CHARACTERS_MAX = 80;

const ACKNOWLEDGED = ["ok", "okay", "ack", "ja", "yes", "j", "y", "quittiert", "übernehme"];
const DECLINED = ["nein", "no", "nack", "n", "ablehnen", "abgelehnt", "decline"];
const SIGNS: ReadonlyMap<string, ChannelAnswer["kind"]> = new Map([
  ["✅", "acknowledged"],
  ["👍", "acknowledged"],
  ["✔", "acknowledged"],
  ["❌", "declined"],
  ["👎", "declined"],
]);

export interface WrittenAnswer {
  readonly kind: ChannelAnswer["kind"];
  /** Upper-case; undefined where none was given. */
  readonly code: string | undefined;
}

/**
 * Reads `OK 7KQ2PX`, `nein 7kq2px`, `Ja`, a code alone (which acknowledges), or a sign; undefined for all
 * other texts. Quoted lines (`> …`) above the answer are passed over, as clients send them.
 */
export function readAnswer(text: string): WrittenAnswer | undefined {
  const said = text
    .slice(0, 10 * ANSWER_CHARACTERS_MAX)
    .split("\n")
    .filter((line) => !line.startsWith(">"))
    .join(" ")
    .normalize("NFC")
    .trim();
  if (said.length > ANSWER_CHARACTERS_MAX) return undefined;
  const sign = readSign(said);
  if (sign !== undefined) return { kind: sign, code: undefined };
  const words = said.split(/[\s,.;:!]+/).filter((word) => word !== "");
  if (words.length === 0 || words.length > 2) return undefined;
  const codes = words.filter(isCode).map((word) => word.toUpperCase());
  const kinds = words.filter((word) => !isCode(word)).map(kindOf);
  const kind = kinds.length === 0 ? "acknowledged" : kinds[0];
  if (codes.length > 1 || kinds.length > 1 || kind === undefined) return undefined;
  return { kind, code: codes[0] };
}

/** A reaction counts with any skin and with or without its variation selector. */
export function readSign(sign: string): ChannelAnswer["kind"] | undefined {
  return SIGNS.get(sign.replace(/[\u{1f3fb}-\u{1f3ff}\ufe0f]/gu, ""));
}

/** A word of six letters passes, too: whoever looks the code up finds none, and nothing happens. */
function isCode(word: string): boolean {
  return /^[0-9A-Za-z]{6}$/.test(word);
}

function kindOf(word: string): ChannelAnswer["kind"] | undefined {
  const lower = word.toLowerCase();
  if (ACKNOWLEDGED.includes(lower)) return "acknowledged";
  return DECLINED.includes(lower) ? "declined" : undefined;
}
