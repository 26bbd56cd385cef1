// The first step of changing many findings: which ones, and what is to become of them.
import { VERDICTS } from "../../store/finding.ts";
import { useSpeech } from "../messages/language.tsx";
import { BULK_KINDS, type BulkDraft, SETTABLE_STATUS } from "../model/bulk-draft.ts";
import { REASON_ORDER } from "../model/key-map.ts";
import { SelectField, TextArea, TextField } from "../shell/fields.tsx";
import type { BulkScope } from "./bulk-scope.ts";

interface BulkFormProps {
  readonly draft: BulkDraft;
  readonly onDraft: (draft: BulkDraft) => void;
  readonly scopes: readonly BulkScope[];
  readonly scope: BulkScope | undefined;
  readonly onScope: (scope: BulkScope) => void;
  /** Nothing is missing. */
  readonly isReady: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
}

export function BulkForm(props: BulkFormProps) {
  const { draft, onDraft, isReady, onSubmit, onClose } = props;
  const { messages } = useSpeech();
  const texts = messages.grouping;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onSubmit();
      }}
    >
      <Scopes {...props} />
      <SelectField
        label={texts.change}
        first
        value={draft.kind}
        options={BULK_KINDS}
        words={texts.changes}
        onChange={(kind) => onDraft({ ...draft, kind })}
      />
      <ChangeFields draft={draft} onDraft={onDraft} />
      <div className="dialog-actions">
        <button type="button" className="kern-btn kern-btn--secondary" onClick={onClose}>
          <span className="kern-label">{messages.common.cancel}</span>
        </button>
        <button type="submit" className="kern-btn kern-btn--primary" aria-disabled={!isReady}>
          <span className="kern-label">{texts.preview}</span>
        </button>
      </div>
    </form>
  );
}

function Scopes({ scopes, scope, onScope }: BulkFormProps) {
  const { messages, formats } = useSpeech();
  const texts = messages.grouping;
  return (
    <fieldset className="radio-list">
      <legend>{texts.scope}</legend>
      {scopes.map((one) => (
        <label key={one.name}>
          <input
            type="radio"
            name="bulk-scope"
            checked={one.name === scope?.name}
            onChange={() => onScope(one)}
          />
          <span>
            {one.name === "chosen"
              ? texts.scopes.chosen(formats.number(one.findings.length + one.proposals.length))
              : texts.scopes[one.name]}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function ChangeFields({ draft, onDraft }: Pick<BulkFormProps, "draft" | "onDraft">) {
  const { messages } = useSpeech();
  const texts = messages.grouping;
  const set = (part: Partial<BulkDraft>) => onDraft({ ...draft, ...part });
  if (draft.kind === "verdict")
    return (
      <>
        <SelectField
          label={texts.verdict}
          value={draft.verdict}
          options={VERDICTS}
          words={messages.verdict}
          onChange={(verdict) => set({ verdict })}
        />
        {draft.verdict === "false_positive" && (
          <SelectField
            label={texts.falseReason}
            required
            value={draft.reason}
            options={REASON_ORDER}
            words={messages.reason}
            onChange={(reason) => set({ reason })}
          />
        )}
        {draft.verdict === "undetermined" && (
          <TextArea
            label={texts.sentence}
            hint={texts.reasonHint}
            required
            value={draft.comment}
            onChange={(comment) => set({ comment })}
          />
        )}
      </>
    );
  if (draft.kind === "status")
    return (
      <SelectField
        label={texts.statusLabel}
        value={draft.status}
        options={SETTABLE_STATUS}
        words={messages.status}
        onChange={(status) => set({ status })}
      />
    );
  if (draft.kind !== "tags") return null;
  return (
    <>
      <TextField label={texts.tagsAdd} value={draft.add} onChange={(add) => set({ add })} />
      <TextField
        label={texts.tagsRemove}
        value={draft.remove}
        onChange={(remove) => set({ remove })}
      />
    </>
  );
}
