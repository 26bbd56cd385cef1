// A level as symbol and text: the shape says it without colour.
import { useSpeech } from "../messages/language.tsx";
import type { LEVEL_ORDER } from "../model/queue-search.ts";

type Level = (typeof LEVEL_ORDER)[number];

/** Outlines in a 16 × 16 box: the more corners pointing up, the worse. */
const SHAPES: Readonly<Record<Level, { readonly path: string; readonly sign: string }>> = {
  critical: {
    path: "M5 1h6l4 4v6l-4 4H5l-4-4V5z",
    sign: "M8 4v5M8 11.2v.8",
  },
  high: { path: "M8 1.2 15.4 14.5H.6z", sign: "M8 6v4M8 12v.6" },
  medium: { path: "M8 1l7 7-7 7-7-7z", sign: "" },
  low: { path: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11z", sign: "" },
  informational: { path: "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z", sign: "M8 7v4M8 4.6v.6" },
};

/** Symbol and name of a level. */
export function LevelSymbol({ level }: { readonly level: Level }) {
  const { messages } = useSpeech();
  const shape = SHAPES[level];
  return (
    <span className={`level level-${level}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
        <path className="level-shape" d={shape.path} />
        {shape.sign !== "" && <path className="level-sign" d={shape.sign} />}
      </svg>
      <span>{messages.level[level]}</span>
    </span>
  );
}

/** Score as number and bar. */
export function ScoreBar({ score, level }: { readonly score: number; readonly level: Level }) {
  return (
    <span className={`score level-${level}`}>
      <span className="score-number">{Math.round(score)}</span>
      <svg className="score-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect className="score-track" width="100" height="6" />
        <rect className="score-fill" width={Math.max(0, Math.min(100, score))} height="6" />
      </svg>
    </span>
  );
}
