// Whether a value brings markup that acts where somebody looks at it: scripts and event handlers, pictures
// and links that carry data away, formulas that a spreadsheet would compute.

const ACTIVE_HTML =
  /<\s{0,4}(?:script|iframe|object|embed|base|meta\s{1,4}http-equiv)[\s/>]|<\s{0,4}[a-z][a-z0-9-]{0,20}[\s/][^<>]{0,300}\bon[a-z]{3,20}\s{0,4}=|["'`]\s{0,4}on(?:error|load|click|focus|mouseover|pointerover|toggle|animationstart)\s{0,4}=|\bjavascript\s{0,4}:\s{0,4}[^\s]|\bdata\s{0,4}:\s{0,4}text\/html/i;
// Only markup that fetches by itself or carries text along: a plain link is what pages are full of.
const MARKDOWN_IMAGE = /!\[[^\]\n]{0,200}\]\(\s{0,4}(?:https?:)?\/\/[^)\s]{1,500}/i;
const LINKS_MAX = 20;
const LINK_CHARACTERS_MAX = 500;
const FORMULA =
  /^\s{0,4}["']?[=+\-@]\s{0,4}(?:(?:hyperlink|webservice|importxml|importdata|importhtml|importrange|image|dde|exec|call|register|rtd|filterxml|sum|cmd)\s{0,4}\(|cmd\s{0,4}\||(?:msexcel|rundll32|powershell|mshta|certutil)\s{0,4}\|)/i;
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/;

/** Kinds of markup, as evidence names them. */
type MarkupKind =
  | "script"
  | "picture that fetches"
  | "link with data"
  | "formula"
  | "text direction";

/** What a value brings, and where it begins. */
export function markupIn(
  text: string,
): { readonly kind: MarkupKind; readonly at: number } | undefined {
  const tries: readonly (readonly [MarkupKind, (text: string) => number])[] = [
    ["script", (one) => one.search(ACTIVE_HTML)],
    ["picture that fetches", (one) => one.search(MARKDOWN_IMAGE)],
    ["link with data", linkWithDataAt],
    ["formula", (one) => one.search(FORMULA)],
  ];
  for (const [kind, find] of tries) {
    const at = find(text);
    if (at !== -1) return { kind, at };
  }
  return undefined;
}

/** `[text](https://host/?key=value)`: found by its middle, so that it costs what the text is long. */
function linkWithDataAt(text: string): number {
  let at = text.indexOf("](");
  for (let tried = 0; at !== -1 && tried < LINKS_MAX; tried += 1) {
    const target = text.slice(at + 2, at + 2 + LINK_CHARACTERS_MAX).split(/[)\s]/, 1)[0] ?? "";
    if (/^(?:https?:)?\/\//i.test(target) && /[?#&]/.test(target) && target.includes("=")) {
      return Math.max(0, text.lastIndexOf("[", at));
    }
    at = text.indexOf("](", at + 2);
  }
  return -1;
}

/** Characters that turn the direction of writing, in a name that is shown as one line. */
export function directionAt(text: string): number {
  return text.search(DIRECTION);
}
