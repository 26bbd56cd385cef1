// Labelled fields of forms in dialogs: label above, hint below, both tied to the control.
import { type ReactNode, useId } from "react";
import { useSpeech } from "../messages/language.tsx";
import { localSecond } from "../model/berlin-time.ts";

interface Named {
  readonly label: string;
  readonly hint?: string | undefined;
  /** Takes the focus when its dialog opens. */
  readonly first?: boolean;
  readonly required?: boolean;
}

interface TextProps extends Named {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly max?: number;
  readonly mono?: boolean;
}

/** One line. */
export function TextField({ value, onChange, max = 300, mono = false, ...named }: TextProps) {
  return (
    <Field {...named}>
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          className={mono ? "mono" : ""}
          spellCheck={!mono}
          maxLength={max}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Several lines. */
export function TextArea({ value, onChange, max = 2000, mono = false, ...named }: TextProps) {
  return (
    <Field {...named}>
      {(attributes) => (
        <textarea
          {...attributes}
          rows={3}
          className={mono ? "mono" : ""}
          maxLength={max}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface NumberProps extends Omit<TextProps, "max" | "mono"> {
  readonly min: number;
  readonly max: number;
}

/** A whole number; empty: none. */
export function NumberField({ value, onChange, min, max, ...named }: NumberProps) {
  return (
    <Field {...named}>
      {(attributes) => (
        <input
          {...attributes}
          type="number"
          min={min}
          max={max}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A time of day, `22:00`. */
export function ClockField({ value, onChange, ...named }: Omit<TextProps, "max" | "mono">) {
  return (
    <Field {...named}>
      {(attributes) => (
        <input
          {...attributes}
          type="time"
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Berlin time to the second, with a button for the present moment where that makes sense. */
export function TimeField({
  value,
  onChange,
  now = true,
  ...named
}: Omit<TextProps, "max" | "mono"> & { readonly now?: boolean }) {
  const { messages } = useSpeech();
  return (
    <Field {...named}>
      {(attributes) => (
        <span className="field-row">
          <input
            {...attributes}
            type="datetime-local"
            step={1}
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
          {now && (
            <button
              type="button"
              className="link-button"
              aria-label={`${named.label}: ${messages.cases.now}`}
              onClick={() => onChange(localSecond(Date.now()))}
            >
              {messages.cases.now}
            </button>
          )}
        </span>
      )}
    </Field>
  );
}

interface SelectProps<T extends string> extends Named {
  /** `""`: nothing chosen yet. */
  readonly value: T | "";
  readonly options: readonly T[];
  readonly words: Readonly<Record<T, string>>;
  readonly onChange: (value: T) => void;
  /** Shown while nothing is chosen. */
  readonly empty?: string | undefined;
}

/** One of several words. */
export function SelectField<T extends string>(props: SelectProps<T>) {
  const { value, options, words, onChange, empty, ...named } = props;
  return (
    <Field {...named}>
      {(attributes) => (
        <select
          {...attributes}
          value={value}
          onChange={(event) => {
            const chosen = options.find((one) => one === event.currentTarget.value);
            if (chosen !== undefined) onChange(chosen);
          }}
        >
          {(value === "" || empty !== undefined) && <option value="">{empty ?? ""}</option>}
          {options.map((one) => (
            <option key={one} value={one}>
              {words[one]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField({
  label,
  checked,
  onChange,
}: {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <label className="check-field">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

interface Attributes {
  readonly id: string;
  readonly required: boolean;
  readonly "data-first"?: true;
  readonly "aria-describedby"?: string;
}

function Field({
  label,
  hint,
  first = false,
  required = false,
  children,
}: Named & { readonly children: (attributes: Attributes) => ReactNode }) {
  const id = useId();
  const hintId = `${id}-hint`;
  const attributes = {
    id,
    required,
    ...(first ? ({ "data-first": true } as const) : {}),
    ...(hint === undefined ? {} : { "aria-describedby": hintId }),
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(attributes)}
      {hint !== undefined && (
        <span id={hintId} className="muted small">
          {hint}
        </span>
      )}
    </div>
  );
}
