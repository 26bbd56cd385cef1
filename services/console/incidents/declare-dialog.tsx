// Declaring an incident: what happened, when it first succeeded and how that is known, and what it did.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { IncidentAnswer, IncidentRow } from "../api/case-contract.ts";
import { request } from "../api/client.ts";
import { useSpeech } from "../messages/language.tsx";
import { CATEGORY_ORDER } from "../model/incident-filter.ts";
import { LEVEL_ORDER } from "../model/queue-search.ts";
import {
  COMPROMISE_METHOD_ORDER,
  EMPTY_IMPACT,
  EMPTY_STATEMENT,
  statementBody,
} from "../model/time-statement.ts";
import { CheckField, SelectField, TextArea, TextField } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { useToast } from "../shell/toast.tsx";
import { ImpactFields } from "./impact-fields.tsx";
import { StatementFields } from "./statement-fields.tsx";
import { showIncident } from "./use-incident.ts";

interface DeclareProps {
  readonly findingIds: readonly string[];
  readonly title?: string;
  readonly onClose: () => void;
}

interface About {
  readonly title: string;
  readonly description: string;
  readonly severity: IncidentRow["severity"] | "";
  readonly category: IncidentRow["category"] | "";
  readonly exercise: boolean;
}

/** Leads to the new incident's page. */
export function DeclareDialog({ findingIds, title = "", onClose }: DeclareProps) {
  const { messages, formats } = useSpeech();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [about, setAbout] = useState<About>({
    ...{ title, description: "", severity: "", category: "", exercise: false },
  });
  const [statement, setStatement] = useState(EMPTY_STATEMENT);
  const [impact, setImpact] = useState(EMPTY_IMPACT);
  const { form } = messages.incidents;
  async function declare(): Promise<void> {
    const { severity, category, ...rest } = about;
    const answer = await request<IncidentAnswer>("POST", "/incidents", {
      ...rest,
      ...{ findingIds, impact, firstCompromise: statementBody(statement) },
      ...(severity === "" ? {} : { severity }),
      ...(category === "" ? {} : { category }),
    });
    showIncident(client, answer);
    toast({ text: form.declared });
    await navigate({ to: "/vorfaelle/$id", params: { id: answer.incident.id } });
  }
  return (
    <FormDialog
      title={messages.incidents.declare}
      submit={messages.incidents.declare}
      intro={form.declareIntro}
      onSubmit={declare}
      onClose={onClose}
    >
      <AboutFields about={about} onChange={(part) => setAbout((now) => ({ ...now, ...part }))} />
      {findingIds.length > 0 && <p>{form.findings(formats.number(findingIds.length))}</p>}
      <StatementFields
        draft={statement}
        methods={COMPROMISE_METHOD_ORDER}
        evidence={findingIds.map((id) => ({ id }))}
        onChange={(part) => setStatement((now) => ({ ...now, ...part }))}
      />
      <ImpactFields impact={impact} onChange={setImpact} />
    </FormDialog>
  );
}

function AboutFields({
  about,
  onChange,
}: {
  readonly about: About;
  readonly onChange: (part: Partial<About>) => void;
}) {
  const { messages } = useSpeech();
  const { form, severity, category, categories } = messages.incidents;
  return (
    <>
      <TextField
        label={form.title}
        hint={form.titleHint}
        first
        required
        value={about.title}
        onChange={(title) => onChange({ title })}
      />
      <TextArea
        label={form.description}
        max={20_000}
        value={about.description}
        onChange={(description) => onChange({ description })}
      />
      <div className="field-pair">
        <SelectField
          label={severity}
          value={about.severity}
          options={LEVEL_ORDER}
          words={messages.level}
          empty={form.fromFindings}
          onChange={(value) => onChange({ severity: value })}
        />
        <SelectField
          label={category}
          required
          value={about.category}
          options={CATEGORY_ORDER}
          words={categories}
          empty={form.choose}
          onChange={(value) => onChange({ category: value })}
        />
      </div>
      <CheckField
        label={form.exercise}
        checked={about.exercise}
        onChange={(exercise) => onChange({ exercise })}
      />
    </>
  );
}
