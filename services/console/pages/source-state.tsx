// The state of a source as symbol and text: the shape says it without colour.
import type { SourceAnswer } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";

/** Colour class, outline and sign in a 16 × 16 box. */
const LOOKS: Readonly<
  Record<
    SourceAnswer["state"],
    { readonly colour: string; readonly path: string; readonly sign: string }
  >
> = {
  silent: { colour: "high", path: "M8 1.2 15.4 14.5H.6z", sign: "M8 6v4M8 12v.6" },
  unreadable: { colour: "medium", path: "M8 1l7 7-7 7-7-7z", sign: "" },
  clock: { colour: "medium", path: "M8 1l7 7-7 7-7-7z", sign: "" },
  never: { colour: "low", path: "M3 7h10v2H3z", sign: "" },
  learning: {
    colour: "informational",
    path: "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z",
    sign: "M8 4.6v3.4h3",
  },
  well: { colour: "informational", path: "", sign: "M2.5 8.5l3.5 3.5 7.5-8" },
};

export function SourceState({ state }: { readonly state: SourceAnswer["state"] }) {
  const { messages } = useSpeech();
  const look = LOOKS[state];
  return (
    <span className={`level level-${look.colour}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
        {look.path !== "" && <path className="level-shape" d={look.path} />}
        {look.sign !== "" && <path className="level-sign" d={look.sign} />}
      </svg>
      <span>{messages.sources.states[state]}</span>
    </span>
  );
}
