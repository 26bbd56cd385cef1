// Which incidents this one took over, became part of or was split into, and how that is taken back.
import { Link } from "@tanstack/react-router";
import { useSpeech } from "../messages/language.tsx";
import { StepButton } from "./step-button.tsx";
import { useIncident, useMay, useQuickStep } from "./use-incident.ts";

export function Belonging() {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const may = useMay();
  const send = useQuickStep();
  const { belonging: texts } = messages.incidents;
  const { mergedInto, mergedFrom, splitFrom, splitInto } = incident;
  return (
    <section aria-labelledby="belonging">
      <h2 id="belonging">{texts.title}</h2>
      {mergedInto !== undefined && (
        <p className="alert">
          {texts.mergedInto} <IncidentLink id={mergedInto} text={texts.target} />.
        </p>
      )}
      {splitFrom !== undefined && (
        <p>
          {texts.splitFrom} <IncidentLink id={splitFrom} text={texts.whole} />.
        </p>
      )}
      {mergedFrom.length > 0 && <p>{texts.mergedFrom}:</p>}
      <ul className="case-list">
        {mergedFrom.map(({ id }, at) => (
          <li key={id}>
            <span className="grow">
              <IncidentLink id={id} text={texts.incident(at + 1)} />
            </span>
            {may("unmerge") && (
              <button
                type="button"
                className="judge"
                aria-label={`${texts.unmerge}: ${texts.incident(at + 1)}`}
                onClick={() => send("unmerge", { source: id })}
              >
                {texts.unmerge}
              </button>
            )}
          </li>
        ))}
      </ul>
      {splitInto.length > 0 && (
        <p className="alert">
          {texts.splitInto}{" "}
          {splitInto.map((id, at) => (
            <span key={id}>
              {at > 0 && ", "}
              <IncidentLink id={id} text={texts.part(at + 1)} />
            </span>
          ))}
        </p>
      )}
      <div className="case-buttons">
        <StepButton step="merge" />
        <StepButton step="split" />
        {may("unsplit") && (
          <button type="button" className="judge" onClick={() => send("unsplit")}>
            {texts.unsplit}
          </button>
        )}
      </div>
    </section>
  );
}

function IncidentLink({ id, text }: { readonly id: string; readonly text: string }) {
  return (
    <Link to="/vorfaelle/$id" params={{ id }}>
      {text}
    </Link>
  );
}
