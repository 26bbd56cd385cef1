// Proposes an entry of a block list from a finding or an incident; a second person approves it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Block } from "../api/case-contract.ts";
import { incidentQuery } from "../api/case-queries.ts";
import { useChange } from "../exceptions/use-change.ts";
import { useSpeech } from "../messages/language.tsx";
import { NumberField, SelectField, TextArea, TextField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";

const TYPES = ["address", "domain", "hash"] as const;
const OCCASIONS = ["finding", "incident"] as const;
const DAYS_MAX = 365;

type Occasion = (typeof OCCASIONS)[number];

interface BlockDialogProps {
  /** What it is proposed from; asked for when it is not given. */
  readonly occasion?: { readonly kind: Occasion; readonly id: string };
  readonly onClose: () => void;
}

export function BlockDialog({ occasion, onClose }: BlockDialogProps) {
  const { messages } = useSpeech();
  const change = useChange();
  const [type, setType] = useState<Block["type"]>("address");
  const [kind, setKind] = useState<Occasion>(occasion?.kind ?? "incident");
  const [text, setText] = useState({
    ...{ value: "", id: occasion?.id ?? "", task: "", days: "", reason: "" },
  });
  const set = (part: Partial<typeof text>) => setText((now) => ({ ...now, ...part }));
  const texts = messages.blocks;
  const id = text.id.trim();
  const send = () =>
    change<Block>(
      "/block-lists",
      {
        ...{ type, value: text.value.trim(), reason: text.reason.trim(), [kind]: id },
        ...(kind === "incident" && text.task !== "" ? { task: text.task } : {}),
        ...(text.days === "" ? {} : { days: Number(text.days) }),
      },
      () => texts.proposed,
    );
  return (
    <FormDialog title={texts.dialog} submit={texts.propose} onSubmit={send} onClose={onClose}>
      <div className="field-pair">
        <SelectField
          label={texts.type}
          first
          value={type}
          options={TYPES}
          words={texts.types}
          onChange={setType}
        />
        <TextField
          label={texts.value}
          required
          mono
          max={500}
          value={text.value}
          onChange={(value) => set({ value })}
        />
      </div>
      {occasion === undefined && (
        <div className="field-pair">
          <SelectField
            label={texts.occasion}
            value={kind}
            options={OCCASIONS}
            words={texts.occasions}
            onChange={setKind}
          />
          <TextField
            label={texts.occasionId}
            hint={texts.occasionHint}
            required
            mono
            max={512}
            value={text.id}
            onChange={(value) => set({ id: value, task: "" })}
          />
        </div>
      )}
      {kind === "incident" && id !== "" && (
        <TaskField incident={id} value={text.task} onChange={(task) => set({ task })} />
      )}
      <NumberField
        label={texts.days}
        hint={texts.daysHint}
        min={1}
        max={DAYS_MAX}
        value={text.days}
        onChange={(days) => set({ days })}
      />
      <TextArea
        label={messages.cases.reason}
        hint={messages.cases.reasonHint}
        required
        max={500}
        value={text.reason}
        onChange={(reason) => set({ reason })}
      />
    </FormDialog>
  );
}

interface TaskProps {
  readonly incident: string;
  readonly value: string;
  readonly onChange: (task: string) => void;
}

/** The incident's open tasks; nothing while there are none. */
function TaskField({ incident, value, onChange }: TaskProps) {
  const { messages } = useSpeech();
  const { data } = useQuery({ ...incidentQuery(incident), retry: false });
  const texts = messages.blocks;
  const tasks = (data?.incident.tasks ?? []).filter(({ doneAt }) => doneAt === undefined);
  if (tasks.length === 0) return null;
  return (
    <SelectField
      label={texts.task}
      hint={texts.taskHint}
      value={value}
      options={["", ...tasks.map(({ id }) => id)]}
      words={{ "": texts.noTask, ...Object.fromEntries(tasks.map(({ id, title }) => [id, title])) }}
      onChange={onChange}
    />
  );
}
