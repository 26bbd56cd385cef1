// Plans a maintenance window: conditions, span, how often, reason, with a preview of the last 30 days.
import { useState } from "react";
import type { Maintenance } from "../api/case-contract.ts";
import { HiddenPreview } from "../exceptions/hidden-preview.tsx";
import { MatcherFields } from "../exceptions/matcher-fields.tsx";
import { useChange } from "../exceptions/use-change.ts";
import { useSpeech } from "../messages/language.tsx";
import {
  emptyMaintenance,
  KINDS,
  type MaintenanceDraft,
  maintenanceBody,
  WEEKDAYS,
  WEEKS,
} from "../model/maintenance-draft.ts";
import { ClockField, NumberField, SelectField, TextArea, TimeField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";

const FIELDS = ["host.name", "entity", "source", "rule", "level"] as const;
const MINUTES_MIN = 5;
const MINUTES_MAX = 3 * 1440;

export function MaintenanceDialog({ onClose }: { readonly onClose: () => void }) {
  const { messages } = useSpeech();
  const change = useChange();
  const [draft, setDraft] = useState(() => emptyMaintenance(Date.now()));
  const set = (part: Partial<MaintenanceDraft>) => setDraft((now) => ({ ...now, ...part }));
  const texts = messages.maintenance;
  const body = maintenanceBody(draft);
  const send = () =>
    change<Maintenance>("/maintenance", body, ({ state }) =>
      state === "proposed" ? texts.proposed : texts.planned,
    );
  return (
    <FormDialog title={texts.dialog} submit={texts.plan} onSubmit={send} onClose={onClose}>
      <MatcherFields
        matchers={draft.matchers}
        fields={FIELDS}
        onChange={(matchers) => set({ matchers })}
      />
      <div className="field-pair">
        <TimeField
          label={texts.from}
          required
          now={false}
          value={draft.from}
          onChange={(from) => set({ from })}
        />
        <TimeField
          label={texts.until}
          hint={texts.untilHint}
          required
          now={false}
          value={draft.until}
          onChange={(until) => set({ until })}
        />
        <SelectField
          label={texts.kind}
          value={draft.kind}
          options={KINDS}
          words={texts.kinds}
          onChange={(kind) => set({ kind })}
        />
      </div>
      {draft.kind !== "once" && <RepeatFields draft={draft} onChange={set} />}
      <TextArea
        label={messages.cases.reason}
        hint={messages.cases.reasonHint}
        required
        max={500}
        value={draft.reason}
        onChange={(reason) => set({ reason })}
      />
      <HiddenPreview question={{ matchers: body.matchers, from: body.from }} />
    </FormDialog>
  );
}

interface RepeatProps {
  readonly draft: MaintenanceDraft;
  readonly onChange: (part: Partial<MaintenanceDraft>) => void;
}

function RepeatFields({ draft, onChange }: RepeatProps) {
  const { messages } = useSpeech();
  const texts = messages.maintenance;
  return (
    <div className="field-pair">
      {draft.kind === "month" && (
        <SelectField
          label={texts.week}
          value={draft.week}
          options={WEEKS}
          words={texts.weeks}
          onChange={(week) => onChange({ week })}
        />
      )}
      <SelectField
        label={texts.weekday}
        value={draft.weekday}
        options={WEEKDAYS}
        words={texts.weekdays}
        onChange={(weekday) => onChange({ weekday })}
      />
      <ClockField
        label={texts.time}
        hint={texts.timeHint}
        required
        value={draft.time}
        onChange={(time) => onChange({ time })}
      />
      <NumberField
        label={texts.minutes}
        required
        min={MINUTES_MIN}
        max={MINUTES_MAX}
        value={draft.minutes}
        onChange={(minutes) => onChange({ minutes })}
      />
    </div>
  );
}
