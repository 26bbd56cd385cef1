// The second step of changing many findings: how many they are, what speaks against it, and the button.
import { useEffect, useRef } from "react";
import type { BulkPreview } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";

interface BulkPreviewViewProps {
  readonly preview: BulkPreview;
  readonly isBusy: boolean;
  readonly onApply: () => void;
  readonly onBack: () => void;
}

const WARNINGS = ["truePositives", "inIncidents", "critical", "judged", "assigned"] as const;

export function BulkPreviewView({ preview, isBusy, onApply, onBack }: BulkPreviewViewProps) {
  const { messages, formats } = useSpeech();
  const apply = useRef<HTMLButtonElement>(null);
  useEffect(() => apply.current?.focus(), []);
  const texts = messages.grouping;
  const warnings = WARNINGS.filter((name) => preview.warnings[name] > 0);
  return (
    <div className="form">
      <div role="status">
        <p>
          <strong>
            {preview.total === 0
              ? texts.previewNone
              : texts.previewTitle(formats.number(preview.total))}
          </strong>
        </p>
        {warnings.length > 0 && (
          <ul className="alert">
            {warnings.map((name) => (
              <li key={name}>{texts.warnings[name](formats.number(preview.warnings[name]))}</li>
            ))}
          </ul>
        )}
      </div>
      {preview.sample.length > 0 && (
        <>
          <p id="bulk-sample" className="muted">
            {texts.previewSample}
          </p>
          <ul className="bulk-sample" aria-labelledby="bulk-sample">
            {preview.sample.slice(0, SAMPLE_SHOWN_MAX).map((row) => (
              <li key={row.id}>
                <HostileText text={row.title} />{" "}
                <span className="mono muted">
                  <HostileText text={row.entities[0]?.value ?? ""} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="dialog-actions">
        <button type="button" className="kern-btn kern-btn--secondary" onClick={onBack}>
          <span className="kern-label">{texts.back}</span>
        </button>
        {preview.total > 0 && (
          <button
            ref={apply}
            type="button"
            className="kern-btn kern-btn--primary"
            disabled={isBusy}
            onClick={onApply}
          >
            <span className="kern-label">{texts.apply(formats.number(preview.total))}</span>
          </button>
        )}
      </div>
    </div>
  );
}

/** Rows that give an impression of the set. */
const SAMPLE_SHOWN_MAX = 8;
