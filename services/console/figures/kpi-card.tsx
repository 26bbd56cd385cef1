// One KPI of the management page: its value against the target, how many values stand behind it, what was
// left out, and its course over the last periods.
import { useId } from "react";
import { KPI_MESSAGES } from "../../store/kpi-messages.ts";
import type { KpiName } from "../../store/kpi-target.ts";
import { periodWords } from "../../store/kpi-words.ts";
import type { KpiReview } from "../api/kpi-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { axisText, figureText } from "../model/figure-text.ts";
import { factsOf, periodTick } from "../model/kpi-facts.ts";
import type { PlotLine } from "../model/plot-line.ts";
import { Plot } from "./plot.tsx";
import { TargetLight } from "./target-light.tsx";

/** Its own, whatever stands beside it. */
const TARGET_TONE = 6;

interface KpiCardProps {
  readonly name: KpiName;
  readonly review: KpiReview;
}

export function KpiCard({ name, review }: KpiCardProps) {
  const { messages, language } = useSpeech();
  const texts = messages.figures;
  const id = useId();
  const { names, definitions } = KPI_MESSAGES[language];
  const { value, target, state, unit } = review.targets[name];
  const shown = (amount: number) => figureText(amount, unit, language);
  const bound = unit === "share" ? texts.atLeast : texts.atMost;
  return (
    <section className="kpi-card" aria-labelledby={id}>
      <h2 id={id}>{names[name]}</h2>
      <p className="kpi-value tabular">
        {value === null ? <span className="muted">{texts.noValue}</span> : shown(value)}
      </p>
      <p className="kpi-target">
        <TargetLight state={state} />
        {target !== null && <span className="muted">{bound(shown(target))}</span>}
      </p>
      <ul className="kpi-facts small">
        {factsOf(name, review.figures, language, texts.facts).map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      <Course name={name} review={review} />
      <details className="kpi-definition">
        <summary>{texts.definition}</summary>
        <p className="small">{definitions[name]}</p>
      </details>
    </section>
  );
}

function Course({ name, review }: KpiCardProps) {
  const { messages, language } = useSpeech();
  const texts = messages.figures;
  const { series, targets } = review;
  const { unit } = targets[name];
  const { names } = KPI_MESSAGES[language];
  if (series.length === 0 || series.every((point) => point[name].value === null)) {
    return <p className="muted small kpi-no-course">{texts.noCourse}</p>;
  }
  const hasRanks = series.some((point) => point[name].medianS !== null);
  const lines: PlotLine[] = [
    { label: texts.value[unit], values: series.map((point) => point[name].value), look: "line" },
    ...(hasRanks
      ? [
          {
            label: texts.median,
            values: series.map((point) => point[name].medianS),
            look: "line" as const,
          },
        ]
      : []),
    ...(series.some((point) => point[name].target !== null)
      ? [
          {
            tone: TARGET_TONE,
            label: texts.target,
            values: series.map((point) => point[name].target),
            look: "dashed" as const,
          },
        ]
      : []),
  ];
  return (
    <Plot
      label={texts.course(names[name], series.length)}
      points={series.map(({ period }) => periodTick(period.name))}
      rows={series.map(({ period }) => periodWords(period, language))}
      lines={lines}
      unit={unit}
      format={(amount) => figureText(amount, unit, language)}
      axisFormat={(amount) => axisText(amount, unit, language)}
    />
  );
}
