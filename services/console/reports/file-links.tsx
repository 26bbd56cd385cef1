// Links to the files of a report or draft, by form.
import type { ReportFileForm } from "../api/report-queries.ts";
import { useSpeech } from "../messages/language.tsx";

interface FileLinksProps {
  /** What the files are of. */
  readonly label: string;
  readonly forms: readonly ReportFileForm[];
  readonly hrefOf: (form: ReportFileForm) => string;
}

export function FileLinks({ label, forms, hrefOf }: FileLinksProps) {
  const { messages } = useSpeech();
  return (
    <p className="report-files">
      <span className="report-files-label">{label}:</span>
      {forms.map((form) => (
        <a
          key={form}
          href={hrefOf(form)}
          download
          aria-label={`${label}, ${messages.figures.reports.forms[form]}`}
        >
          {messages.figures.reports.forms[form]}
        </a>
      ))}
    </p>
  );
}
