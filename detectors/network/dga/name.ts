// Takes a name of the DNS apart: the label that somebody chose, and what he chose it under. Names come from
// outside, so that they are cut and folded here, once.

/** Longest name of the DNS (RFC 1035), and its longest label. */
const NAME_CHARS_MAX = 253;
const LABEL_CHARS_MAX = 63;

export interface DomainName {
  /** The longest label that is no top-level domain. */
  readonly label: string;
  /** What follows it: `com`, `co.uk`, `example.org`. */
  readonly suffix: string;
  readonly topLevel: string;
  /** Number of labels. */
  readonly labels: number;
}

/** Of a text that is longer than names can be, the end is looked at. */
export function parseName(text: string): DomainName {
  const name = text.slice(-NAME_CHARS_MAX).toLowerCase();
  const labels = name.split(".").filter((label) => label !== "");
  const last = labels.length - 1;
  let longest = 0;
  for (let index = 1; index < last; index += 1)
    if ((labels[index]?.length ?? 0) >= (labels[longest]?.length ?? 0)) longest = index;
  return {
    label: (labels[longest] ?? "").slice(0, LABEL_CHARS_MAX),
    suffix: labels.slice(longest + 1).join("."),
    topLevel: last > 0 ? (labels[last] ?? "") : "",
    labels: labels.length,
  };
}
