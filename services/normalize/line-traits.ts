// Which formats are worth asking about a line of text. What each says of a line's traits is asked once and
// kept, so that the sixty formats cost one look-up, and only the few that may claim the line look into it.
import type { Format, LineTraits } from "./format.ts";
import { contentOf } from "./generic/syslog.ts";

/** Kinds of lines that are remembered. */
const KINDS_MAX = 4096;
/** Stands for all characters beyond ASCII, which no format begins with. */
const BEYOND_ASCII = 0x80;
/** Stands for no character at all. */
const NOTHING = 0x81;

/** A function that gives, of the formats, those that may claim a line, in the same order. */
export function createChoice(formats: readonly Format[]): (line: string) => readonly Format[] {
  const byProgram = new Map<string | undefined, Map<number, readonly Format[]>>();
  let kinds = 0;
  return (line) => {
    const frame = contentOf(line);
    const first = codeOf(line);
    const content = frame === undefined ? first : codeOf(frame.content);
    const message = frame === undefined ? first : codeOf(frame.message);
    const isFramed = frame !== undefined;
    const hasHost = frame?.host !== undefined;
    const hasMessageId = frame?.messageId !== undefined;
    const flags = (isFramed ? 1 : 0) + (hasHost ? 2 : 0) + (hasMessageId ? 4 : 0);
    // Eight bits for each character, so that each kind of line has a number of its own.
    const kind = (((first << 8) + content) << 11) + (message << 3) + flags;
    const known = byProgram.get(frame?.program)?.get(kind);
    if (known !== undefined) return known;
    if (++kinds > KINDS_MAX) {
      kinds = 1;
      byProgram.clear();
    }
    const program = frame?.program === undefined ? undefined : copyOf(frame.program);
    const characters = {
      line: characterOf(first),
      content: characterOf(content),
      message: characterOf(message),
    };
    const traits: LineTraits = { ...characters, program, isFramed, hasHost, hasMessageId };
    const found = formats.filter((format) => format.mayClaim?.(traits) ?? true);
    const ofProgram = byProgram.get(program) ?? new Map<number, readonly Format[]>();
    byProgram.set(program, ofProgram.set(kind, found));
    return found;
  };
}

function codeOf(text: string): number {
  return text === "" ? NOTHING : Math.min(text.charCodeAt(0), BEYOND_ASCII);
}

function characterOf(code: number): string {
  return code === NOTHING ? "" : String.fromCharCode(code);
}

// A part of a string keeps the whole line in memory; what is remembered must not.
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
