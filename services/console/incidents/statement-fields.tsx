// The fields that say when something happened and how that is known: method, time, bounds, evidence, reasons.
import { useSpeech } from "../messages/language.tsx";
import type { Method, StatementDraft } from "../model/time-statement.ts";
import { CheckField, SelectField, TextArea, TextField, TimeField } from "../shell/fields.tsx";
import { HostileText } from "../shell/hostile-text.tsx";
import { FindingTitle } from "./finding-title.tsx";

/** More are not listed; their ids can be typed. */
const EVIDENCE_SHOWN_MAX = 50;

export interface EvidenceChoice {
  readonly id: string;
  /** Undefined: it is a finding, known by its title. */
  readonly text?: string;
}

interface StatementProps {
  readonly draft: StatementDraft;
  readonly methods: readonly Method[];
  readonly evidence: readonly EvidenceChoice[];
  readonly onChange: (part: Partial<StatementDraft>) => void;
  /** Takes the focus when the dialog opens. */
  readonly first?: boolean;
}

export function StatementFields(props: StatementProps) {
  const { draft, methods, evidence, onChange, first = false } = props;
  const { messages } = useSpeech();
  const texts = messages.incidents;
  const { form } = texts;
  const { method } = draft;
  return (
    <>
      <SelectField
        label={form.method}
        hint={form.methodHint}
        first={first}
        required
        value={method}
        options={methods}
        words={texts.methods}
        empty={form.choose}
        onChange={(value) => onChange({ method: value })}
      />
      {method !== "unknown" && method !== "" && (
        <TimeField
          label={form.at}
          required={method !== "pre_compromise"}
          value={draft.at}
          onChange={(at) => onChange({ at })}
        />
      )}
      {method === "estimate" && methods.includes("pre_compromise") && (
        <div className="field-pair">
          <TimeField
            label={form.earliest}
            now={false}
            value={draft.earliest}
            onChange={(earliest) => onChange({ earliest })}
          />
          <TimeField
            label={form.latest}
            now={false}
            value={draft.latest}
            onChange={(latest) => onChange({ latest })}
          />
        </div>
      )}
      <fieldset className="field">
        <legend>{form.evidence}</legend>
        {evidence.slice(0, EVIDENCE_SHOWN_MAX).map(({ id, text }) => (
          <CheckField
            key={id}
            label={text === undefined ? <FindingTitle id={id} /> : <HostileText text={text} />}
            checked={draft.chosen.includes(id)}
            onChange={(checked) =>
              onChange({
                chosen: checked ? [...draft.chosen, id] : draft.chosen.filter((one) => one !== id),
              })
            }
          />
        ))}
        <p className="muted small">{form.evidenceHint}</p>
      </fieldset>
      <TextField
        label={form.otherEvidence}
        hint={form.otherEvidenceHint}
        mono
        max={2000}
        value={draft.others}
        onChange={(others) => onChange({ others })}
      />
      <TextArea
        label={form.reason}
        value={draft.reason}
        onChange={(reason) => onChange({ reason })}
      />
    </>
  );
}
