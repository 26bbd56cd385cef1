// Swaps a duty: which schedule, who takes it, from when to when, and why.
import { useState } from "react";
import { ApiError } from "../api/client.ts";
import type { OnCall } from "../api/paging-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { berlinTime, localBerlin } from "../model/berlin-time.ts";
import { SelectField, TextArea, TimeField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { usePagingChange } from "./use-paging-change.ts";

const HOUR_MS = 3_600_000;
const SPAN_HOURS = 12;

interface SwapProps {
  readonly onCall: OnCall;
  readonly onClose: () => void;
}

export function SwapDialog({ onCall, onClose }: SwapProps) {
  const { messages } = useSpeech();
  const change = usePagingChange();
  const { swap: texts } = messages.paging;
  const start = Math.ceil(onCall.at / HOUR_MS) * HOUR_MS;
  const [draft, setDraft] = useState({
    schedule: onCall.schedules[0]?.id ?? "",
    person: "",
    from: localBerlin(start),
    until: localBerlin(start + SPAN_HOURS * HOUR_MS),
    reason: "",
  });
  const set = (part: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...part }));
  const send = () => {
    const [from, until] = [berlinTime(draft.from), berlinTime(draft.until)];
    if (from === undefined || until === undefined)
      throw new ApiError(422, "HW_REQUEST_INVALID", texts.incomplete);
    const { schedule, person, reason } = draft;
    return change(
      "POST",
      "/on-call/overrides",
      { schedule, person, from, until, reason },
      texts.done,
    );
  };
  return (
    <FormDialog
      title={texts.dialog}
      submit={texts.submit}
      onSubmit={async () => send()}
      onClose={onClose}
    >
      <SelectField
        label={texts.schedule}
        first
        required
        value={draft.schedule}
        options={onCall.schedules.map(({ id }) => id)}
        words={Object.fromEntries(onCall.schedules.map(({ id, title }) => [id, title]))}
        onChange={(schedule) => set({ schedule })}
      />
      <SelectField
        label={texts.person}
        required
        value={draft.person}
        empty={texts.choose}
        options={onCall.people.map(({ id }) => id)}
        words={Object.fromEntries(onCall.people.map(({ id, name }) => [id, name]))}
        onChange={(person) => set({ person })}
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
          required
          now={false}
          value={draft.until}
          onChange={(until) => set({ until })}
        />
      </div>
      <TextArea
        label={texts.reason}
        required
        max={500}
        value={draft.reason}
        onChange={(reason) => set({ reason })}
      />
    </FormDialog>
  );
}
