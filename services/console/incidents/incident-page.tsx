// One incident: where it stands, what is missing, which time limits run, and all that it consists of. Every
// step asks in a dialog, whose refusals stay beside what was typed.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { incidentQuery } from "../api/case-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import type { DialogStep } from "../model/incident-phase.ts";
import { errorText } from "../shell/error-text.ts";
import { useTitle } from "../shell/use-title.ts";
import { ActionList } from "./action-list.tsx";
import { Belonging } from "./belonging.tsx";
import { LegalClocks } from "./clocks.tsx";
import { Comments } from "./comments.tsx";
import { ContainmentProposals } from "./containment-proposals.tsx";
import { EvidenceList } from "./evidence-list.tsx";
import { FindingList } from "./finding-list.tsx";
import { Head } from "./head.tsx";
import { IncidentDialog } from "./incident-dialog.tsx";
import { IncidentHistory } from "./incident-history.tsx";
import { TaskList } from "./task-list.tsx";
import { Times } from "./times.tsx";
import { IncidentProvider } from "./use-incident.ts";
import { WorkList } from "./work-list.tsx";

export function IncidentPage() {
  const { messages } = useSpeech();
  const { id } = useParams({ from: "/vorfaelle/$id" });
  const { data, error, isPending, dataUpdatedAt } = useQuery(incidentQuery(id));
  const [dialog, setDialog] = useState<DialogStep | undefined>();
  const texts = messages.incidents;
  useTitle(data?.incident.title ?? texts.title);
  return (
    <div className="page">
      <nav aria-label={texts.toList}>
        <Link to="/vorfaelle">{texts.toList}</Link>
      </nav>
      {isPending && <p className="muted">{messages.common.loading}</p>}
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data && (
        <IncidentProvider value={{ ...data, answeredAt: dataUpdatedAt, open: setDialog }}>
          <article key={id} className="incident" aria-labelledby="incident-title">
            <Head />
            <div className="incident-columns">
              <div>
                <WorkList />
                <ContainmentProposals />
                <LegalClocks />
              </div>
              <Times />
            </div>
            <FindingList />
            <TaskList />
            <ActionList />
            <EvidenceList />
            <Belonging />
            <Comments />
            <IncidentHistory />
          </article>
          {dialog !== undefined && (
            <IncidentDialog dialog={dialog} onClose={() => setDialog(undefined)} />
          )}
        </IncidentProvider>
      )}
    </div>
  );
}
