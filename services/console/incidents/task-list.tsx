// The tasks of an incident: steps of the rules' playbooks and what people thought of. People do them.
import type { Incident } from "../api/case-contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";
import { StepButton } from "./step-button.tsx";
import { useIncident, useMay, useQuickStep } from "./use-incident.ts";

type Task = Incident["tasks"][number];

export function TaskList() {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const may = useMay();
  const send = useQuickStep();
  const { tasks: texts } = messages.incidents;
  return (
    <section aria-labelledby="tasks">
      <h2 id="tasks">{texts.title}</h2>
      {incident.tasks.length === 0 && <p className="muted">{texts.none}</p>}
      <ul className="case-list">
        {incident.tasks.map((task) => (
          <TaskEntry key={task.id} task={task} />
        ))}
      </ul>
      <div className="case-buttons">
        <StepButton step="tasks/add" />
        {may("tasks/playbook") && incident.findingIds.length > 0 && (
          <button type="button" className="judge" onClick={() => send("tasks/playbook")}>
            {texts.playbook}
          </button>
        )}
      </div>
    </section>
  );
}

function TaskEntry({ task }: { readonly task: Task }) {
  const { messages, formats } = useSpeech();
  const may = useMay();
  const send = useQuickStep();
  const { tasks: texts } = messages.incidents;
  const { id, title, origin, doneAt, dueAt } = task;
  const isDone = doneAt !== undefined;
  const step = isDone ? "tasks/reopen" : "tasks/done";
  const word = isDone ? texts.reopen : texts.done;
  return (
    <li className={isDone ? "is-done" : ""}>
      <span className="grow">
        <HostileText text={title} />
        <span className="muted small note">
          {texts.origins[origin]}
          {isDone && ` · ${texts.doneAt(formats.moment(doneAt))}`}
          {!isDone && dueAt !== undefined && <Due dueAt={dueAt} />}
        </span>
      </span>
      {may(step) && (
        <button
          type="button"
          className="judge"
          aria-label={`${word}: ${title}`}
          onClick={() => send(step, { task: id })}
        >
          {word}
        </button>
      )}
    </li>
  );
}

/** The date until which something is to be done, and whether that is over. */
export function Due({ dueAt }: { readonly dueAt: number }) {
  const { messages, formats } = useSpeech();
  const { due, overdue } = messages.incidents.tasks;
  const at = formats.moment(dueAt);
  const isOver = dueAt < Date.now();
  return (
    <>
      {" · "}
      <span className={isOver ? "overdue" : ""}>{isOver ? overdue(at) : due(at)}</span>
    </>
  );
}
