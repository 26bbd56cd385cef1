// The span of time that a list is narrowed to by a link, and the button that drops it.
import { useSpeech } from "../messages/language.tsx";
import type { AddressSpan } from "../model/address-span.ts";

interface SpanChipProps {
  readonly span: AddressSpan;
  readonly onDrop: () => void;
}

/** Nothing where the list is not narrowed. */
export function SpanChip({ span: { from, to }, onDrop }: SpanChipProps) {
  const { messages, formats } = useSpeech();
  const { until, since, between, drop } = messages.figures.span;
  if (from === undefined && to === undefined) return null;
  const begin = from === undefined ? "" : formats.moment(from);
  const end = to === undefined ? "" : formats.moment(to);
  const text =
    from === undefined ? until(end) : to === undefined ? since(begin) : between(begin, end);
  return (
    <button
      type="button"
      className="toggle"
      aria-label={`${text}: ${drop}`}
      title={drop}
      onClick={onDrop}
    >
      {text} <span aria-hidden="true">✕</span>
    </button>
  );
}
