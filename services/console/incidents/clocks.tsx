// The time limits for reports to authorities: how much is left, the draft to copy, and writing down that a
// person has sent it or why no report is needed.
import { useEffect, useState } from "react";
import type { Clock } from "../api/case-contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { restOf } from "../model/countdown.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { DraftDialog, RecordDialog } from "./clock-dialogs.tsx";
import { useIncident, useMay } from "./use-incident.ts";

const TICK_MS = 15_000;

export function LegalClocks() {
  const { messages } = useSpeech();
  const { clocks } = useIncident();
  const { clocks: texts } = messages.incidents;
  return (
    <section aria-labelledby="clocks">
      <h2 id="clocks">{texts.title}</h2>
      {clocks.length === 0 ? (
        <p className="muted">{texts.none}</p>
      ) : (
        <ul className="case-list">
          {clocks.map((clock) => (
            <ClockEntry key={clock.clock} clock={clock} />
          ))}
        </ul>
      )}
    </section>
  );
}

function ClockEntry({ clock }: { readonly clock: Clock }) {
  const { messages, formats } = useSpeech();
  const may = useMay();
  const [dialog, setDialog] = useState<"draft" | "record" | undefined>();
  const { clocks: texts } = messages.incidents;
  const { name, state, dueAt, notification } = clock;
  return (
    <li className={`clock clock-${state}`}>
      <div className="grow">
        <strong>{name}</strong> <span className="chip">{texts.states[state]}</span>
        <span className="note">
          <Countdown clock={clock} />
          {dueAt !== undefined && ` · ${texts.due(formats.moment(dueAt))}`}
          {dueAt === undefined && state === "running" && texts.noHours}
        </span>
        {notification !== undefined && (
          <span className="note">
            <HostileText
              text={texts.recorded(
                texts.outcomes[notification.outcome],
                notification.authority,
                formats.moment(notification.sentAt),
              )}
            />
            {notification.comment !== undefined && (
              <>
                {" – "}
                <HostileText text={notification.comment} />
              </>
            )}
          </span>
        )}
      </div>
      <div className="case-buttons">
        <button
          type="button"
          className="judge"
          aria-label={`${texts.draft}: ${name}`}
          onClick={() => setDialog("draft")}
        >
          {texts.draft}
        </button>
        {may("notifications/record") && (
          <button
            type="button"
            className="judge"
            aria-label={`${texts.record}: ${name}`}
            onClick={() => setDialog("record")}
          >
            {texts.record}
          </button>
        )}
      </div>
      {dialog === "draft" && <DraftDialog clock={clock} onClose={() => setDialog(undefined)} />}
      {dialog === "record" && <RecordDialog clock={clock} onClose={() => setDialog(undefined)} />}
    </li>
  );
}

/** Not announced at every step: it would talk without end. */
function Countdown({ clock: { state, remainingMs, percent } }: { readonly clock: Clock }) {
  const { messages } = useSpeech();
  const { answeredAt } = useIncident();
  const now = useNow();
  const { clocks: texts } = messages.incidents;
  if (remainingMs === undefined || state === "done") return null;
  const { days, hours, minutes, isOver } = restOf(remainingMs, answeredAt, now);
  const words = isOver ? texts.over(days, hours, minutes) : texts.left(days, hours, minutes);
  return (
    <span className={isOver ? "overdue" : ""}>
      {words}
      {percent !== undefined && !isOver && ` · ${texts.percent(percent)}`}
    </span>
  );
}

function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
