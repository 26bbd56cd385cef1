// Shows the place that a claim of the language model cites: opens the event, marks the field, gives it the
// focus.

/** @returns whether the event stands in the evidence on this page */
export function showCited(event: string, field: string): boolean {
  const events = [...document.querySelectorAll<HTMLElement>("[data-event]")];
  const place = events.find((one) => one.dataset.event === event);
  if (place === undefined) return false;
  const rows = [...place.querySelectorAll<HTMLElement>("[data-field]")];
  const target = rows.find((one) => one.dataset.field === field) ?? place;
  for (let at = target.closest("details"); at !== null; at = outerDetails(at)) at.open = true;
  for (const one of document.querySelectorAll(".cited")) one.classList.remove("cited");
  target.classList.add("cited");
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
  return true;
}

function outerDetails(details: HTMLDetailsElement): HTMLDetailsElement | null {
  return details.parentElement?.closest("details") ?? null;
}
