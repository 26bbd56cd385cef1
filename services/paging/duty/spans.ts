// Spans of time and what is done with them: cut, join, take away, lay one over the other. All are half-open
// [from, until) in ms UTC, in order and without overlap, so that every step is one walk over them.

export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The parts of spans that lie within others. */
export function within<S extends Span>(spans: readonly S[], limits: readonly Span[]): S[] {
  const found: S[] = [];
  let first = 0;
  for (const span of spans) {
    while ((limits[first]?.until ?? Infinity) <= span.from) first += 1;
    for (let at = first; at < limits.length; at += 1) {
      const limit = limits[at];
      if (limit === undefined || limit.from >= span.until) break;
      found.push({
        ...span,
        from: Math.max(span.from, limit.from),
        until: Math.min(span.until, limit.until),
      });
    }
  }
  return found;
}

/** The parts of spans that lie outside of others. */
export function outside<S extends Span>(spans: readonly S[], others: readonly Span[]): S[] {
  return within(spans, gapsBetween(others));
}

/** What lies between spans, before the first and after the last of them. */
function gapsBetween(spans: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let from = -Infinity;
  for (const span of spans) {
    if (from < span.from) gaps.push({ from, until: span.from });
    from = span.until;
  }
  if (from < Infinity) gaps.push({ from, until: Infinity });
  return gaps;
}

/** One list of two, in which the upper one hides what lies below it. */
export function painted<S extends Span>(below: readonly S[], above: readonly S[]): S[] {
  return [...outside(below, above), ...above].sort((left, right) => left.from - right.from);
}

/** Spans in any order, joined where they touch or overlap. */
export function joined(spans: readonly Span[]): Span[] {
  const found: { from: number; until: number }[] = [];
  for (const { from, until } of spans.toSorted((left, right) => left.from - right.from)) {
    if (from >= until) continue;
    const last = found.at(-1);
    if (last !== undefined && from <= last.until) last.until = Math.max(last.until, until);
    else found.push({ from, until });
  }
  return found;
}
