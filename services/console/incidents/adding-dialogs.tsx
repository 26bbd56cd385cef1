// The dialogs that add something to an incident's lists: findings, actions, tasks, evidence.
import { useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import { timeOf } from "../model/time-statement.ts";
import { CheckField, SelectField, TextArea, TextField, TimeField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { useStep } from "./use-incident.ts";

const KINDS = ["file", "note", "event", "finding"] as const;

interface DialogProps {
  readonly onClose: () => void;
}

export function LinkDialog({ onClose }: DialogProps) {
  const { messages } = useSpeech();
  const step = useStep();
  const [ids, setIds] = useState("");
  const { findings: texts, does } = messages.incidents;
  const findingIds = ids.split(/[\s,;]+/).filter((id) => id !== "");
  return (
    <FormDialog
      title={does["findings/link"]}
      submit={does["findings/link"]}
      onSubmit={() => step("findings/link", { findingIds })}
      onClose={onClose}
    >
      <TextField
        label={texts.id}
        hint={texts.idHint}
        first
        required
        mono
        max={20_000}
        value={ids}
        onChange={setIds}
      />
    </FormDialog>
  );
}

export function AddActionDialog({ onClose }: DialogProps) {
  const { messages } = useSpeech();
  const step = useStep();
  const [title, setTitle] = useState("");
  const [dueAt, setDueAt] = useState("");
  const [required, setRequired] = useState(true);
  const { actions, tasks, does } = messages.incidents;
  return (
    <FormDialog
      title={does["actions/add"]}
      submit={messages.cases.save}
      intro={actions.intro}
      onSubmit={() => step("actions/add", { title, required, ...timeOf("dueAt", dueAt) })}
      onClose={onClose}
    >
      <TextField label={tasks.name} first required value={title} onChange={setTitle} />
      <TimeField label={tasks.dueAt} now={false} value={dueAt} onChange={setDueAt} />
      <CheckField label={actions.isRequired} checked={required} onChange={setRequired} />
    </FormDialog>
  );
}

export function CompleteActionDialog({
  action,
  onClose,
}: DialogProps & { readonly action: string }) {
  const { messages } = useSpeech();
  const step = useStep();
  const [at, setAt] = useState("");
  const { actions: texts, evidence } = messages.incidents;
  return (
    <FormDialog
      title={texts.completeTitle}
      submit={texts.complete}
      onSubmit={() => step("actions/complete", { action, ...timeOf("completedAt", at) })}
      onClose={onClose}
    >
      <TimeField
        label={texts.completedAt}
        hint={evidence.collectedHint}
        first
        value={at}
        onChange={setAt}
      />
    </FormDialog>
  );
}

export function AddTaskDialog({ onClose }: DialogProps) {
  const { messages } = useSpeech();
  const step = useStep();
  const [title, setTitle] = useState("");
  const [dueAt, setDueAt] = useState("");
  const { tasks: texts, does } = messages.incidents;
  return (
    <FormDialog
      title={does["tasks/add"]}
      submit={messages.cases.save}
      onSubmit={() => step("tasks/add", { title, ...timeOf("dueAt", dueAt) })}
      onClose={onClose}
    >
      <TextField label={texts.name} first required value={title} onChange={setTitle} />
      <TimeField label={texts.dueAt} now={false} value={dueAt} onChange={setDueAt} />
    </FormDialog>
  );
}

export function AddEvidenceDialog({ onClose }: DialogProps) {
  const { messages } = useSpeech();
  const step = useStep();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("file");
  const [text, setText] = useState({ reference: "", description: "", sha256: "", at: "" });
  const set = (part: Partial<typeof text>) => setText((now) => ({ ...now, ...part }));
  const { evidence: texts, does } = messages.incidents;
  const { reference, description, at } = text;
  const sha256 = text.sha256.trim();
  const send = () =>
    step("evidence/add", {
      ...{ kind, reference, description },
      ...(sha256 === "" ? {} : { sha256 }),
      ...timeOf("collectedAt", at),
    });
  return (
    <FormDialog
      title={does["evidence/add"]}
      submit={messages.cases.save}
      onSubmit={send}
      onClose={onClose}
    >
      <SelectField
        label={texts.kind}
        first
        value={kind}
        options={KINDS}
        words={texts.kinds}
        onChange={setKind}
      />
      <TextField
        label={texts.reference}
        required
        max={1000}
        value={reference}
        onChange={(value) => set({ reference: value })}
      />
      <TextArea
        label={texts.description}
        value={description}
        onChange={(value) => set({ description: value })}
      />
      <TextField
        label={texts.sha256}
        hint={texts.sha256Hint}
        mono
        max={64}
        value={text.sha256}
        onChange={(value) => set({ sha256: value })}
      />
      <TimeField
        label={texts.collectedAt}
        hint={texts.collectedHint}
        value={at}
        onChange={(value) => set({ at: value })}
      />
    </FormDialog>
  );
}
