// What people did with a finding, from the audit chain.
import { useQuery } from "@tanstack/react-query";
import { historyQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";

export function FindingHistory({ id }: { readonly id: string }) {
  const { messages, formats } = useSpeech();
  const { data } = useQuery(historyQuery(id));
  const entries = data?.entries ?? [];
  return (
    <section aria-labelledby="history">
      <h3 id="history">{messages.finding.history}</h3>
      {entries.length === 0 ? (
        <p className="muted">{messages.finding.noHistory}</p>
      ) : (
        <ol className="history">
          {entries.map((entry) => (
            <li key={`${entry.at} ${entry.action}`}>
              <time className="tabular muted">{formats.moment(entry.at)}</time>
              <span>
                <HostileText text={entry.action} />
              </span>
              <span className="muted">
                <HostileText text={entry.actor} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
