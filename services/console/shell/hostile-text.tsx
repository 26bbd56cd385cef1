// Shows text from logs and rule files: as text only, with invisible characters made visible and its
// own direction isolated, and with the matched ranges marked.
import { type ReactNode, useMemo, useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import { type MarkRange, mergeRanges } from "../model/mark-ranges.ts";
import { type TextPart, visibleParts } from "../model/visible-text.ts";

interface HostileTextProps {
  readonly text: string;
  readonly marks?: readonly MarkRange[];
}

/** Characters shown before the reader asks for the rest: one log field can hold megabytes. */
const SHOWN_CHARS_MAX = 2000;

/** A foreign text in the line it stands in. */
export function HostileText({ text, marks }: HostileTextProps) {
  const { messages, formats } = useSpeech();
  const [whole, setWhole] = useState(false);
  const shown = whole || text.length <= SHOWN_CHARS_MAX ? text : text.slice(0, SHOWN_CHARS_MAX);
  const pieces = useMemo(() => cut(shown, mergeRanges(marks ?? [])), [shown, marks]);
  return (
    <bdi className="foreign">
      {pieces.map((piece) =>
        piece.marked ? (
          <mark key={piece.start}>{piece.parts.map(renderPart)}</mark>
        ) : (
          <span key={piece.start}>{piece.parts.map(renderPart)}</span>
        ),
      )}
      {shown.length < text.length && (
        <button type="button" className="link-button" onClick={() => setWhole(true)}>
          {messages.common.more(formats.number(text.length - shown.length))}
        </button>
      )}
    </bdi>
  );
}

interface Piece {
  readonly start: number;
  readonly marked: boolean;
  readonly parts: readonly TextPart[];
}

/** Cuts the text at the marks; a mark over the end of what is shown ends there. */
function cut(text: string, marks: readonly MarkRange[]): Piece[] {
  const pieces: Piece[] = [];
  const add = (start: number, end: number, marked: boolean) => {
    if (end > start) pieces.push({ start, marked, parts: visibleParts(text.slice(start, end)) });
  };
  let from = 0;
  for (const mark of marks) {
    const end = Math.min(mark.end, text.length);
    add(from, Math.min(mark.start, text.length), false);
    add(Math.max(from, mark.start), end, true);
    from = Math.max(from, end);
  }
  add(from, text.length, false);
  return pieces;
}

function renderPart(part: TextPart): ReactNode {
  return part.hidden ? (
    <span key={part.start} className="hidden-char">
      {part.shown}
    </span>
  ) : (
    part.shown
  );
}
