// The draft of a report, to be copied and sent by a person, and the note that this was done.
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Clock } from "../api/case-contract.ts";
import { draftQuery } from "../api/case-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { localSecond } from "../model/berlin-time.ts";
import { timeOf } from "../model/time-statement.ts";
import { Dialog } from "../shell/dialog.tsx";
import { errorText } from "../shell/error-text.ts";
import { SelectField, TextArea, TextField, TimeField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { useIncident, useStep } from "./use-incident.ts";

const OUTCOMES = ["sent", "not_required"] as const;

interface ClockDialogProps {
  readonly clock: Clock;
  readonly onClose: () => void;
}

export function DraftDialog({ clock, onClose }: ClockDialogProps) {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const { data, error } = useQuery(draftQuery(incident.id, clock.clock));
  const [said, setSaid] = useState("");
  const text = useRef<HTMLTextAreaElement>(null);
  const { clocks: texts } = messages.incidents;
  async function copy(): Promise<void> {
    text.current?.select();
    try {
      await navigator.clipboard.writeText(data?.text ?? "");
      setSaid(messages.cases.copied);
    } catch {
      // No permission, or no secure connection: the text is marked, so that keys can copy it.
      setSaid(messages.cases.copyFailed);
    }
  }
  return (
    <Dialog title={`${texts.draftTitle}: ${clock.name}`} onClose={onClose}>
      <p className="muted">{texts.draftIntro}</p>
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      <textarea
        ref={text}
        className="draft-text"
        readOnly
        rows={16}
        aria-label={texts.draftTitle}
        value={data?.text ?? messages.common.loading}
      />
      <div className="dialog-actions">
        <span role="status" className="muted">
          {said}
        </span>
        <button
          type="button"
          className="kern-btn kern-btn--primary"
          aria-disabled={data === undefined}
          onClick={() => void copy()}
        >
          <span className="kern-label">{messages.cases.copy}</span>
        </button>
      </div>
    </Dialog>
  );
}

export function RecordDialog({ clock, onClose }: ClockDialogProps) {
  const { messages } = useSpeech();
  const step = useStep();
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number]>("sent");
  const [sentAt, setSentAt] = useState(() => localSecond(Date.now()));
  const [authority, setAuthority] = useState("");
  const [comment, setComment] = useState("");
  const { clocks: texts } = messages.incidents;
  const said = comment.trim();
  const send = () =>
    step("notifications/record", {
      ...{ clock: clock.clock, outcome, authority },
      ...timeOf("sentAt", sentAt),
      ...(said === "" ? {} : { comment: said }),
    });
  return (
    <FormDialog
      title={`${texts.recordTitle}: ${clock.name}`}
      submit={messages.cases.save}
      onSubmit={send}
      onClose={onClose}
    >
      <SelectField
        label={texts.outcome}
        first
        value={outcome}
        options={OUTCOMES}
        words={texts.outcomes}
        onChange={setOutcome}
      />
      <TimeField label={texts.sentAt} required value={sentAt} onChange={setSentAt} />
      <TextField label={texts.authority} required value={authority} onChange={setAuthority} />
      <TextArea
        label={texts.comment}
        hint={texts.commentHint}
        required={outcome === "not_required"}
        value={comment}
        onChange={setComment}
      />
    </FormDialog>
  );
}
