// Who is on duty: now and next in every schedule, a calendar of four weeks with its gaps, overrides, and the
// schedule in one's own calendar.
import { useQuery } from "@tanstack/react-query";
import { type OnCall, onCallQuery, shiftsQuery } from "../api/paging-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { PagingNav } from "../shell/sub-nav.tsx";
import { useMay } from "../shell/use-may.ts";
import { useTitle } from "../shell/use-title.ts";
import { Calendars } from "./calendars.tsx";
import { DutyCalendar } from "./duty-calendar.tsx";
import { Overrides } from "./overrides.tsx";

export function DutyPage() {
  const { messages } = useSpeech();
  const { data, error, isPending } = useQuery(onCallQuery);
  const mayChange = useMay("paging:write");
  const texts = messages.paging.duty;
  useTitle(texts.title);
  return (
    <div className="page">
      <PagingNav />
      <h1>{texts.title}</h1>
      <p className="prose">{texts.intro}</p>
      {isPending && <p className="muted">{messages.common.loading}</p>}
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data?.schedules.length === 0 && <p className="muted">{texts.none}</p>}
      {data !== undefined && data.schedules.length > 0 && (
        <>
          <ul className="duty-cards">
            {data.schedules.map((schedule) => (
              <DutyCard key={schedule.id} schedule={schedule} />
            ))}
          </ul>
          <Calendar />
          <Overrides onCall={data} mayChange={mayChange} />
          {mayChange && <Calendars onCall={data} />}
        </>
      )}
    </div>
  );
}

function DutyCard({ schedule }: { readonly schedule: OnCall["schedules"][number] }) {
  const { messages, formats } = useSpeech();
  const texts = messages.paging.duty;
  const { id, title, now, next, isGap } = schedule;
  return (
    <li className="duty-card">
      <section aria-labelledby={`duty-${id}`}>
        <h2 id={`duty-${id}`}>
          <HostileText text={title} />
        </h2>
        {isGap && <p className="alert alert-danger">{texts.gapNow}</p>}
        <dl>
          <dt>{texts.now}</dt>
          <dd>
            <strong className="duty-name">
              <HostileText text={now?.person.name ?? texts.nobody} />
            </strong>
            {now?.override !== undefined && <span className="chip">{texts.substitute}</span>}
            {now !== undefined && (
              <span className="muted note">{texts.until(formats.moment(now.until))}</span>
            )}
          </dd>
          {next !== undefined && (
            <>
              <dt>{texts.next}</dt>
              <dd>
                <HostileText text={next.person?.name ?? texts.nobody} />
                <span className="muted note">{texts.from(formats.moment(next.at))}</span>
              </dd>
            </>
          )}
        </dl>
      </section>
    </li>
  );
}

function Calendar() {
  const { messages } = useSpeech();
  const { data, error } = useQuery(shiftsQuery);
  if (error !== null) {
    return (
      <p className="alert alert-danger" role="alert">
        {errorText(error, messages)}
      </p>
    );
  }
  if (data === undefined) return <p className="muted">{messages.common.loading}</p>;
  return data.schedules.map((schedule) => (
    <DutyCalendar key={schedule.id} schedule={schedule} span={data} />
  ));
}
