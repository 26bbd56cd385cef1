// Makes a silence: conditions, span and reason, with a preview of what it would have hidden.
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { request } from "../api/client.ts";
import type { SilenceAnswer } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { berlinTime } from "../model/berlin-time.ts";
import {
  completeMatchers,
  type DraftMatcher,
  draftBody,
  type SilenceDraft,
} from "../model/silence-draft.ts";
import { Dialog } from "../shell/dialog.tsx";
import { errorText } from "../shell/error-text.ts";
import { useToast } from "../shell/toast.tsx";
import { Fault } from "../sign-in/form-parts.tsx";
import { SilencePreview } from "./silence-preview.tsx";

const FIELDS = ["rule", "level", "entity", "source"] as const;
const MATCHERS_MAX = 20;

interface SilenceDialogProps {
  readonly draft: SilenceDraft;
  readonly onClose: () => void;
}

export function SilenceDialog({ draft: given, onClose }: SilenceDialogProps) {
  const { messages } = useSpeech();
  const client = useQueryClient();
  const toast = useToast();
  const [draft, setDraft] = useState(given);
  const [fault, setFault] = useState("");
  const texts = messages.silences;
  const set = (part: Partial<SilenceDraft>) => setDraft((now) => ({ ...now, ...part }));
  async function save(event: FormEvent) {
    event.preventDefault();
    setFault("");
    try {
      await request<SilenceAnswer>("POST", "/silences", draftBody(draft));
      toast({ text: texts.saved });
      for (const key of ["silences", "findings", "finding", "summary"])
        void client.invalidateQueries({ queryKey: [key] });
      onClose();
    } catch (error) {
      setFault(errorText(error, messages));
    }
  }
  return (
    <Dialog title={texts.dialog} onClose={onClose}>
      <form className="silence-form" onSubmit={(event) => void save(event)}>
        <Fault text={fault} />
        <Matchers matchers={draft.matchers} onChange={(matchers) => set({ matchers })} />
        <div className="silence-span">
          <TimeField
            name="from"
            hint={texts.fromHint}
            value={draft.from}
            onChange={(from) => set({ from })}
          />
          <TimeField
            name="until"
            hint={texts.untilHint}
            value={draft.until}
            onChange={(until) => set({ until })}
          />
        </div>
        <div className="silence-field">
          <label htmlFor="silence-reason">{texts.reason}</label>
          <textarea
            id="silence-reason"
            rows={2}
            required
            maxLength={500}
            aria-describedby="silence-reason-hint"
            value={draft.reason}
            onChange={(event) => set({ reason: event.currentTarget.value })}
          />
          <span id="silence-reason-hint" className="muted small">
            {texts.reasonHint}
          </span>
        </div>
        <SilencePreview
          matchers={completeMatchers(draft.matchers)}
          from={berlinTime(draft.from)}
          until={berlinTime(draft.until)}
        />
        <div className="dialog-actions">
          <button type="button" className="kern-btn kern-btn--secondary" onClick={onClose}>
            <span className="kern-label">{messages.common.cancel}</span>
          </button>
          <button type="submit" className="kern-btn kern-btn--primary">
            <span className="kern-label">{texts.save}</span>
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function TimeField({
  name,
  hint,
  value,
  onChange,
}: {
  readonly name: "from" | "until";
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { messages } = useSpeech();
  return (
    <div className="silence-field">
      <label htmlFor={`silence-${name}`}>{messages.silences[name]}</label>
      <input
        id={`silence-${name}`}
        type="datetime-local"
        required={name === "until"}
        aria-describedby={`silence-${name}-hint`}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <span id={`silence-${name}-hint`} className="muted small">
        {hint}
      </span>
    </div>
  );
}

interface MatchersProps {
  readonly matchers: readonly DraftMatcher[];
  readonly onChange: (matchers: readonly DraftMatcher[]) => void;
}

function Matchers({ matchers, onChange }: MatchersProps) {
  const { messages } = useSpeech();
  const texts = messages.silences;
  const set = (key: number, part: Partial<DraftMatcher>) =>
    onChange(matchers.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const nextKey = Math.max(0, ...matchers.map(({ key }) => key)) + 1;
  return (
    <fieldset className="silence-matchers">
      <legend>{texts.matchers}</legend>
      <datalist id="silence-fields">
        {FIELDS.map((name) => (
          <option key={name} value={name} label={texts.fields[name]} />
        ))}
      </datalist>
      {matchers.map((one, at) => (
        <fieldset key={one.key} className="silence-matcher">
          <legend className="kern-sr-only">{texts.matcher(at + 1)}</legend>
          <label className="silence-field">
            {texts.field}
            <input
              list="silence-fields"
              required
              spellCheck={false}
              value={one.field}
              onChange={(event) => set(one.key, { field: event.currentTarget.value })}
            />
          </label>
          <label className="silence-field">
            {texts.operator}
            <select
              value={one.operator}
              onChange={(event) =>
                set(one.key, {
                  operator: event.currentTarget.value === "glob" ? "glob" : "equals",
                })
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
              value={one.value}
              onChange={(event) => set(one.key, { value: event.currentTarget.value })}
            />
          </label>
          {matchers.length > 1 && (
            <button
              type="button"
              className="icon-button"
              aria-label={texts.removeMatcher(at + 1)}
              onClick={() => onChange(matchers.filter(({ key }) => key !== one.key))}
            >
              ×
            </button>
          )}
        </fieldset>
      ))}
      <p className="muted small">{texts.fieldHint}</p>
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
