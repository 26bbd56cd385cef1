// The dialogs around an incident's frame: closing it with a verdict, re-opening it, changing what it is called.
import { useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import { CATEGORY_ORDER, VERDICT_ORDER } from "../model/incident-filter.ts";
import { LEVEL_ORDER } from "../model/queue-search.ts";
import { CheckField, SelectField, TextArea, TextField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { useIncident, useStep } from "./use-incident.ts";

interface DialogProps {
  readonly onClose: () => void;
}

/** Traffic Light Protocol, strictest first, with the labels of the standard in every language. */
const TLP_WORDS = {
  red: "TLP:RED",
  amber_strict: "TLP:AMBER+STRICT",
  amber: "TLP:AMBER",
  green: "TLP:GREEN",
  clear: "TLP:CLEAR",
} as const;
const TLP_ORDER = ["red", "amber_strict", "amber", "green", "clear"] as const;

/** `TLP:AMBER` */
export function tlpWord(tlp: keyof typeof TLP_WORDS): string {
  return TLP_WORDS[tlp];
}

export function CloseDialog({ onClose }: DialogProps) {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const step = useStep();
  const [verdict, setVerdict] = useState(incident.verdict);
  const [reason, setReason] = useState(incident.verdictReason ?? "");
  const texts = messages.incidents;
  const said = reason.trim();
  return (
    <FormDialog
      title={texts.does.close}
      submit={texts.does.close}
      intro={texts.form.closeIntro}
      onSubmit={() => step("close", { verdict, ...(said === "" ? {} : { reason: said }) })}
      onClose={onClose}
    >
      <SelectField
        label={texts.verdict}
        first
        value={verdict}
        options={VERDICT_ORDER}
        words={texts.verdicts}
        onChange={setVerdict}
      />
      <TextArea
        label={texts.form.reason}
        hint={texts.form.verdictReason}
        value={reason}
        onChange={setReason}
      />
    </FormDialog>
  );
}

export function ReopenDialog({ onClose }: DialogProps) {
  const { messages } = useSpeech();
  const step = useStep();
  const [reason, setReason] = useState("");
  const { does, form } = messages.incidents;
  return (
    <FormDialog
      title={does.reopen}
      submit={does.reopen}
      onSubmit={() => step("reopen", { reason: reason.trim() })}
      onClose={onClose}
    >
      <TextArea label={form.reason} first required value={reason} onChange={setReason} />
    </FormDialog>
  );
}

export function EditDialog({ onClose }: DialogProps) {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const step = useStep();
  const { title, description, severity, category, tlp, exercise, tags } = incident;
  const [edit, setEdit] = useState({
    ...{ title, description, severity, category, tlp, exercise },
    tags: tags.join(", "),
  });
  const set = (part: Partial<typeof edit>) => setEdit((now) => ({ ...now, ...part }));
  const texts = messages.incidents;
  const { form } = texts;
  const send = () => {
    const split = edit.tags.split(",").map((tag) => tag.trim());
    return step("edit", { ...edit, tags: split.filter((tag) => tag !== "") });
  };
  return (
    <FormDialog
      title={texts.does.edit}
      submit={messages.cases.save}
      onSubmit={send}
      onClose={onClose}
    >
      <TextField
        label={form.title}
        hint={form.titleHint}
        first
        required
        value={edit.title}
        onChange={(value) => set({ title: value })}
      />
      <TextArea
        label={form.description}
        max={20_000}
        value={edit.description}
        onChange={(value) => set({ description: value })}
      />
      <div className="field-pair">
        <SelectField
          label={texts.severity}
          value={edit.severity}
          options={LEVEL_ORDER}
          words={messages.level}
          onChange={(value) => set({ severity: value })}
        />
        <SelectField
          label={texts.category}
          value={edit.category}
          options={CATEGORY_ORDER}
          words={texts.categories}
          onChange={(value) => set({ category: value })}
        />
        <SelectField
          label={form.tlp}
          value={edit.tlp}
          options={TLP_ORDER}
          words={TLP_WORDS}
          onChange={(value) => set({ tlp: value })}
        />
      </div>
      <TextField
        label={form.tags}
        hint={form.tagsHint}
        max={2000}
        value={edit.tags}
        onChange={(value) => set({ tags: value })}
      />
      <CheckField
        label={form.exercise}
        checked={edit.exercise}
        onChange={(value) => set({ exercise: value })}
      />
    </FormDialog>
  );
}
