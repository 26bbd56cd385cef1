// The log sources: which of them send, how late, how readable, with which clock, and which are silent.
import { useQuery } from "@tanstack/react-query";
import { Fragment, useDeferredValue, useId, useMemo, useState } from "react";
import type { SourceAnswer } from "../api/contract.ts";
import { sourcesQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { filterSources, STATE_ORDER } from "../model/source-words.ts";
import { ColumnHeads } from "../shell/column-heads.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { useTitle } from "../shell/use-title.ts";
import { SourceDetails } from "./source-details.tsx";
import { SourceState } from "./source-state.tsx";

const COLUMNS = 7;

export function SourcesPage() {
  const { messages, formats } = useSpeech();
  const { data, error, isPending } = useQuery(sourcesQuery);
  const [filter, setFilter] = useState("");
  const [state, setState] = useState<SourceAnswer["state"]>();
  const wanted = useDeferredValue(filter);
  const texts = messages.sources;
  useTitle(texts.title);
  const sources = data?.sources ?? [];
  const shown = useMemo(
    () => filterSources(data?.sources ?? [], wanted, state),
    [data, wanted, state],
  );
  const count = (test: (source: SourceAnswer) => boolean) =>
    formats.number(sources.filter(test).length);
  return (
    <div className="page">
      <h1>{texts.title}</h1>
      <p className="muted" role="status">
        {isPending && messages.common.loading}
        {data &&
          texts.summary(
            count(() => true),
            count((source) => source.state === "silent"),
            count((source) => source.ndigClass === undefined),
          )}
      </p>
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {sources.some((source) => source.ndigClass === undefined) && (
        <p className="alert">{texts.ndigHint}</p>
      )}
      <search className="event-form" aria-label={texts.filter}>
        <label>
          <span>{texts.filterText}</span>
          <input
            type="search"
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
        </label>
        <label>
          <span>{texts.state}</span>
          <select
            value={state ?? ""}
            onChange={(event) =>
              setState(STATE_ORDER.find((name) => name === event.currentTarget.value))
            }
          >
            <option value="">{texts.allStates}</option>
            {STATE_ORDER.map((name) => (
              <option key={name} value={name}>
                {texts.states[name]}
              </option>
            ))}
          </select>
        </label>
      </search>
      {data && shown.length === 0 && (
        <p className="muted">{sources.length === 0 ? texts.none : texts.empty}</p>
      )}
      {data && shown.length > 0 && <SourceTable sources={shown} now={data.at} />}
    </div>
  );
}

function SourceTable({
  sources,
  now,
}: {
  readonly sources: readonly SourceAnswer[];
  readonly now: number;
}) {
  const { messages } = useSpeech();
  const texts = messages.sources;
  return (
    <table className="data wide">
      <caption className="kern-sr-only">{texts.table}</caption>
      <ColumnHeads
        heads={[
          texts.source,
          texts.state,
          texts.lastSeen,
          { number: texts.rate },
          { number: texts.lag },
          { number: texts.readable },
          texts.ndigClass,
        ]}
      />
      <tbody>
        {sources.map((source) => (
          <SourceRow key={source.name} source={source} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function SourceRow({ source, now }: { readonly source: SourceAnswer; readonly now: number }) {
  const { messages, formats } = useSpeech();
  const [open, setOpen] = useState(false);
  const id = useId();
  const texts = messages.sources;
  const { none } = messages.common;
  const { lastSeenAt, lagMedianMs, parseShare, usualPerSecond } = source;
  const usual = usualPerSecond === undefined ? "" : texts.usual(formats.rate(usualPerSecond));
  return (
    <Fragment>
      <tr>
        <th scope="row">
          <button
            type="button"
            className="link-button mono"
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            onClick={() => setOpen(!open)}
          >
            <HostileText text={source.name} />
          </button>
          <span className="muted small source-inputs">
            {source.inputs.map((input) => inputWord(input, texts.inputs)).join(", ")}
          </span>
        </th>
        <td>
          <SourceState state={source.state} />
        </td>
        <td data-label={texts.lastSeen}>
          {lastSeenAt === undefined ? (
            none
          ) : (
            <time dateTime={new Date(lastSeenAt).toISOString()} title={formats.moment(lastSeenAt)}>
              {formats.ago(lastSeenAt, now)}
            </time>
          )}
        </td>
        <td className="number tabular" data-label={texts.rate}>
          {formats.rate(source.eventsPerSecond)} <span className="muted">{usual}</span>
        </td>
        <td className="number tabular" data-label={texts.lag}>
          {lagMedianMs === undefined ? none : formats.span(Math.max(0, lagMedianMs))}
        </td>
        <td className="number tabular" data-label={texts.readable}>
          {parseShare === undefined ? none : formats.share(parseShare)}
        </td>
        <td data-label={texts.ndigClass}>
          {source.ndigClass === undefined ? (
            <strong>{texts.ndigMissing}</strong>
          ) : (
            <span title={texts.ndig[source.ndigClass]}>{source.ndigClass}</span>
          )}
        </td>
      </tr>
      {open && (
        <tr id={id}>
          <td colSpan={COLUMNS}>
            <SourceDetails source={source} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}

// Inputs without a word of their own are known by their name in the configuration.
function inputWord(input: string, words: Readonly<Record<string, string>>): string {
  return Object.hasOwn(words, input) ? (words[input] ?? input) : input;
}
