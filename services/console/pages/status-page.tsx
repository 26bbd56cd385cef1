// How Heidewacht itself is doing: sources, rates, lag. The picture is drawn from the values that came
// while the page is open; the table beside it says the same in numbers.
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import type { StatusAnswer } from "../api/contract.ts";
import { statusQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { ColumnHeads } from "../shell/column-heads.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { useTitle } from "../shell/use-title.ts";
import { RateChart } from "./rate-chart.tsx";
import { LagFigure, Lags, Marked, Processes, WatchFigure } from "./status-tables.tsx";

/** Values kept for the picture: ten minutes at one value every five seconds. */
const VALUES_MAX = 120;

export function StatusPage() {
  const { messages, formats } = useSpeech();
  const { data, error, dataUpdatedAt } = useQuery(statusQuery);
  const texts = messages.state;
  useTitle(texts.title);
  const values = useRecent(data?.eventsPerSecond, dataUpdatedAt);
  // Shown only where there is something wrong.
  const stuck = (data?.processes ?? []).reduce((sum, { stuckPages = 0 }) => sum + stuckPages, 0);
  const figures: readonly (readonly [string, ReactNode])[] = data
    ? [
        [texts.eventsPerSecond, formats.rate(data.eventsPerSecond)],
        [texts.lag, <LagFigure key="lag" lagMs={data.lagMs} />],
        [
          texts.watchdog,
          <WatchFigure key="watchdog" processes={data.processes ?? []} now={data.at} />,
        ],
        ...(stuck === 0
          ? []
          : [[texts.paging, <Marked key="paging" text={texts.stuckPages(stuck)} />] as const]),
        [texts.uptime, formats.moment(data.startedAt)],
        [texts.version, data.version],
      ]
    : [];
  return (
    <div className="page">
      <h1>{texts.title}</h1>
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      <section aria-labelledby="figures">
        <h2 id="figures" className="kern-sr-only">
          {texts.figures}
        </h2>
        <dl className="figures">
          {figures.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="tabular">{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section aria-labelledby="throughput">
        <h2 id="throughput">{texts.throughput}</h2>
        <RateChart values={values} />
      </section>
      <section aria-labelledby="sources">
        <h2 id="sources">{texts.sources}</h2>
        {data && <Sources sources={data.sources} now={data.at} />}
      </section>
      {data && data.lag.length > 0 && (
        <section aria-labelledby="waiting">
          <h2 id="waiting">{texts.waiting}</h2>
          <Lags lag={data.lag} />
        </section>
      )}
      {data?.processes && (
        <section aria-labelledby="processes">
          <h2 id="processes">{texts.processes}</h2>
          <Processes processes={data.processes} now={data.at} />
        </section>
      )}
    </div>
  );
}

export interface RateValue {
  readonly at: number;
  readonly rate: number;
}

function useRecent(rate: number | undefined, at: number): readonly RateValue[] {
  const [values, setValues] = useState<readonly RateValue[]>([]);
  useEffect(() => {
    if (rate === undefined || at === 0) return;
    setValues((now) => [...now.filter((v) => v.at !== at), { at, rate }].slice(-VALUES_MAX));
  }, [rate, at]);
  return values;
}

interface SourcesProps {
  readonly sources: StatusAnswer["sources"];
  /** The server's clock, ms UTC: that of this machine may be another. */
  readonly now: number;
}

function Sources({ sources, now }: SourcesProps) {
  const { messages, formats } = useSpeech();
  const texts = messages.state;
  if (sources.length === 0) return <p className="muted">{texts.noSources}</p>;
  return (
    <table className="data wide">
      <caption className="kern-sr-only">{texts.sources}</caption>
      <ColumnHeads
        heads={[
          texts.source,
          { number: texts.events },
          { number: texts.rate },
          { number: texts.failed },
          texts.lastEvent,
        ]}
      />
      <tbody>
        {sources.map((source) => (
          <tr key={source.name}>
            <th scope="row" className="mono">
              <HostileText text={source.name} />
            </th>
            <td className="number tabular" data-label={texts.events}>
              {formats.number(source.events)}
            </td>
            <td className="number tabular" data-label={texts.rate}>
              {formats.rate(source.eventsPerSecond)}
            </td>
            <td className="number tabular" data-label={texts.failed}>
              {formats.number(source.failed)}
            </td>
            <td data-label={texts.lastEvent}>
              {source.lastEventAt === null
                ? messages.common.none
                : `${formats.moment(source.lastEventAt)} · ${formats.ago(source.lastEventAt, now)}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
