// Reports for the security officer: drafts and publishing for those who may, the published ones with their
// files, what a revision changed, and whether their chain holds.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  type ReportList,
  reportsQuery,
  type Verification,
  verifyReports,
} from "../api/report-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { FiguresNav } from "../shell/sub-nav.tsx";
import { useToast } from "../shell/toast.tsx";
import { useMay } from "../shell/use-may.ts";
import { useTitle } from "../shell/use-title.ts";
import { DifferencesDialog } from "./differences-dialog.tsx";
import { MakeReport } from "./make-report.tsx";
import { ReportTable } from "./report-table.tsx";

export type ReportRow = ReportList["reports"][number];

export function ReportsPage() {
  const { messages } = useSpeech();
  const texts = messages.figures.reports;
  const { data, error, isPending } = useQuery(reportsQuery);
  const [shown, setShown] = useState<ReportRow | undefined>();
  const mayRead = useMay("report:read");
  const mayWrite = useMay("report:write");
  useTitle(texts.title);
  const reports = data?.reports ?? [];
  return (
    <div className="page reports">
      <FiguresNav />
      <h1>{texts.title}</h1>
      <p className="muted">{texts.intro}</p>
      {mayWrite && <MakeReport />}
      <h2>{texts.list}</h2>
      {isPending && <p className="muted">{messages.common.loading}</p>}
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data && reports.length === 0 && <p className="muted">{texts.none}</p>}
      {reports.length > 0 && (
        <>
          {mayRead && <Verify />}
          <ReportTable reports={reports} onDifferences={mayRead ? setShown : undefined} />
        </>
      )}
      {shown && <DifferencesDialog report={shown} onClose={() => setShown(undefined)} />}
    </div>
  );
}

function Verify() {
  const { messages } = useSpeech();
  const texts = messages.figures.reports;
  const toast = useToast();
  const [isRunning, setRunning] = useState(false);
  const [result, setResult] = useState<Verification | undefined>();
  async function run(): Promise<void> {
    setRunning(true);
    try {
      setResult(await verifyReports());
    } catch (error) {
      toast({ text: errorText(error, messages) });
    } finally {
      setRunning(false);
    }
  }
  return (
    <div className="report-verify">
      <button
        type="button"
        className="kern-btn kern-btn--secondary"
        disabled={isRunning}
        onClick={run}
      >
        <span className="kern-label">{isRunning ? texts.verifying : texts.verify}</span>
      </button>
      <div role="status">
        {result?.isIntact === true && (
          <p className="report-intact">{texts.intact(result.reports.length)}</p>
        )}
        {result?.isIntact === false && (
          <div className="alert alert-danger">
            <p>{texts.broken}</p>
            <ul>
              {result.reports.map(({ sequence, period, revision, fault }) =>
                fault === undefined ? null : (
                  <li key={sequence}>
                    {sequence} · {period} · {texts.revision} {revision}: {texts.faults[fault]}
                  </li>
                ),
              )}
            </ul>
          </div>
        )}
      </div>
    </div>
  );
}
