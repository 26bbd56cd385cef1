// What a revision of a report changed against the one before, figure by figure.
import { useQuery } from "@tanstack/react-query";
import { periodWords } from "../../store/kpi-words.ts";
import { reportQuery } from "../api/report-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { Dialog } from "../shell/dialog.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import type { ReportRow } from "./reports-page.tsx";

const SHOWN_MAX = 200;

export function DifferencesDialog({
  report,
  onClose,
}: {
  readonly report: ReportRow;
  readonly onClose: () => void;
}) {
  const { messages, language } = useSpeech();
  const texts = messages.figures.reports;
  const { data, error, isPending } = useQuery(reportQuery(report.sequence));
  const title = texts.differencesTitle(periodWords(report.period, language), report.revision);
  const shown = (value: number | string | boolean | null) =>
    value === null ? texts.nothing : String(value);
  const all = data?.differences ?? [];
  const rest = all.length - Math.min(all.length, SHOWN_MAX) + (data?.differencesLeftOut ?? 0);
  return (
    <Dialog title={title} onClose={onClose}>
      {isPending && <p className="muted">{messages.common.loading}</p>}
      {error !== null && <p className="alert alert-danger">{errorText(error, messages)}</p>}
      {data && (
        <table className="data">
          <caption className="kern-sr-only">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.figure}</th>
              <th scope="col">{texts.before}</th>
              <th scope="col">{texts.now}</th>
            </tr>
          </thead>
          <tbody>
            {all.slice(0, SHOWN_MAX).map((one) => (
              <tr key={one.figure}>
                <th scope="row" className="mono">
                  <HostileText text={one.figure} />
                </th>
                <td data-label={texts.before}>
                  <HostileText text={shown(one.before)} />
                </td>
                <td data-label={texts.now}>
                  <HostileText text={shown(one.now)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {rest > 0 && <p className="muted small">{texts.more(rest)}</p>}
    </Dialog>
  );
}
