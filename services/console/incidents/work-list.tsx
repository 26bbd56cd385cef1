// What is missing for the KPIs as work to do; each entry opens the dialog that fills it.
import { useState } from "react";
import type { WorkItem } from "../api/case-contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { actionOf, dialogFor } from "../model/incident-phase.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { CompleteActionDialog } from "./adding-dialogs.tsx";
import { useIncident, useMay } from "./use-incident.ts";

export function WorkList() {
  const { messages } = useSpeech();
  const { work } = useIncident();
  const { work: texts } = messages.incidents;
  return (
    <section aria-labelledby="work">
      <h2 id="work">{texts.title}</h2>
      {work.length === 0 ? (
        <p className="muted">{texts.none}</p>
      ) : (
        <ul className="case-list">
          {work.map((item) => (
            <WorkEntry key={`${item.key} ${item.field}`} item={item} />
          ))}
        </ul>
      )}
    </section>
  );
}

function WorkEntry({ item }: { readonly item: WorkItem }) {
  const { messages } = useSpeech();
  const { open } = useIncident();
  const may = useMay();
  const [completing, setCompleting] = useState(false);
  const { work: texts } = messages.incidents;
  const dialog = dialogFor(item);
  const action = actionOf(item);
  const isOpenable = may(item.step) && (dialog !== undefined || action !== undefined);
  return (
    <li>
      <span className="chip chip-work">
        {item.kind === "missing" ? texts.missing : texts.quality}
      </span>
      <span className="grow">
        <HostileText text={item.text} />
      </span>
      {isOpenable && (
        <button
          type="button"
          className="judge"
          aria-label={`${texts.fill}: ${item.text}`}
          onClick={() => (dialog === undefined ? setCompleting(true) : open(dialog))}
        >
          {texts.fill}
        </button>
      )}
      {completing && action !== undefined && (
        <CompleteActionDialog action={action} onClose={() => setCompleting(false)} />
      )}
    </li>
  );
}
