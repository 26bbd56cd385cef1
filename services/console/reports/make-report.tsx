// Choosing a period that has ended, fetching a draft of it, and publishing it after a word of warning.
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { periodWords } from "../../store/kpi-words.ts";
import { ApiError } from "../api/client.ts";
import { draftFile, publishReport } from "../api/report-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { localSecond } from "../model/berlin-time.ts";
import { endedPeriods } from "../model/report-periods.ts";
import { Dialog } from "../shell/dialog.tsx";
import { errorText } from "../shell/error-text.ts";
import { useToast } from "../shell/toast.tsx";
import { FileLinks } from "./file-links.tsx";

export function MakeReport() {
  const { messages, language } = useSpeech();
  const texts = messages.figures.reports;
  const periods = endedPeriods(localSecond(Date.now()).slice(0, 7));
  const [period, setPeriod] = useState(periods[0] ?? "");
  const [isAsking, setAsking] = useState(false);
  const id = useId();
  const hint = useId();
  return (
    <section className="report-make" aria-label={texts.make}>
      <h2>{texts.make}</h2>
      <div className="report-choice">
        <label htmlFor={id}>{texts.period}</label>
        <select id={id} value={period} onChange={(event) => setPeriod(event.target.value)}>
          {periods.map((name) => (
            <option key={name} value={name}>
              {periodWords({ name }, language)}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="kern-btn kern-btn--primary"
          onClick={() => setAsking(true)}
        >
          <span className="kern-label">{texts.publish}</span>
        </button>
      </div>
      <p className="muted small" id={hint}>
        {texts.draftHint}
      </p>
      <div className="report-drafts" aria-describedby={hint}>
        <FileLinks
          label={`${texts.draft}: ${texts.whole}`}
          forms={["html", "pdf-ua", "pdf-a", "json", "csv"]}
          hrefOf={(form) => draftFile(period, form, "full")}
        />
        <FileLinks
          label={`${texts.draft}: ${texts.staff}`}
          forms={["html", "pdf-ua"]}
          hrefOf={(form) => draftFile(period, form, "works-council")}
        />
      </div>
      {isAsking && <PublishDialog period={period} onClose={() => setAsking(false)} />}
    </section>
  );
}

function PublishDialog({
  period,
  onClose,
}: {
  readonly period: string;
  readonly onClose: () => void;
}) {
  const { messages, language } = useSpeech();
  const texts = messages.figures.reports;
  const client = useQueryClient();
  const toast = useToast();
  const [isRunning, setRunning] = useState(false);
  const name = periodWords({ name: period }, language);
  async function publish(): Promise<void> {
    setRunning(true);
    try {
      const { revision } = await publishReport(period);
      toast({ text: texts.published(name, revision) });
    } catch (error) {
      const isSame = error instanceof ApiError && error.code === "HW_EXISTS";
      toast({ text: isSame ? texts.unchanged : errorText(error, messages) });
    }
    void client.invalidateQueries({ queryKey: ["reports"] });
    onClose();
  }
  return (
    <Dialog title={texts.publishTitle(name)} onClose={onClose}>
      <p>{texts.publishText}</p>
      <div className="dialog-actions">
        <button
          type="button"
          className="kern-btn kern-btn--primary"
          disabled={isRunning}
          onClick={publish}
        >
          <span className="kern-label">{texts.publishNow}</span>
        </button>
        <button type="button" className="kern-btn kern-btn--secondary" onClick={onClose}>
          <span className="kern-label">{texts.cancel}</span>
        </button>
      </div>
    </Dialog>
  );
}
