// The published reports with their files; who sees figures only gets the short form.
import { periodWords } from "../../store/kpi-words.ts";
import { reportFile, summaryFile } from "../api/report-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { useMay } from "../shell/use-may.ts";
import { FileLinks } from "./file-links.tsx";
import type { ReportRow } from "./reports-page.tsx";

const HASH_CHARACTERS = 12;

interface ReportTableProps {
  readonly reports: readonly ReportRow[];
  readonly onDifferences: ((report: ReportRow) => void) | undefined;
}

export function ReportTable({ reports, onDifferences }: ReportTableProps) {
  const { messages } = useSpeech();
  const texts = messages.figures.reports;
  return (
    <table className="data wide">
      <caption className="kern-sr-only">{texts.list}</caption>
      <thead>
        <tr>
          <th scope="col" className="number">
            {texts.number}
          </th>
          <th scope="col">{texts.period}</th>
          <th scope="col">{texts.revision}</th>
          <th scope="col">{texts.at}</th>
          <th scope="col">{texts.changes}</th>
          <th scope="col">{texts.hash}</th>
          <th scope="col">{texts.files}</th>
        </tr>
      </thead>
      <tbody>
        {reports.map((one) => (
          <Row key={one.sequence} report={one} onDifferences={onDifferences} />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  report,
  onDifferences,
}: {
  readonly report: ReportRow;
  readonly onDifferences: ((report: ReportRow) => void) | undefined;
}) {
  const { messages, formats, language } = useSpeech();
  const texts = messages.figures.reports;
  const { sequence, period, revision, changes } = report;
  return (
    <tr>
      <td className="number tabular" data-label={texts.number}>
        {sequence}
      </td>
      <th scope="row">
        {periodWords(period, language)}
        {report.isSimulated && <span className="chip chip-level-low">{texts.simulated}</span>}
      </th>
      <td data-label={texts.revision}>
        {revision}{" "}
        <span className="muted small">{report.isLatest ? texts.latest : texts.superseded}</span>
      </td>
      <td data-label={texts.at}>{formats.moment(report.publishedAt)}</td>
      <td data-label={texts.changes}>
        {revision > 1 && onDifferences !== undefined ? (
          <button type="button" className="judge" onClick={() => onDifferences(report)}>
            {texts.changeCount(changes)}
          </button>
        ) : (
          <span className="muted">
            {revision > 1 ? texts.changeCount(changes) : texts.noChanges}
          </span>
        )}
      </td>
      <td data-label={texts.hash}>
        <code title={report.hash}>{report.hash.slice(0, HASH_CHARACTERS)}</code>
      </td>
      <td data-label={texts.files}>
        <Files sequence={sequence} />
      </td>
    </tr>
  );
}

function Files({ sequence }: { readonly sequence: number }) {
  const { messages } = useSpeech();
  const { whole, summary, staff } = messages.figures.reports;
  const mayRead = useMay("report:read");
  return (
    <>
      {mayRead && (
        <FileLinks
          label={whole}
          forms={["html", "pdf-ua", "pdf-a", "json", "csv", "dms"]}
          hrefOf={(form) => reportFile(sequence, form, "full")}
        />
      )}
      <FileLinks
        label={summary}
        forms={["html", "pdf-ua"]}
        hrefOf={(form) => summaryFile(sequence, form)}
      />
      {mayRead && (
        <FileLinks
          label={staff}
          forms={["html", "pdf-ua"]}
          hrefOf={(form) => reportFile(sequence, form, "works-council")}
        />
      )}
    </>
  );
}
