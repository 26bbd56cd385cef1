// The findings of an incident, with links to their pages.
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import { FindingTitle } from "./finding-title.tsx";
import { StepButton } from "./step-button.tsx";
import { useIncident, useMay, useQuickStep } from "./use-incident.ts";

/** Every title is asked for by itself. */
const SHOWN_MAX = 25;

export function FindingList() {
  const { messages, formats } = useSpeech();
  const { incident } = useIncident();
  const may = useMay();
  const send = useQuickStep();
  const [all, setAll] = useState(false);
  const { findings: texts } = messages.incidents;
  const { findingIds, lateSignals = [] } = incident;
  const late = new Map(
    lateSignals.flatMap(({ finding, at, judgedAt }) =>
      judgedAt === undefined ? [[finding, at] as const] : [],
    ),
  );
  const shown = all ? findingIds : findingIds.slice(0, SHOWN_MAX);
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">{texts.title}</h2>
      {findingIds.length === 0 && <p className="muted">{texts.none}</p>}
      <ul className="case-list">
        {shown.map((id) => (
          <li key={id}>
            <span className="grow">
              <Link to="/warteschlange/$id" params={{ id }}>
                <FindingTitle id={id} />
              </Link>
              {late.has(id) && (
                <span className="muted"> {texts.late(formats.moment(late.get(id) ?? 0))}</span>
              )}
            </span>
            {may("findings/unlink") && (
              <button
                type="button"
                className="judge"
                aria-label={`${texts.unlink}: ${id}`}
                onClick={() => send("findings/unlink", { findingIds: [id] })}
              >
                {texts.unlink}
              </button>
            )}
          </li>
        ))}
      </ul>
      {shown.length < findingIds.length && (
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          {texts.showAll(formats.number(findingIds.length))}
        </button>
      )}
      <div className="case-buttons">
        <StepButton step="findings/link" />
      </div>
    </section>
  );
}
