// Which period is shown: its size, the one before and the one after. Everything is a link, so that a period
// can be kept, sent and gone back to.
import { Link } from "@tanstack/react-router";
import { periodWords } from "../../store/kpi-words.ts";
import { useSpeech } from "../messages/language.tsx";
import { neighbour, PERIOD_SIZES, resized, sizeOf } from "../model/period-choice.ts";

interface PickerProps {
  readonly period: string;
  /** The period has not ended: there is none after it. */
  readonly isLast: boolean;
  /** `2026-11` */
  readonly today: string;
}

export function PeriodPicker({ period, isLast, today }: PickerProps) {
  const { messages, language } = useSpeech();
  const texts = messages.figures.period;
  const [before, after] = [neighbour(period, -1), neighbour(period, 1)];
  return (
    <nav className="period-picker" aria-label={texts.label}>
      <ul className="period-sizes">
        {PERIOD_SIZES.map((size) => (
          <li key={size}>
            <Link
              to="/lage"
              search={{ zeitraum: resized(period, size, today) }}
              aria-current={sizeOf(period) === size ? "true" : undefined}
            >
              {texts.sizes[size]}
            </Link>
          </li>
        ))}
      </ul>
      <Link to="/lage" search={{ zeitraum: before }} className="period-step">
        <span aria-hidden="true">‹ </span>
        {periodWords({ name: before }, language)}
      </Link>
      {!isLast && (
        <Link to="/lage" search={{ zeitraum: after }} className="period-step">
          {periodWords({ name: after }, language)}
          <span aria-hidden="true"> ›</span>
        </Link>
      )}
    </nav>
  );
}
