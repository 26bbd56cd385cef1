// When the signals of a finding came, one row a source. The picture has a text of the same content.
import { useId } from "react";
import type { Finding } from "../../store/finding.ts";
import { useSpeech } from "../messages/language.tsx";
import { TIMELINE_SPAN_MS_MIN, timelineRows } from "../model/timeline-scale.ts";
import { HostileText } from "../shell/hostile-text.tsx";

const WIDTH = 600;
const ROW_HEIGHT = 22;
const TICK_HEIGHT = 10;
const TICK_HEIGHT_MAX = 20;

export function Timeline({ finding }: { readonly finding: Finding }) {
  const { messages, formats } = useSpeech();
  const titleId = useId();
  const { firstEventAt, lastEventAt, evidence } = finding;
  const rows = timelineRows(evidence, firstEventAt, lastEventAt);
  const text = messages.finding.timelineText(
    finding.signalCount,
    formats.moment(firstEventAt),
    formats.moment(lastEventAt),
  );
  return (
    <figure className="timeline">
      {rows.map((row, at) => (
        <div className="timeline-row" key={row.source}>
          <span className="timeline-source">
            <HostileText text={row.source} />
          </span>
          <svg
            viewBox={`-4 0 ${WIDTH + 8} ${ROW_HEIGHT}`}
            preserveAspectRatio="none"
            role="img"
            aria-labelledby={`${titleId}-${at}`}
          >
            <title id={`${titleId}-${at}`}>{text}</title>
            <line className="timeline-axis" x1="0" x2={WIDTH} y1="21" y2="21" />
            {row.ticks.map((tick) => {
              const height = Math.min(TICK_HEIGHT_MAX, TICK_HEIGHT + 2 * (tick.count - 1));
              return (
                <rect
                  key={tick.at}
                  className="timeline-tick"
                  x={tick.at * WIDTH - 1.5}
                  y={ROW_HEIGHT - 1 - height}
                  width="3"
                  height={height}
                />
              );
            })}
          </svg>
        </div>
      ))}
      <div className="timeline-ends" aria-hidden="true">
        <time>{formats.moment(firstEventAt)}</time>
        {lastEventAt - firstEventAt >= TIMELINE_SPAN_MS_MIN && (
          <>
            <span>{formats.span(lastEventAt - firstEventAt)}</span>
            <time>{formats.moment(lastEventAt)}</time>
          </>
        )}
      </div>
      <figcaption className="muted small">
        {text}
        {evidence.length < finding.signalCount &&
          ` ${messages.finding.timelineShown(evidence.length, finding.signalCount)}`}
      </figcaption>
    </figure>
  );
}
