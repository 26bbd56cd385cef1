// Evidence with its chain of custody, oldest entry first; entries are only ever added.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Incident } from "../api/case-contract.ts";
import { sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { TextArea, TextField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { HostileText } from "../shell/hostile-text.tsx";
import { StepButton } from "./step-button.tsx";
import { useIncident, useMay, useStep } from "./use-incident.ts";

type Evidence = Incident["evidence"][number];

export function EvidenceList() {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const [handing, setHanding] = useState<string | undefined>();
  const { evidence: texts } = messages.incidents;
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">{texts.title}</h2>
      {incident.evidence.length === 0 && <p className="muted">{texts.none}</p>}
      <ul className="case-list">
        {incident.evidence.map((item) => (
          <EvidenceEntry key={item.id} item={item} onHandOver={setHanding} />
        ))}
      </ul>
      <div className="case-buttons">
        <StepButton step="evidence/add" />
      </div>
      {handing !== undefined && (
        <HandOverDialog evidence={handing} onClose={() => setHanding(undefined)} />
      )}
    </section>
  );
}

interface EntryProps {
  readonly item: Evidence;
  readonly onHandOver: (id: string) => void;
}

function EvidenceEntry({ item, onHandOver }: EntryProps) {
  const { messages, formats } = useSpeech();
  const may = useMay();
  const { evidence: texts } = messages.incidents;
  return (
    <li>
      <div className="grow">
        <span className="chip">{texts.kinds[item.kind]}</span>{" "}
        <strong>
          <HostileText text={item.reference} />
        </strong>
        {item.description !== "" && (
          <span className="note">
            <HostileText text={item.description} />
          </span>
        )}
        {item.sha256 !== undefined && <code className="note foreign">{item.sha256}</code>}
        <details>
          <summary>{`${texts.chain} (${formats.number(item.custody.length)})`}</summary>
          <ol className="history">
            {item.custody.map((entry) => (
              <Custody key={`${entry.at} ${entry.action} ${entry.comment}`} entry={entry} />
            ))}
          </ol>
        </details>
      </div>
      {may("evidence/hand-over") && (
        <button
          type="button"
          className="judge"
          aria-label={`${texts.handOver}: ${item.reference}`}
          onClick={() => onHandOver(item.id)}
        >
          {texts.handOver}
        </button>
      )}
    </li>
  );
}

function Custody({ entry }: { readonly entry: Evidence["custody"][number] }) {
  const { messages, formats } = useSpeech();
  const self = useQuery(sessionQuery).data?.account.id;
  const { actors } = messages.finding;
  const { evidence: texts } = messages.incidents;
  return (
    <li>
      <time className="tabular muted">{formats.moment(entry.at)}</time>
      <span>
        <HostileText text={entry.action === "collected" ? texts.collected : entry.action} />
        {entry.comment !== "" && (
          <>
            {" – "}
            <HostileText text={entry.comment} />
          </>
        )}
      </span>
      <span className="muted">{entry.actor === self ? actors.self : actors.other}</span>
    </li>
  );
}

function HandOverDialog({
  evidence,
  onClose,
}: {
  readonly evidence: string;
  readonly onClose: () => void;
}) {
  const { messages } = useSpeech();
  const step = useStep();
  const [action, setAction] = useState("");
  const [comment, setComment] = useState("");
  const { evidence: texts } = messages.incidents;
  return (
    <FormDialog
      title={texts.handOver}
      submit={messages.cases.save}
      intro={texts.custodyHint}
      onSubmit={() => step("evidence/hand-over", { evidence, action, comment })}
      onClose={onClose}
    >
      <TextField
        label={texts.action}
        first
        required
        max={100}
        value={action}
        onChange={setAction}
      />
      <TextArea label={texts.comment} value={comment} onChange={setComment} />
    </FormDialog>
  );
}
