// Counts, filter and order of the queue. What is set here stands in the address.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { summaryQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import {
  HIDDEN,
  isGrouped,
  LEVEL_ORDER,
  OPEN_STATUS,
  type QueueSearch,
  readQueueSearch,
  SORTS,
  STATUS_ORDER,
} from "../model/queue-search.ts";
import { KeyHint } from "../shell/key-hint.tsx";
import { SpanChip } from "../shell/span-chip.tsx";
import type { QueueRows } from "./queue-data.ts";

/** A pause in typing after which the list is asked for again. */
const TYPING_PAUSE_MS = 250;

interface FilterBarProps {
  readonly search: QueueSearch;
  readonly queue: QueueRows;
}

export function FilterBar({ search, queue }: FilterBarProps) {
  const { messages, formats } = useSpeech();
  const { data: summary } = useQuery(summaryQuery);
  const navigate = useNavigate();
  const set = (part: Readonly<Record<string, unknown>>) =>
    void navigate({ to: ".", search: readQueueSearch({ ...search, ...part }), replace: true });
  const texts = messages.queue;
  const status = search.status ?? OPEN_STATUS;
  const grouped = isGrouped(search);
  const count = formats.number(queue.total);
  const toggled = <T extends string>(all: readonly T[], now: readonly T[], name: T) =>
    all.filter((each) => now.includes(each) !== (each === name));
  return (
    <header className="queue-head">
      <div className="queue-title">
        <h1 id="queue-title">{texts.title}</h1>
        <p className="muted small" role="status">
          {grouped ? messages.grouping.items(count) : texts.shown(count)}
        </p>
        <Live queue={queue} />
      </div>
      <search className="filters" aria-label={texts.filter}>
        <button
          type="button"
          className="toggle"
          aria-pressed={grouped}
          title={messages.grouping.groupedHint}
          onClick={() =>
            void navigate({ to: ".", search: grouped ? { view: "list" } : {}, replace: true })
          }
        >
          {messages.grouping.grouped}
        </button>
        <fieldset className="toggles">
          <legend className="kern-sr-only">{texts.columns.status}</legend>
          {STATUS_ORDER.map((name) => (
            <button
              key={name}
              type="button"
              className="toggle"
              aria-pressed={status.includes(name)}
              onClick={() => {
                const next = toggled(STATUS_ORDER, status, name);
                set({ status: next.length === 0 ? undefined : next });
              }}
            >
              {messages.status[name]}
              <span className="tabular count">
                {summary ? formats.number(summary.status[name]) : ""}
              </span>
            </button>
          ))}
        </fieldset>
        <fieldset className="toggles">
          <legend className="kern-sr-only">{texts.columns.level}</legend>
          {LEVEL_ORDER.map((name) => (
            <button
              key={name}
              type="button"
              className={`toggle level-${name}`}
              aria-pressed={search.level?.includes(name) ?? false}
              onClick={() => {
                const next = toggled(LEVEL_ORDER, search.level ?? [], name);
                set({ level: next.length === 0 ? undefined : next });
              }}
            >
              {messages.level[name]}
              <span className="tabular count">
                {summary ? formats.number(summary.level[name]) : ""}
              </span>
            </button>
          ))}
        </fieldset>
        <fieldset className="toggles">
          <legend className="kern-sr-only">{messages.silences.quietFilter}</legend>
          {HIDDEN.map((name) => (
            <button
              key={name}
              type="button"
              className="toggle"
              aria-pressed={search.quiet?.includes(name) ?? false}
              onClick={() => {
                const next = toggled(HIDDEN, search.quiet ?? [], name);
                set({ quiet: next.length === 0 ? undefined : next });
              }}
            >
              {messages.silences.quiet[name]}
              <span className="tabular count">
                {summary && name !== "none" ? formats.number(summary.quiet[name]) : ""}
              </span>
            </button>
          ))}
        </fieldset>
        <SpanChip span={search} onDrop={() => set({ from: undefined, to: undefined })} />
        <SearchField text={search.text ?? ""} onText={(text) => set({ text: text || undefined })} />
        <label className="inline-field">
          <span className="kern-sr-only">{texts.sort}</span>
          <select
            value={search.sort ?? "score"}
            onChange={(event) => {
              const sort = SORTS.find((name) => name === event.currentTarget.value);
              set({ sort: sort === "score" ? undefined : sort });
            }}
          >
            {SORTS.map((name) => (
              <option key={name} value={name}>
                {texts.sorts[name]}
              </option>
            ))}
          </select>
        </label>
        {Object.keys(search).length > 0 && (
          <button
            type="button"
            className="link-button"
            onClick={() => void navigate({ to: ".", search: {}, replace: true })}
          >
            {texts.reset}
          </button>
        )}
      </search>
    </header>
  );
}

function Live({ queue }: { readonly queue: QueueRows }) {
  const { messages } = useSpeech();
  return (
    <div className="live" aria-live="polite">
      {queue.freshCount > 0 ? (
        <button type="button" className="fresh-button" onClick={queue.reload}>
          {messages.live.fresh(queue.freshCount)}
          <KeyHint name="N" />
        </button>
      ) : (
        <span className={queue.live ? "live-dot" : "live-dot live-off"}>
          {queue.live ? messages.live.on : messages.live.off}
        </span>
      )}
    </div>
  );
}

/** Waits for a pause in typing before it asks. */
function SearchField({
  text,
  onText,
}: {
  readonly text: string;
  readonly onText: (text: string) => void;
}) {
  const { messages } = useSpeech();
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the wait
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onText(typed), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <label className="inline-field grow">
      <span className="kern-sr-only">{messages.queue.text}</span>
      <input
        id="queue-text"
        type="search"
        value={typed}
        placeholder={messages.queue.textHint}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </label>
  );
}
