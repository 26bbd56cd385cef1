// Four weeks of a schedule as a table, a row a week from today on: who has which day, and where nobody has it.
import type { ScheduleShifts } from "../api/paging-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { type DutyDay, dutyDays, timeOfDay } from "../model/duty-days.ts";
import { HostileText } from "../shell/hostile-text.tsx";

const WEEK_DAYS = 7;

interface CalendarProps {
  readonly schedule: ScheduleShifts;
  readonly span: { readonly from: number; readonly until: number };
}

export function DutyCalendar({ schedule, span }: CalendarProps) {
  const { messages, formats, language } = useSpeech();
  const texts = messages.paging.duty;
  const days = dutyDays(schedule, span);
  const weeks = Array.from({ length: Math.ceil(days.length / WEEK_DAYS) }, (_, at) =>
    days.slice(at * WEEK_DAYS, (at + 1) * WEEK_DAYS),
  );
  const weekday = new Intl.DateTimeFormat(language, {
    weekday: "short",
    timeZone: "Europe/Berlin",
  });
  const id = `calendar-${schedule.id}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        <HostileText text={texts.calendar(schedule.title)} />
      </h2>
      <Gaps gaps={schedule.gaps} />
      <table className="data wide duty-calendar">
        <caption className="kern-sr-only">{texts.calendar(schedule.title)}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.week}</th>
            {weeks[0]?.map(({ at }) => (
              <th key={at} scope="col">
                {weekday.format(at)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]?.at}>
              <th scope="row" className="tabular">
                {formats.day(week[0]?.at ?? span.from)}
              </th>
              {week.map((day) => (
                <td
                  key={day.at}
                  data-label={`${weekday.format(day.at)} ${formats.day(day.at)}`}
                  className={day.at === span.from ? "duty-today" : undefined}
                >
                  <Day day={day} isToday={day.at === span.from} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Day({ day, isToday }: { readonly day: DutyDay; readonly isToday: boolean }) {
  const { messages } = useSpeech();
  const texts = messages.paging.duty;
  return (
    <>
      {isToday && <span className="small note duty-mark">{texts.today}</span>}
      {day.parts.length === 0 && <span className="muted">{messages.common.none}</span>}
      <ul>
        {day.parts.map((part) => (
          <li key={part.from} className={part.name === undefined ? "duty-gap" : "duty-part"}>
            {!part.isWhole && (
              <span className="muted small tabular note">
                {timeOfDay(part.from)}–{timeOfDay(part.until)}
              </span>
            )}
            {part.name === undefined ? `⚠ ${texts.gap}` : <HostileText text={part.name} />}
            {part.isOverride && <span className="muted small note">{texts.substitute}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Gaps({ gaps }: Pick<ScheduleShifts, "gaps">) {
  const { messages, formats } = useSpeech();
  const texts = messages.paging.duty;
  if (gaps.length === 0) return <p className="muted">{texts.noGaps}</p>;
  return (
    <details className="duty-gaps">
      <summary>⚠ {texts.gaps(formats.number(gaps.length))}</summary>
      <ul>
        {gaps.map(({ from, until }) => (
          <li key={from} className="tabular">
            {texts.span(formats.moment(from), formats.moment(until))}
          </li>
        ))}
      </ul>
    </details>
  );
}
