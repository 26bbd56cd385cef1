// What was done with an incident, from the audit chain; who did it is never named.
import { useQuery } from "@tanstack/react-query";
import { incidentHistoryQuery } from "../api/case-queries.ts";
import { sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { useIncident } from "./use-incident.ts";

export function IncidentHistory() {
  const { messages, formats } = useSpeech();
  const { incident } = useIncident();
  const { data } = useQuery(incidentHistoryQuery(incident.id));
  const self = useQuery(sessionQuery).data?.account.id;
  const { history: texts } = messages.incidents;
  const { actors } = messages.finding;
  const actorOf = (actor: string) => {
    if (actor === self) return actors.self;
    return actor === "system" ? actors.system : actors.other;
  };
  const entries = data?.entries ?? [];
  return (
    <section aria-labelledby="incident-history">
      <h2 id="incident-history">{texts.title}</h2>
      {data && entries.length === 0 && <p className="muted">{texts.none}</p>}
      <ol className="history">
        {entries.map(({ sequence, at, action, actor }) => (
          <li key={sequence}>
            <time className="tabular muted">{formats.moment(at)}</time>
            <span>
              {Object.hasOwn(texts.actions, action) ? texts.actions[action] : texts.other}
            </span>
            <span className="muted">{actorOf(actor)}</span>
          </li>
        ))}
      </ol>
      {data?.truncated && <p className="muted small">{texts.truncated}</p>}
    </section>
  );
}
