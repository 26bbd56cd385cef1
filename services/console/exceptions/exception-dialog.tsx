// Makes an exception from a false positive: conditions, span and reason, with a preview of what it would have
// hidden. Where that holds a true positive, a second person has to agree.
import { useState } from "react";
import type { Finding } from "../../store/finding.ts";
import type { Exception } from "../api/case-contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { exceptionBody, exceptionDraftOf } from "../model/exception-draft.ts";
import { NumberField, TextArea, TimeField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { HostileText } from "../shell/hostile-text.tsx";
import { HiddenPreview } from "./hidden-preview.tsx";
import { MatcherFields } from "./matcher-fields.tsx";
import { useChange } from "./use-change.ts";

const FIELDS = ["entity", "source", "host.name", "process.name", "process.command_line"] as const;
const DAYS_MAX = 365;

interface ExceptionDialogProps {
  readonly finding: Finding;
  readonly onClose: () => void;
}

export function ExceptionDialog({ finding, onClose }: ExceptionDialogProps) {
  const { messages } = useSpeech();
  const change = useChange();
  const [draft, setDraft] = useState(() => exceptionDraftOf(finding, Date.now()));
  const set = (part: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...part }));
  const texts = messages.exceptions;
  const body = exceptionBody(finding.id, draft);
  const send = () =>
    change<Exception>("/exceptions", body, ({ state }) =>
      state === "proposed" ? texts.proposed : texts.active,
    );
  return (
    <FormDialog title={texts.dialog} submit={texts.propose} onSubmit={send} onClose={onClose}>
      <p>
        <HostileText text={texts.rule(finding.detector.title)} />
      </p>
      <MatcherFields
        matchers={draft.matchers}
        fields={FIELDS}
        onChange={(matchers) => set({ matchers })}
      />
      <div className="field-pair">
        <TimeField
          label={texts.from}
          hint={texts.fromHint}
          now={false}
          value={draft.from}
          onChange={(from) => set({ from })}
        />
        <NumberField
          label={texts.days}
          hint={texts.daysHint}
          required
          min={1}
          max={DAYS_MAX}
          value={draft.days}
          onChange={(days) => set({ days })}
        />
      </div>
      <TextArea
        label={messages.cases.reason}
        hint={messages.cases.reasonHint}
        required
        max={500}
        value={draft.reason}
        onChange={(reason) => set({ reason })}
      />
      <HiddenPreview question={{ finding: finding.id, matchers: body.matchers, from: body.from }} />
    </FormDialog>
  );
}
