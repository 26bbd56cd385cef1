// Since when completed blocks hold, as a proposal for the time of containment. A person takes it over, or not.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { containmentQuery } from "../api/case-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";
import { ContainDialog } from "./step-dialogs.tsx";
import { useIncident, useMay } from "./use-incident.ts";

export function ContainmentProposals() {
  const { messages, formats } = useSpeech();
  const { incident } = useIncident();
  const may = useMay();
  const { data } = useQuery(containmentQuery(incident.id));
  const [proposedAt, setProposedAt] = useState<number | undefined>();
  const { containment: texts } = messages.incidents;
  if (data === undefined || (data.proposals.length === 0 && data.open === 0)) return null;
  return (
    <section aria-labelledby="containment">
      <h2 id="containment">{texts.title}</h2>
      <ul className="case-list">
        {data.proposals.map(({ block, value, at }) => (
          <li key={block}>
            <span className="grow">
              <HostileText text={texts.text(value, formats.moment(at))} />
            </span>
            {may("contain") && (
              <button type="button" className="judge" onClick={() => setProposedAt(at)}>
                {texts.take}
              </button>
            )}
          </li>
        ))}
      </ul>
      {data.open > 0 && <p className="muted">{texts.open(formats.number(data.open))}</p>}
      {proposedAt !== undefined && (
        <ContainDialog proposedAt={proposedAt} onClose={() => setProposedAt(undefined)} />
      )}
    </section>
  );
}
