// The filters of the list of incidents; they stand in the address, so that a view can be kept and shared.
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import {
  CATEGORY_ORDER,
  type IncidentFilter,
  STATUS_ORDER,
  VERDICT_ORDER,
} from "../model/incident-filter.ts";
import { LEVEL_ORDER } from "../model/queue-search.ts";
import { CheckField } from "../shell/fields.tsx";
import { SpanChip } from "../shell/span-chip.tsx";

const TYPING_PAUSE_MS = 400;

export function IncidentFilters({ filter }: { readonly filter: IncidentFilter }) {
  const { messages } = useSpeech();
  const navigate = useNavigate();
  const texts = messages.incidents;
  const set = (part: Partial<IncidentFilter>) =>
    void navigate({ to: "/vorfaelle", search: { ...filter, ...part }, replace: true });
  const drop = () => {
    const { from: _, to: __, ...rest } = filter;
    void navigate({ to: "/vorfaelle", search: rest, replace: true });
  };
  return (
    <search className="event-form" aria-label={texts.filter}>
      <SearchText text={filter.text ?? ""} onSettled={(text) => set({ text: text || undefined })} />
      <Choice
        label={texts.status}
        value={filter.status}
        options={STATUS_ORDER}
        words={texts.statuses}
        onChange={(status) => set({ status })}
      />
      <Choice
        label={texts.verdict}
        value={filter.verdict}
        options={VERDICT_ORDER}
        words={texts.verdicts}
        onChange={(verdict) => set({ verdict })}
      />
      <Choice
        label={texts.severity}
        value={filter.severity}
        options={LEVEL_ORDER}
        words={messages.level}
        onChange={(severity) => set({ severity })}
      />
      <Choice
        label={texts.category}
        value={filter.category}
        options={CATEGORY_ORDER}
        words={texts.categories}
        onChange={(category) => set({ category })}
      />
      <div className="filter-checks">
        {(["mine", "missing", "overdue"] as const).map((name) => (
          <CheckField
            key={name}
            label={
              { mine: texts.mine, missing: texts.missingOnly, overdue: texts.overdueOnly }[name]
            }
            checked={filter[name] === true}
            onChange={(checked) => set({ [name]: checked ? true : undefined })}
          />
        ))}
      </div>
      <SpanChip span={filter} onDrop={drop} />
    </search>
  );
}

interface SearchTextProps {
  readonly text: string;
  readonly onSettled: (text: string) => void;
}

/** Typed text goes into the address after a pause, so that not every letter is a search. */
function SearchText({ text, onSettled }: SearchTextProps) {
  const { messages } = useSpeech();
  const [typed, setTyped] = useState(text);
  const settle = useRef(onSettled);
  useEffect(() => {
    settle.current = onSettled;
  });
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => settle.current(typed), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, text]);
  return (
    <label>
      <span>{messages.incidents.text}</span>
      <input
        type="search"
        maxLength={500}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </label>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T | undefined;
  readonly options: readonly T[];
  readonly words: Readonly<Record<T, string>>;
  readonly onChange: (value: T | undefined) => void;
}

function Choice<T extends string>({ label, value, options, words, onChange }: ChoiceProps<T>) {
  const { messages } = useSpeech();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value ?? ""}
        onChange={(event) => onChange(options.find((one) => one === event.currentTarget.value))}
      >
        <option value="">{messages.incidents.all}</option>
        {options.map((one) => (
          <option key={one} value={one}>
            {words[one]}
          </option>
        ))}
      </select>
    </div>
  );
}
