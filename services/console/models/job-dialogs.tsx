// What a training or a judging is asked: over how many days, with which seed or version. Both run in the background
// and change nothing of what is in force.
import { useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import { type ModelView, wordFor } from "../model/model-view.ts";
import { CheckField, NumberField, SelectField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { useModelChange } from "./use-model-change.ts";

const TRAINING_DAYS = "30";
const EVALUATION_DAYS = "7";
const DAYS_MAX = 365;
const SEED_MAX = 1_000_000;

interface DialogProps {
  readonly view: ModelView;
  readonly onClose: () => void;
}

export function TrainDialog({ view, onClose }: DialogProps) {
  const { messages, formats } = useSpeech();
  const [days, setDays] = useState(TRAINING_DAYS);
  const [seed, setSeed] = useState("1");
  const [isFresh, setFresh] = useState(false);
  const change = useModelChange(view.name);
  const { train: texts, job, detectors } = messages.models;
  const body = { days: Number(days), seed: Number(seed), ...(isFresh ? { isFresh } : {}) };
  const send = () => change("train", body, job.began(job.kinds.train));
  return (
    <FormDialog
      title={texts.title(wordFor(detectors, view.name))}
      submit={texts.submit}
      onSubmit={send}
      onClose={onClose}
    >
      <p>{texts.what}</p>
      <p>
        {view.shadow === undefined
          ? texts.becomes
          : texts.replaces(formats.number(view.shadow.version))}
      </p>
      <div className="field-pair">
        <NumberField
          label={texts.days}
          hint={texts.daysHint}
          first
          required
          min={1}
          max={DAYS_MAX}
          value={days}
          onChange={setDays}
        />
        <NumberField
          label={texts.seed}
          hint={texts.seedHint}
          required
          min={0}
          max={SEED_MAX}
          value={seed}
          onChange={setSeed}
        />
      </div>
      {view.active && (
        <CheckField
          label={texts.fresh(formats.number(view.active.version))}
          checked={isFresh}
          onChange={setFresh}
        />
      )}
    </FormDialog>
  );
}

export function EvaluateDialog({ view, onClose }: DialogProps) {
  const { messages, formats } = useSpeech();
  const { versions, shadow, active } = view;
  const [days, setDays] = useState(EVALUATION_DAYS);
  const [chosen, setChosen] = useState(() =>
    String((shadow ?? active ?? versions[0])?.version ?? ""),
  );
  const change = useModelChange(view.name);
  const { evaluate: texts, versions: words, job, detectors } = messages.models;
  const names = Object.fromEntries(
    versions.map(({ version, state }) => [
      String(version),
      `${words.version} ${formats.number(version)}, ${words.states[state]}`,
    ]),
  );
  const send = () =>
    change(
      "evaluate",
      { days: Number(days), version: Number(chosen) },
      job.began(job.kinds.evaluate),
    );
  return (
    <FormDialog
      title={texts.title(wordFor(detectors, view.name))}
      submit={texts.submit}
      onSubmit={send}
      onClose={onClose}
    >
      <p>{texts.what}</p>
      <div className="field-pair">
        <SelectField
          label={texts.version}
          first
          required
          value={chosen}
          options={Object.keys(names)}
          words={names}
          onChange={setChosen}
        />
        <NumberField
          label={texts.days}
          hint={messages.models.train.daysHint}
          required
          min={1}
          max={DAYS_MAX}
          value={days}
          onChange={setDays}
        />
      </div>
    </FormDialog>
  );
}
