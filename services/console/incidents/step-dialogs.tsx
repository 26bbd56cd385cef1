// The dialogs that state what happened: containment, recovery, impact, first compromise.
import { useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import { localSecond } from "../model/berlin-time.ts";
import {
  COMPROMISE_METHOD_ORDER,
  EMPTY_STATEMENT,
  type ImpactDraft,
  METHOD_ORDER,
  plainStatementBody,
  type StatementDraft,
  statementBody,
  timeOf,
} from "../model/time-statement.ts";
import { NumberField, TimeField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { ImpactFields } from "./impact-fields.tsx";
import { type EvidenceChoice, StatementFields } from "./statement-fields.tsx";
import { useIncident, useStep } from "./use-incident.ts";

const MINUTE_S = 60;
const DOWNTIME_MINUTES_MAX = 1_000_000;

interface DialogProps {
  readonly onClose: () => void;
}

/** What the incident offers as evidence: its pieces of evidence, then its findings. */
function useEvidence(): readonly EvidenceChoice[] {
  const { incident } = useIncident();
  return [
    ...incident.evidence.map(({ id, reference }) => ({ id, text: reference })),
    ...incident.findingIds.map((id) => ({ id })),
  ];
}

/** What is stated already, to be mended. */
function draftOf(
  stated:
    | {
        readonly at?: number | undefined;
        readonly earliest?: number | undefined;
        readonly latest?: number | undefined;
        readonly method: StatementDraft["method"];
        readonly evidenceIds: readonly string[];
        readonly reason?: string | undefined;
      }
    | undefined,
  offered: readonly EvidenceChoice[],
): StatementDraft {
  if (stated === undefined) return EMPTY_STATEMENT;
  const local = (at: number | undefined) => (at === undefined ? "" : localSecond(at));
  const known = new Set(offered.map(({ id }) => id));
  return {
    ...{ method: stated.method, at: local(stated.at) },
    ...{ earliest: local(stated.earliest), latest: local(stated.latest) },
    chosen: stated.evidenceIds.filter((id) => known.has(id)),
    others: stated.evidenceIds.filter((id) => !known.has(id)).join(" "),
    reason: stated.reason ?? "",
  };
}

export function ContainDialog({ onClose, proposedAt }: DialogProps & { proposedAt?: number }) {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const step = useStep();
  const evidence = useEvidence();
  const [statement, setStatement] = useState<StatementDraft>(() =>
    proposedAt === undefined
      ? draftOf(incident.contained, evidence)
      : { ...EMPTY_STATEMENT, method: "evidence", at: localSecond(proposedAt) },
  );
  const [impact, setImpact] = useState<ImpactDraft>(incident.impact);
  const [downtime, setDowntime] = useState(
    incident.containmentDowntimeS === undefined
      ? ""
      : String(Math.round(incident.containmentDowntimeS / MINUTE_S)),
  );
  const texts = messages.incidents;
  const send = () =>
    step("contain", {
      ...{ ...plainStatementBody(statement), impact },
      ...(downtime === "" ? {} : { downtimeS: Number(downtime) * MINUTE_S }),
    });
  return (
    <FormDialog
      title={texts.does.contain}
      submit={messages.cases.save}
      onSubmit={send}
      onClose={onClose}
    >
      <StatementFields
        draft={statement}
        methods={METHOD_ORDER}
        evidence={evidence}
        first
        onChange={(part) => setStatement((now) => ({ ...now, ...part }))}
      />
      <ImpactFields impact={impact} onChange={setImpact} />
      <NumberField
        label={texts.form.downtime}
        min={0}
        max={DOWNTIME_MINUTES_MAX}
        value={downtime}
        onChange={setDowntime}
      />
    </FormDialog>
  );
}

export function RecoverDialog({ onClose }: DialogProps) {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const step = useStep();
  const evidence = useEvidence();
  const [statement, setStatement] = useState(() => draftOf(incident.recovered, evidence));
  const [impact, setImpact] = useState<ImpactDraft>(incident.impact);
  return (
    <FormDialog
      title={messages.incidents.does.recover}
      submit={messages.cases.save}
      onSubmit={() => step("recover", { ...plainStatementBody(statement), impact })}
      onClose={onClose}
    >
      <StatementFields
        draft={statement}
        methods={METHOD_ORDER}
        evidence={evidence}
        first
        onChange={(part) => setStatement((now) => ({ ...now, ...part }))}
      />
      <ImpactFields impact={impact} onChange={setImpact} />
    </FormDialog>
  );
}

export function CompromiseDialog({ onClose }: DialogProps) {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const step = useStep();
  const evidence = useEvidence();
  const [statement, setStatement] = useState(() => draftOf(incident.firstCompromise, evidence));
  return (
    <FormDialog
      title={messages.incidents.does.compromise}
      submit={messages.cases.save}
      onSubmit={() => step("compromise", statementBody(statement))}
      onClose={onClose}
    >
      <StatementFields
        draft={statement}
        methods={COMPROMISE_METHOD_ORDER}
        evidence={evidence}
        first
        onChange={(part) => setStatement((now) => ({ ...now, ...part }))}
      />
    </FormDialog>
  );
}

export function ImpactDialog({ onClose }: DialogProps) {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const step = useStep();
  const [impact, setImpact] = useState<ImpactDraft>(incident.impact);
  const [first, setFirst] = useState(
    incident.firstImpactAt === undefined ? "" : localSecond(incident.firstImpactAt),
  );
  const { form, does } = messages.incidents;
  return (
    <FormDialog
      title={does.impact}
      submit={messages.cases.save}
      onSubmit={() => step("impact", { impact, ...timeOf("firstImpactAt", first) })}
      onClose={onClose}
    >
      <ImpactFields impact={impact} onChange={setImpact} first />
      <TimeField
        label={form.firstImpact}
        hint={form.firstImpactHint}
        value={first}
        onChange={setFirst}
      />
    </FormDialog>
  );
}
