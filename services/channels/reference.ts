// What a peer calls a page that it took, out of its answer in JSON.
const REFERENCE = /^[\w$!:.@=+/-]{1,200}$/;

/** Undefined where the answer holds none: a peer that took the page need not say more. */
export function referenceIn(text: string, field: string): string | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof answer !== "object" || answer === null) return undefined;
  const value = Object.entries(answer).find(([name]) => name === field)?.[1];
  return typeof value === "string" && REFERENCE.test(value) ? value : undefined;
}
