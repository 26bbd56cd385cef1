// The named pieces of patterns (`%{IP:source.ip}`). Each reads a text once from an index on and never goes
// back, so that no line can make a pattern slow.
import { isIP } from "node:net";

/** What a piece read. */
export interface PieceMatch {
  /** Index behind it. */
  readonly end: number;
  /** What is kept of it, e.g. a quoted text without its marks. */
  readonly value: string;
}

export interface Piece {
  /**
   * `run`: reads as much as belongs to it. `shrinks`: as `run`, but gives back what the fixed text behind
   * it needs. `until` and `untilLast`: everything up to the fixed text behind it, or to the end.
   */
  readonly kind: "run" | "shrinks" | "until" | "untilLast";
  /** For `run` and `shrinks`: what stands at an index; undefined when it is something else. */
  readonly read: (text: string, start: number) => PieceMatch | undefined;
}

/** Longest run of one piece, in UTF-16 units; `DATA` and `GREEDYDATA` have no limit but the line's. */
const RUN_CHARACTERS_MAX = 32_000;

// One class, repeated: V8 reads it in one pass.
function run(kind: "run" | "shrinks", source: string): Piece {
  const pattern = new RegExp(source, "yu");
  return {
    kind,
    read: (text, start) => {
      pattern.lastIndex = start;
      const found = pattern.exec(text)?.[0];
      if (found === undefined || found.length > RUN_CHARACTERS_MAX) return undefined;
      return { end: start + found.length, value: found };
    },
  };
}

const WHOLE: Piece["read"] = (text, start) => ({ end: text.length, value: text.slice(start) });
const HOST = String.raw`[\p{L}\p{Nd}_.-]+`;
const V4 = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\d)/y;
const V6 = /[0-9a-fA-F:.]{2,45}(?:%[\w-]{1,20})?/y;

/** Name → piece, as mapping files name them. Their meaning for people: docs/quellen/eigene-formate.md. */
export const PIECES: Readonly<Record<string, Piece>> = {
  DATA: { kind: "until", read: WHOLE },
  GREEDYDATA: { kind: "untilLast", read: WHOLE },
  NOTSPACE: run("shrinks", String.raw`\S+`),
  WORD: run("run", String.raw`[\p{L}\p{Nd}_]+`),
  SPACE: run("run", String.raw`[ \t]*`),
  INT: run("run", String.raw`[+-]?\d+`),
  NUMBER: run("run", String.raw`[+-]?\d+(?:[.,]\d+)?`),
  HEX: run("run", "(?:0x)?[0-9a-fA-F]+"),
  PORT: run("run", String.raw`\d{1,5}`),
  IP: { kind: "run", read: (text, start) => readAddress(text, start) },
  HOST: run("shrinks", HOST),
  MAC: run("run", "[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}|[0-9a-fA-F]{4}(?:\\.[0-9a-fA-F]{4}){2}"),
  UUID: run("run", String.raw`\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?`),
  SID: run("run", String.raw`S-1-\d{1,3}(?:-\d{1,10}){1,14}`),
  USER: run("shrinks", String.raw`[\p{L}\p{Nd}_.@\\$/+-]+`),
  EMAIL: run("shrinks", String.raw`[\p{L}\p{Nd}._%+-]{1,64}@[\p{L}\p{Nd}.-]{1,253}`),
  URI: run("shrinks", String.raw`[a-zA-Z][a-zA-Z\d+.-]{1,20}:\/\/\S+|\/\S*`),
  PATH: run("shrinks", String.raw`(?:[a-zA-Z]:|\\\\|\/|~)[^\s"'<>|]*`),
  LEVEL: run("run", String.raw`\p{L}{3,15}`),
  QUOTED: { kind: "run", read: readQuoted },
};

function readAddress(text: string, start: number): PieceMatch | undefined {
  for (const pattern of [V4, V6]) {
    pattern.lastIndex = start;
    // A point or colon behind an address is the sentence's.
    const found = pattern.exec(text)?.[0].replace(/(?<=[^:])[.:]$/, "");
    if (found !== undefined && isIP(found) !== 0) {
      return { end: start + found.length, value: found };
    }
  }
  return undefined;
}

// A backslash or a doubled mark takes the next character with it.
function readQuoted(text: string, start: number): PieceMatch | undefined {
  const quote = text[start];
  if (quote !== '"' && quote !== "'") return undefined;
  let value = "";
  let from = start + 1;
  const limit = Math.min(text.length, start + RUN_CHARACTERS_MAX);
  for (let at = from; at < limit; at++) {
    const char = text[at];
    const isDoubled = char === quote && text[at + 1] === quote;
    if (isDoubled || (char === "\\" && (text[at + 1] === quote || text[at + 1] === "\\"))) {
      value += text.slice(from, at);
      from = at + 1;
      at++;
    } else if (char === quote) return { end: at + 1, value: value + text.slice(from, at) };
  }
  return undefined;
}
