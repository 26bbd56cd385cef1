// The events that a finding rests on, newest signal first; the first one is open.
import type { Finding } from "../../store/finding.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";
import { EventFields } from "./event-fields.tsx";

export function Evidence({ finding }: { readonly finding: Finding }) {
  const { messages, formats } = useSpeech();
  const newestFirst = [...finding.evidence].sort((a, b) => b.time - a.time);
  return (
    <section aria-labelledby="events">
      <h3 id="events">{messages.finding.events}</h3>
      {newestFirst.map((signal, at) => (
        <details key={signal.signalId} className="event" open={at === 0}>
          <summary>
            <time className="tabular">{formats.moment(signal.time)}</time>
            <span className="muted">
              <HostileText text={signal.source} />
            </span>
          </summary>
          {signal.events.map((event, place) => (
            <div key={event.id} data-event={event.id} tabIndex={-1}>
              <EventFields
                document={event.document}
                matched={signal.matched}
                caption={`${messages.finding.signal(at + 1)}, ${messages.finding.event(place + 1)}`}
              />
            </div>
          ))}
        </details>
      ))}
    </section>
  );
}
