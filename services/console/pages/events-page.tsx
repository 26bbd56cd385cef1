// Hunting: a simple search over the archived events. What is asked stands in the address.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { FormEvent } from "react";
import type { EventPage } from "../api/contract.ts";
import { type EventSearch, eventsQuery } from "../api/queries.ts";
import { EventFields } from "../finding/event-fields.tsx";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { useTitle } from "../shell/use-title.ts";

type ArchivedEvent = EventPage["events"][number];

export function EventsPage() {
  const { messages, formats } = useSpeech();
  const search: EventSearch = useSearch({ strict: false });
  const result = useInfiniteQuery(eventsQuery(search));
  const texts = messages.events;
  useTitle(texts.title);
  const events = result.data?.pages.flatMap((page) => page.events) ?? [];
  const foundText = (n: number) => {
    if (n === 0) return texts.empty;
    return result.hasNextPage ? texts.newest(formats.number(n)) : texts.found(formats.number(n));
  };
  return (
    <div className="page">
      <h1>{texts.title}</h1>
      <p className="muted">{texts.start}</p>
      <SearchForm key={JSON.stringify(search)} search={search} />
      <p role="status" className="muted small">
        {result.isPending && messages.common.loading}
        {result.data && foundText(events.length)}
      </p>
      {result.error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(result.error, messages)}
        </p>
      )}
      <ul className="event-list" aria-label={texts.table}>
        {events.map((event) => (
          <EventItem key={event.id} event={event} />
        ))}
      </ul>
      {result.hasNextPage && (
        <button
          type="button"
          className="kern-btn kern-btn--secondary"
          disabled={result.isFetching}
          onClick={() => void result.fetchNextPage()}
        >
          <span className="kern-label">{texts.more}</span>
        </button>
      )}
    </div>
  );
}

function SearchForm({ search }: { readonly search: EventSearch }) {
  const { messages } = useSpeech();
  const navigate = useNavigate();
  const texts = messages.events;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? "");
    void navigate({
      to: "/ereignisse",
      search: { query: text("query"), from: text("from"), to: text("to") },
    });
  };
  return (
    <search>
      <form className="event-form" onSubmit={submit}>
        <label className="grow">
          {texts.query}
          <input
            name="query"
            type="search"
            defaultValue={search.query}
            aria-describedby="query-hint"
          />
          <span id="query-hint" className="muted small">
            {texts.hint}
          </span>
        </label>
        <label>
          {texts.from}
          <input name="from" type="datetime-local" defaultValue={search.from} />
        </label>
        <label>
          {texts.to}
          <input name="to" type="datetime-local" defaultValue={search.to} />
        </label>
        <button type="submit" className="kern-btn kern-btn--primary">
          <span className="kern-label">{texts.submit}</span>
        </button>
      </form>
    </search>
  );
}

function EventItem({ event }: { readonly event: ArchivedEvent }) {
  const { messages, formats } = useSpeech();
  const field = (name: string) => String(event.document[name] ?? "");
  const what = [
    field("event.code"),
    field("event.action"),
    field("process.command_line") || field("message"),
  ];
  return (
    <li>
      <details className="event">
        <summary>
          <time className="tabular">{formats.moment(event.time)}</time>
          <span className="mono">
            <HostileText text={field("host.name") || event.source} />
          </span>
          <span className="event-what mono muted">
            <HostileText text={what.filter(Boolean).join(" · ")} />
          </span>
        </summary>
        <EventFields document={event.document} matched={[]} caption={messages.events.details} />
      </details>
    </li>
  );
}
