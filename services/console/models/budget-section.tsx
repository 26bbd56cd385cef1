// The one setting of the alarm budget, what it does, and how many findings the last days had. Counted by detector:
// nothing here is about an account or a machine.
import { useQuery } from "@tanstack/react-query";
import type { AnomalyDays } from "../api/contract.ts";
import { anomalyDaysQuery } from "../api/model-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { dayText } from "../model/day-span.ts";
import { budgetSum, wordFor } from "../model/model-view.ts";
import { errorText } from "../shell/error-text.ts";

type Day = AnomalyDays["days"][number];

export function BudgetSection() {
  const { messages, formats } = useSpeech();
  const { data, error } = useQuery(anomalyDaysQuery);
  const texts = messages.models.budget;
  return (
    <section aria-labelledby="models-budget">
      <h2 id="models-budget">{texts.title}</h2>
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data?.enabled === false && <p className="alert">{messages.models.off}</p>}
      {data !== undefined && (
        <div className="budget">
          <div className="budget-setting">
            <p className="budget-number tabular">{formats.rate(data.findingsPerDay)}</p>
            <p className="prose">
              {texts.what} {texts.noLimit}
            </p>
            <p className="prose">{texts.choice}</p>
            <p className="muted small prose">{texts.where}</p>
          </div>
          <div className="budget-days">
            <p>{sumText(data)}</p>
            <Days answer={data} />
            <p className="muted small">{texts.line}</p>
          </div>
        </div>
      )}
    </section>
  );

  function sumText(answer: AnomalyDays): string {
    const { findings, mean, daysOver } = budgetSum(answer);
    const { number, rate } = formats;
    return texts.sum(number(answer.days.length), number(findings), rate(mean), number(daysOver));
  }
}

function Days({ answer }: { readonly answer: AnomalyDays }) {
  const { messages } = useSpeech();
  const texts = messages.models.budget;
  const { days, findingsPerDay } = answer;
  const most = Math.max(findingsPerDay, ...days.map(({ findings }) => findings), 1);
  return (
    <table className="data budget-table">
      <caption className="kern-sr-only">{texts.table}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.day}</th>
          <th scope="col" colSpan={2}>
            {texts.findings}
          </th>
          <th scope="col">{texts.of}</th>
        </tr>
      </thead>
      <tbody>
        {days.map((day, at) => (
          <DayRow
            key={day.day}
            day={day}
            isToday={at === 0}
            isOver={day.findings > findingsPerDay}
            share={day.findings / most}
            budgetShare={findingsPerDay / most}
          />
        ))}
      </tbody>
    </table>
  );
}

interface DayRowProps {
  readonly day: Day;
  readonly isToday: boolean;
  readonly isOver: boolean;
  /** Of the longest bar, 0 to 1; and where the budget lies. */
  readonly share: number;
  readonly budgetShare: number;
}

const BAR = 100;

function DayRow({ day, isToday, isOver, share, budgetShare }: DayRowProps) {
  const { messages, formats, language } = useSpeech();
  const texts = messages.models.budget;
  const words = messages.models.detectors;
  const parts = day.detectors.map(({ detector, findings }) =>
    texts.count(wordFor(words, detector), formats.number(findings)),
  );
  if (day.changes > 0) parts.push(texts.changes(formats.number(day.changes)));
  return (
    <tr>
      <th scope="row" className="tabular">
        {dayText(day.day, language)}
        {isToday && <span className="muted small note">{texts.soFar}</span>}
      </th>
      <td className="number tabular">{formats.number(day.findings)}</td>
      <td className="budget-cell">
        <svg viewBox={`0 0 ${BAR} 10`} preserveAspectRatio="none" aria-hidden="true">
          <rect className="budget-bar" y="1.5" width={share * BAR} height="7" />
          <path className="budget-line" d={`M${budgetShare * BAR} 0V10`} />
        </svg>
        {isOver && <span className="small note">{texts.over}</span>}
      </td>
      <td>{parts.length === 0 ? <span className="muted">{texts.none}</span> : parts.join(", ")}</td>
    </tr>
  );
}
