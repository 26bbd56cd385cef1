// Whether a target is met, as symbol and text: the shape says it without colour, the text without either.
import { KPI_MESSAGES } from "../../store/kpi-messages.ts";
import type { TargetState } from "../../store/kpi-target.ts";
import { useSpeech } from "../messages/language.tsx";

/** Outlines in a 16 × 16 box with the sign within. */
const SHAPES: Readonly<Record<TargetState, { readonly path: string; readonly sign: string }>> = {
  met: { path: "M8 1a7 7 0 1 1 0 14a7 7 0 1 1 0-14z", sign: "M4.8 8.2 7.2 10.6 11.4 5.8" },
  at_risk: { path: "M8 1.2 15.4 14.5H.6z", sign: "M8 6v4M8 12v.6" },
  missed: { path: "M5 1h6l4 4v6l-4 4H5l-4-4V5z", sign: "M5.5 5.5l5 5M10.5 5.5l-5 5" },
  no_value: { path: "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13z", sign: "M5 8h6" },
  no_target: { path: "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13z", sign: "M5 8h6" },
};

export function TargetLight({ state }: { readonly state: TargetState }) {
  const { language } = useSpeech();
  const { path, sign } = SHAPES[state];
  return (
    <span className={`light light-${state}`}>
      <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true" focusable="false">
        <path className="light-shape" d={path} />
        <path className="light-sign" d={sign} />
      </svg>
      <span>{KPI_MESSAGES[language].targetStates[state]}</span>
    </span>
  );
}
