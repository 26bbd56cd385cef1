// Takes findings out of a proposed incident, or joins several into one: both are decisions that can be
// taken back at once.
import { useState } from "react";
import { request } from "../api/client.ts";
import type { DecidedAnswer } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { TextField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { useDecided } from "./use-decided.ts";

const REASON_CHARS_MAX = 500;

interface SplitDialogProps {
  readonly proposalId: string;
  readonly findingIds: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function SplitDialog({ proposalId, findingIds, onDone, onClose }: SplitDialogProps) {
  const { messages } = useSpeech();
  const texts = messages.grouping;
  return (
    <RegroupDialog
      title={texts.splitTitle}
      intro={texts.splitText(findingIds.length)}
      done={texts.splitDone}
      path={`/proposals/${encodeURIComponent(proposalId)}/split`}
      body={{ findings: findingIds }}
      onDone={onDone}
      onClose={onClose}
    />
  );
}

interface MergeDialogProps {
  readonly proposals: readonly string[];
  readonly findings: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function MergeDialog({ proposals, findings, onDone, onClose }: MergeDialogProps) {
  const { messages } = useSpeech();
  const texts = messages.grouping;
  return (
    <RegroupDialog
      title={texts.mergeTitle}
      intro={texts.mergeText(proposals.length + findings.length)}
      done={texts.mergeDone}
      path="/proposals/merge"
      body={{ proposals, findings }}
      onDone={onDone}
      onClose={onClose}
    />
  );
}

interface RegroupDialogProps {
  readonly title: string;
  readonly intro: string;
  readonly done: string;
  readonly path: string;
  readonly body: object;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function RegroupDialog(props: RegroupDialogProps) {
  const { title, intro, done, path, body, onDone, onClose } = props;
  const { messages } = useSpeech();
  const [reason, setReason] = useState("");
  const decided = useDecided(onDone);
  const texts = messages.grouping;
  return (
    <FormDialog
      title={title}
      submit={title}
      intro={intro}
      onClose={onClose}
      onSubmit={async () => {
        const given = reason.trim() === "" ? {} : { reason: reason.trim() };
        decided(await request<DecidedAnswer>("POST", path, { ...body, ...given }), done);
      }}
    >
      <TextField
        label={texts.reason}
        hint={texts.reasonHint}
        first
        max={REASON_CHARS_MAX}
        value={reason}
        onChange={setReason}
      />
    </FormDialog>
  );
}
