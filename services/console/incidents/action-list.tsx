// Corrective actions: what has to be done so that it does not happen again, with due dates.
import { useState } from "react";
import type { Incident } from "../api/case-contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";
import { CompleteActionDialog } from "./adding-dialogs.tsx";
import { StepButton } from "./step-button.tsx";
import { Due } from "./task-list.tsx";
import { useIncident, useMay, useQuickStep } from "./use-incident.ts";

type Action = Incident["actions"][number];

export function ActionList() {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const [completing, setCompleting] = useState<string | undefined>();
  const { actions: texts } = messages.incidents;
  return (
    <section aria-labelledby="actions">
      <h2 id="actions">{texts.title}</h2>
      <p className="muted">{incident.actions.length === 0 ? texts.none : texts.intro}</p>
      <ul className="case-list">
        {incident.actions.map((action) => (
          <ActionEntry key={action.id} action={action} onComplete={setCompleting} />
        ))}
      </ul>
      <div className="case-buttons">
        <StepButton step="actions/add" />
      </div>
      {completing !== undefined && (
        <CompleteActionDialog action={completing} onClose={() => setCompleting(undefined)} />
      )}
    </section>
  );
}

interface EntryProps {
  readonly action: Action;
  readonly onComplete: (id: string) => void;
}

function ActionEntry({ action, onComplete }: EntryProps) {
  const { messages, formats } = useSpeech();
  const may = useMay();
  const send = useQuickStep();
  const { actions: texts } = messages.incidents;
  const { id, title, required, dueAt, completedAt, cancelledAt } = action;
  const isOpen = completedAt === undefined && cancelledAt === undefined;
  return (
    <li className={isOpen ? "" : "is-done"}>
      <span className="grow">
        <HostileText text={title} />
        <span className="muted small note">
          {required ? texts.required : texts.optional}
          {completedAt !== undefined && ` · ${texts.completed(formats.moment(completedAt))}`}
          {cancelledAt !== undefined && ` · ${texts.cancelled(formats.moment(cancelledAt))}`}
          {isOpen && dueAt !== undefined && <Due dueAt={dueAt} />}
        </span>
      </span>
      {isOpen && may("actions/complete") && (
        <button
          type="button"
          className="judge"
          aria-label={`${texts.complete}: ${title}`}
          onClick={() => onComplete(id)}
        >
          {texts.complete}
        </button>
      )}
      {isOpen && may("actions/cancel") && (
        <button
          type="button"
          className="judge"
          aria-label={`${texts.cancel}: ${title}`}
          onClick={() => send("actions/cancel", { action: id })}
        >
          {texts.cancel}
        </button>
      )}
    </li>
  );
}
