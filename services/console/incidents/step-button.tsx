// A button that opens the dialog of a step; not there while the step is not allowed.
import { useSpeech } from "../messages/language.tsx";
import type { DialogStep } from "../model/incident-phase.ts";
import { useIncident, useMay } from "./use-incident.ts";

export function StepButton({ step }: { readonly step: DialogStep }) {
  const { messages } = useSpeech();
  const { open } = useIncident();
  const may = useMay();
  if (!may(step)) return null;
  return (
    <button type="button" className="judge" onClick={() => open(step)}>
      {messages.incidents.does[step]}
    </button>
  );
}
