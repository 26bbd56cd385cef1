// Objects that only wrap a list of records: CloudTrail's and Azure's files (`Records`, `records`),
// Kubernetes' EventList (`items`), pages of Microsoft Graph (`value`). What stands before the list says
// nothing of a record: known names only, so that no record with a list in it is taken apart.

/** A lead is recognised within so many bytes. */
export const LEAD_BYTES_MAX = 4096;
/** So many bytes tell of most objects that they wrap nothing. */
export const LEAD_NAME_BYTES = 80;

const LEAD =
  /^\{\s*(?:"(?:kind|apiVersion|metadata|count|nextLink|@odata\.\w{1,40})"\s*:\s*(?:"[^"\\]{0,2000}"|\d{1,15}|null|\{[^{}]{0,1000}\})\s*,\s*){0,6}"(?:Records|records|items|value)"\s*:\s*\[(?=\s*[{\]])/;
const FIRST_NAME =
  /^\{\s*(?:$|"(?:(?:kind|apiVersion|metadata|count|nextLink|@odata\.\w{1,40}|Records|records|items|value)"|[\w@.]{0,48}$))/;

/** Whether an object's first bytes bear a name that a lead may have, as far as they go. */
export function beginsLikeLead(text: string): boolean {
  return FIRST_NAME.test(text);
}

/** Characters up to and with the `[` of the list; 0 where the object wraps none. */
export function leadLength(text: string): number {
  return LEAD.exec(text.slice(0, LEAD_BYTES_MAX))?.[0].length ?? 0;
}

/** Whether text that breaks off may still become a lead when more of it is there. */
export function mayBecomeLead(text: string): boolean {
  return text.length < LEAD_BYTES_MAX && FIRST_NAME.test(text) && isOpen(text);
}

function isOpen(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") {
      depth--;
      if (depth === 0) return false;
    }
  }
  return true;
}
