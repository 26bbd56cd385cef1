// What people did with a finding, from the audit chain.
import { useQuery } from "@tanstack/react-query";
import { historyQuery, sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { historyLine } from "../model/history-line.ts";
import { HostileText } from "../shell/hostile-text.tsx";

export function FindingHistory({ id }: { readonly id: string }) {
  const { messages, formats } = useSpeech();
  const { data } = useQuery(historyQuery(id));
  const self = useQuery(sessionQuery).data?.account.id;
  const entries = data?.entries ?? [];
  return (
    <section aria-labelledby="history">
      <h3 id="history">{messages.finding.history}</h3>
      {entries.length === 0 ? (
        <p className="muted">{messages.finding.noHistory}</p>
      ) : (
        <ol className="history">
          {entries.map((entry) => {
            const { action, comment, actor } = historyLine(entry, self, messages);
            return (
              <li key={entry.sequence}>
                <time className="tabular muted">{formats.moment(entry.at)}</time>
                <span>
                  {action}
                  {comment !== undefined && (
                    <>
                      {" – "}
                      <HostileText text={comment} />
                    </>
                  )}
                </span>
                <span className="muted">{actor}</span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
