// Paging: channels with their last proof of life and test pages, what is open, policies as steps, what the
// check of the settings found, and how often somebody was called.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { noiseQuery, type Paging, pagingQuery } from "../api/paging-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { ColumnHeads } from "../shell/column-heads.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { PagingNav } from "../shell/sub-nav.tsx";
import { useTitle } from "../shell/use-title.ts";
import { Channels } from "./channels.tsx";
import { CheckSection } from "./check-section.tsx";
import { Policies } from "./policies.tsx";
import { TestPagesSection } from "./test-pages.tsx";

export function PagingPage() {
  const { messages } = useSpeech();
  const { data, error, isPending } = useQuery(pagingQuery);
  const texts = messages.paging.board;
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
      {data?.isOn === false && <p className="muted">{texts.off}</p>}
      {data?.isOn === true && (
        <>
          <OpenPages paging={data} />
          <Channels paging={data} />
          <TestPagesSection />
          <Policies paging={data} />
          <CheckSection />
          <NoiseSection />
        </>
      )}
    </div>
  );
}

function OpenPages({ paging }: { readonly paging: Paging }) {
  const { messages, formats } = useSpeech();
  const { open: texts, priorities, states } = messages.paging;
  return (
    <section aria-labelledby="open-pages">
      <h2 id="open-pages">{texts.title}</h2>
      {paging.open.length === 0 && <p className="muted">{texts.none}</p>}
      {paging.open.length > 0 && (
        <table className="data wide">
          <caption className="kern-sr-only">{texts.table}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.priority}</th>
              <th scope="col">{texts.finding}</th>
              <th scope="col">{texts.state}</th>
              <th scope="col">{texts.since}</th>
              <th scope="col">{texts.next}</th>
            </tr>
          </thead>
          <tbody>
            {paging.open.map((one) => (
              <tr key={one.finding}>
                <td>
                  <span className={`chip page-${one.priority}`}>{priorities[one.priority]}</span>
                </td>
                <th scope="row">
                  <Link to="/warteschlange/$id" params={{ id: one.finding }}>
                    <HostileText text={one.title} />
                  </Link>
                  {one.gathers !== undefined && (
                    <span className="muted small note">
                      {texts.gathers(formats.number(one.gathers))}
                    </span>
                  )}
                </th>
                <td data-label={texts.state}>{states[one.state]}</td>
                <td data-label={texts.since} className="tabular">
                  {formats.moment(one.requestedAt)}
                </td>
                <td data-label={texts.next} className="tabular">
                  {one.dueAt === undefined || one.state === "acknowledged"
                    ? messages.common.none
                    : formats.moment(Math.max(one.dueAt, paging.at))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {paging.truncated && <p className="muted small">{texts.truncated}</p>}
    </section>
  );
}

function NoiseSection() {
  const { messages, formats } = useSpeech();
  const { data } = useQuery(noiseQuery);
  const texts = messages.paging.noise;
  return (
    <section aria-labelledby="noise">
      <h2 id="noise">{texts.title}</h2>
      {data?.budget !== undefined && <p>{texts.budget(formats.number(data.budget))}</p>}
      {data?.weeks.length === 0 && <p className="muted">{texts.none}</p>}
      {data !== undefined && data.weeks.length > 0 && (
        <table className="data wide noise-table">
          <caption className="kern-sr-only">{texts.table}</caption>
          <ColumnHeads
            heads={[
              texts.week,
              { number: texts.pages },
              { number: texts.falsePages },
              texts.standing,
            ]}
          />
          <tbody>
            {data.weeks.toReversed().map((week) => (
              <tr key={week.week}>
                <th scope="row" className="tabular">
                  {week.week}
                </th>
                <td data-label={texts.pages} className="number tabular">
                  {formats.number(week.pages)}
                </td>
                <td data-label={texts.falsePages} className="number tabular">
                  {formats.number(week.falsePages)}
                </td>
                <td data-label={texts.standing}>
                  {week.isOver ? `⚠ ${texts.over}` : texts.within}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
