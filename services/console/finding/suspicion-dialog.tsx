// Reports that a log seems to steer the language model, that people are treated differently, or that it is
// wrong. What was seen goes along from the server, without identities.
import { useState } from "react";
import { request } from "../api/client.ts";
import { useSpeech } from "../messages/language.tsx";
import { SelectField, TextArea } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { useToast } from "../shell/toast.tsx";

interface SuspicionDialogProps {
  readonly findingId: string;
  /** The suggestion that is meant. */
  readonly annotationId: string | undefined;
  readonly onClose: () => void;
}

const KINDS = ["injection", "bias", "error"] as const;

export function SuspicionDialog({ findingId, annotationId, onClose }: SuspicionDialogProps) {
  const { messages } = useSpeech();
  const toast = useToast();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("injection");
  const [comment, setComment] = useState("");
  const texts = messages.suggestion;
  const send = async () => {
    await request("POST", `/findings/${encodeURIComponent(findingId)}/suspicions`, {
      kind,
      comment: comment.trim(),
      ...(annotationId === undefined ? {} : { annotation: annotationId }),
    });
    toast({ text: texts.suspectDone });
  };
  return (
    <FormDialog
      title={texts.suspectTitle}
      submit={texts.suspectSend}
      intro={texts.suspectIntro}
      onSubmit={send}
      onClose={onClose}
    >
      <SelectField
        label={texts.suspectKind}
        first
        value={kind}
        options={KINDS}
        words={texts.suspectKinds}
        onChange={setKind}
      />
      <TextArea
        label={texts.suspectComment}
        hint={texts.suspectHint}
        value={comment}
        onChange={setComment}
      />
    </FormDialog>
  );
}
