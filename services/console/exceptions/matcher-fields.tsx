// Conditions in the making: field, comparison, value, as many as are needed; all of them must hold.
import { useId } from "react";
import { useSpeech } from "../messages/language.tsx";
import type { DraftMatcher } from "../model/silence-draft.ts";

const MATCHERS_MAX = 20;

interface MatchersProps {
  readonly matchers: readonly DraftMatcher[];
  /** Offered by name; others can be typed. */
  readonly fields: readonly string[];
  readonly onChange: (matchers: readonly DraftMatcher[]) => void;
}

export function MatcherFields({ matchers, fields, onChange }: MatchersProps) {
  const { messages } = useSpeech();
  const listId = useId();
  const texts = messages.silences;
  const nextKey = Math.max(0, ...matchers.map(({ key }) => key)) + 1;
  return (
    <fieldset className="silence-matchers">
      <legend>{messages.cases.matchers}</legend>
      <datalist id={listId}>
        {fields.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {matchers.map((one, at) => (
        <MatcherRow
          key={one.key}
          matcher={one}
          number={at + 1}
          listId={listId}
          onChange={(part) =>
            onChange(matchers.map((row) => (row.key === one.key ? { ...row, ...part } : row)))
          }
          onRemove={
            matchers.length > 1
              ? () => onChange(matchers.filter(({ key }) => key !== one.key))
              : undefined
          }
        />
      ))}
      {matchers.length < MATCHERS_MAX && (
        <button
          type="button"
          className="link-button"
          onClick={() =>
            onChange([...matchers, { key: nextKey, field: "", operator: "equals", value: "" }])
          }
        >
          {texts.addMatcher}
        </button>
      )}
    </fieldset>
  );
}

interface RowProps {
  readonly matcher: DraftMatcher;
  readonly number: number;
  readonly listId: string;
  readonly onChange: (part: Partial<DraftMatcher>) => void;
  readonly onRemove: (() => void) | undefined;
}

function MatcherRow({ matcher, number, listId, onChange, onRemove }: RowProps) {
  const { messages } = useSpeech();
  const texts = messages.silences;
  return (
    <fieldset className="silence-matcher">
      <legend className="kern-sr-only">{texts.matcher(number)}</legend>
      <label className="silence-field">
        {texts.field}
        <input
          list={listId}
          required
          spellCheck={false}
          maxLength={200}
          data-first={number === 1 ? true : undefined}
          value={matcher.field}
          onChange={(event) => onChange({ field: event.currentTarget.value })}
        />
      </label>
      <label className="silence-field">
        {texts.operator}
        <select
          value={matcher.operator}
          onChange={(event) =>
            onChange({ operator: event.currentTarget.value === "glob" ? "glob" : "equals" })
          }
        >
          <option value="equals">{texts.operators.equals}</option>
          <option value="glob">{texts.operators.glob}</option>
        </select>
      </label>
      <label className="silence-field grow">
        {texts.value}
        <input
          required
          spellCheck={false}
          maxLength={500}
          value={matcher.value}
          onChange={(event) => onChange({ value: event.currentTarget.value })}
        />
      </label>
      {onRemove !== undefined && (
        <button
          type="button"
          className="icon-button"
          aria-label={texts.removeMatcher(number)}
          onClick={onRemove}
        >
          ×
        </button>
      )}
    </fieldset>
  );
}
