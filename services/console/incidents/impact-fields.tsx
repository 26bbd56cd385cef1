// The three questions about what an attack did; each has to be answered, and "not known yet" is an answer.
import { useSpeech } from "../messages/language.tsx";
import { IMPACT_KEYS, IMPACT_ORDER, type ImpactDraft } from "../model/time-statement.ts";
import { SelectField } from "../shell/fields.tsx";

interface ImpactProps {
  readonly impact: ImpactDraft;
  readonly onChange: (impact: ImpactDraft) => void;
  readonly first?: boolean;
}

export function ImpactFields({ impact, onChange, first = false }: ImpactProps) {
  const { messages } = useSpeech();
  const { form, impact: texts } = messages.incidents;
  return (
    <fieldset className="field">
      <legend>{form.impact}</legend>
      <div className="field-pair">
        {IMPACT_KEYS.map((key, at) => (
          <SelectField
            key={key}
            label={texts.keys[key]}
            first={first && at === 0}
            required
            value={impact[key]}
            options={IMPACT_ORDER}
            words={texts.values}
            empty={form.choose}
            onChange={(value) => onChange({ ...impact, [key]: value })}
          />
        ))}
      </div>
    </fieldset>
  );
}
