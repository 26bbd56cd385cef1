// Test pages with what became of them: the proof that somebody would have been reached.
import { useQuery } from "@tanstack/react-query";
import { type TestPages, testPagesQuery } from "../api/paging-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";

const SHOWN_MAX = 10;

export function TestPagesSection() {
  const { messages, formats } = useSpeech();
  const { data } = useQuery(testPagesQuery);
  const texts = messages.paging.board;
  const pages = data?.testPages.slice(0, SHOWN_MAX) ?? [];
  return (
    <section aria-labelledby="test-pages">
      <h2 id="test-pages">{texts.tests}</h2>
      {data !== undefined && pages.length === 0 && <p className="muted">{texts.noTests}</p>}
      {pages.length > 0 && (
        <table className="data wide">
          <caption className="kern-sr-only">{texts.testTable}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.requested}</th>
              <th scope="col">{texts.target}</th>
              <th scope="col">{texts.stateOf}</th>
              <th scope="col">{texts.result}</th>
            </tr>
          </thead>
          <tbody>
            {pages.map((page) => (
              <tr key={page.id}>
                <th scope="row" className="tabular">
                  {formats.moment(page.requestedAt)}
                </th>
                <td data-label={texts.target}>{Object.values(page.target).join(", ")}</td>
                <td data-label={texts.stateOf}>
                  <span className="chip">{texts.testStates[page.state]}</span>
                </td>
                <td data-label={texts.result}>
                  <Results page={page} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Results({ page }: { readonly page: TestPages["testPages"][number] }) {
  const { messages, formats } = useSpeech();
  const texts = messages.paging.board;
  return (
    <ul>
      {page.results?.map(({ id, channel, person, state, tookMs, fault }) => (
        <li key={id}>
          {state === "failed" ? "⚠ " : ""}
          {[person, channel].filter((one) => one !== undefined).join(" · ")}:{" "}
          {texts.resultStates[state]}
          {tookMs !== undefined && <span className="muted"> {formats.span(tookMs)}</span>}
          {fault !== undefined && (
            <span className="muted note">
              <HostileText text={fault} />
            </span>
          )}
        </li>
      ))}
      {page.nobody?.map((target) => (
        <li key={target}>{`⚠ ${target}: ${texts.nobody}`}</li>
      ))}
    </ul>
  );
}
