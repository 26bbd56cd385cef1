// The schedule in one's own calendar: secret addresses, made for this account, shown once, and revoked here.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { calendarsQuery, type NewCalendar, type OnCall } from "../api/paging-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { SelectField } from "../shell/fields.tsx";
import { formFault } from "../shell/form-fault.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { useToast } from "../shell/toast.tsx";
import { usePagingChange, useQuickPagingChange } from "./use-paging-change.ts";

export function Calendars({ onCall }: { readonly onCall: OnCall }) {
  const { messages, formats } = useSpeech();
  const { data } = useQuery(calendarsQuery);
  const quickly = useQuickPagingChange();
  const texts = messages.paging.calendars;
  const calendars = data?.calendars ?? [];
  const titles = new Map(onCall.schedules.map(({ id, title }) => [id, title]));
  return (
    <section aria-labelledby="calendars">
      <h2 id="calendars">{texts.title}</h2>
      <p className="prose">{texts.intro}</p>
      <NewAddress onCall={onCall} />
      {calendars.length > 0 && (
        <ul className="duty-feeds" aria-label={texts.list}>
          {calendars.map(({ id, schedule, createdAt }) => (
            <li key={id}>
              <HostileText text={titles.get(schedule) ?? schedule} />{" "}
              <span className="muted">{texts.since(formats.moment(createdAt))}</span>{" "}
              <button
                type="button"
                className="judge"
                aria-label={`${texts.revoke}: ${titles.get(schedule) ?? schedule}, ${formats.moment(createdAt)}`}
                onClick={() => {
                  const path = `/on-call/calendars/${encodeURIComponent(id)}`;
                  quickly("DELETE", path, undefined, texts.revoked);
                }}
              >
                {texts.revoke}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function NewAddress({ onCall }: { readonly onCall: OnCall }) {
  const { messages } = useSpeech();
  const change = usePagingChange();
  const toast = useToast();
  const [schedule, setSchedule] = useState(onCall.schedules[0]?.id ?? "");
  const [made, setMade] = useState<string | undefined>();
  const texts = messages.paging.calendars;
  const make = () =>
    change<NewCalendar>("POST", "/on-call/calendars", { schedule }, texts.once)
      .then(({ path }) => setMade(new URL(path, location.origin).href))
      .catch((error: unknown) => toast({ text: formFault(error, messages) }));
  return (
    <>
      <div className="duty-new-feed">
        <SelectField
          label={texts.schedule}
          value={schedule}
          options={onCall.schedules.map(({ id }) => id)}
          words={Object.fromEntries(onCall.schedules.map(({ id, title }) => [id, title]))}
          onChange={setSchedule}
        />
        <button type="button" className="kern-btn kern-btn--secondary" onClick={() => void make()}>
          <span className="kern-label">{texts.add}</span>
        </button>
      </div>
      <div role="status">
        {made !== undefined && (
          <>
            <p>{texts.once}</p>
            <p className="mono duty-address">{made}</p>
          </>
        )}
      </div>
    </>
  );
}
