// The page for those who decide: five KPIs against their targets, three sentences on what has changed and why,
// and the anonymous incidents behind them. For the screen, a phone, and one page of paper.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { KPI_MESSAGES } from "../../store/kpi-messages.ts";
import { KPI_NAMES } from "../../store/kpi-target.ts";
import { periodWords } from "../../store/kpi-words.ts";
import { type KpiReview, reviewQuery } from "../api/kpi-queries.ts";
import { sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { localSecond } from "../model/berlin-time.ts";
import { errorText } from "../shell/error-text.ts";
import { FiguresNav } from "../shell/sub-nav.tsx";
import { useTitle } from "../shell/use-title.ts";
import { IncidentFigures } from "./incident-figures.tsx";
import { KpiCard } from "./kpi-card.tsx";
import { PeriodPicker } from "./period-picker.tsx";

const route = getRouteApi("/lage");

export function ReviewPage() {
  const { messages, language } = useSpeech();
  const { zeitraum } = route.useSearch();
  const { data, error, isPending } = useQuery(reviewQuery(zeitraum));
  const texts = messages.figures;
  const name = data?.period.name ?? zeitraum ?? "";
  useTitle(name === "" ? texts.title : `${texts.title} · ${periodWords({ name }, language)}`);
  return (
    <div className="page review">
      <FiguresNav />
      {isPending && <p className="muted">{messages.common.loading}</p>}
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data !== undefined && <Review review={data} />}
    </div>
  );
}

function Review({ review }: { readonly review: KpiReview }) {
  const { messages, language } = useSpeech();
  const texts = messages.figures;
  const { period, sentences, target, simulated } = review;
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  const today = localSecond(Date.now()).slice(0, 7);
  return (
    <>
      <p className="review-tenant muted">{session?.tenantName}</p>
      <div className="review-head">
        <h1>
          {texts.title}: {periodWords(period, language)}
        </h1>
        {review.isRunning && <span className="chip">{texts.running}</span>}
        <PeriodPicker period={period.name} isLast={review.isRunning} today={today} />
        <button type="button" className="small-button review-print" onClick={() => print()}>
          {texts.print}
        </button>
      </div>
      {simulated.incidents + simulated.findings > 0 && (
        <p className="alert review-simulated">
          {texts.simulated(simulated.incidents, simulated.findings)}
        </p>
      )}
      <section aria-labelledby="review-changes">
        <h2 id="review-changes">{texts.changes}</h2>
        <ol className="review-sentences">
          {sentences[language].map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ol>
      </section>
      <div className="kpi-cards">
        {KPI_NAMES.map((name) => (
          <KpiCard key={name} name={name} review={review} />
        ))}
      </div>
      <Behind review={review} />
      <p className="muted small review-foot">
        {KPI_MESSAGES[language].scope} {texts.definitionVersion(review.definitionVersion)}{" "}
        {target === null ? texts.noTarget : texts.targetSince(target.validFrom, target.reason)}
      </p>
    </>
  );
}

function Behind({ review }: { readonly review: KpiReview }) {
  const { messages, language } = useSpeech();
  const [isOpen, setOpen] = useState(false);
  const texts = messages.figures;
  const { leftOut } = KPI_MESSAGES[language];
  const left = review.figures.leftOut.map((one) => `${leftOut[one.reason]}: ${one.n}`);
  return (
    <section className="review-incidents">
      {left.length > 0 && <p className="small">{texts.facts.leftOut(left.join(", "))}</p>}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <h2 className="inline-title">{texts.incidents.title}</h2>
        </summary>
        {isOpen && <IncidentFigures period={review.period.name} />}
      </details>
    </section>
  );
}
