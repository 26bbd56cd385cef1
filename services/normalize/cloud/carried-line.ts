// Whether a text that a carrier brings is a log line of its own, or only a sentence of the application.
import { contentOf } from "../generic/syslog.ts";

/** Texts of products that have formats of their own: JSON, XML, a syslog header, CEF, LEEF, audit records. */
export function isCarriedLine(text: string): boolean {
  const first = text[0];
  if (first === "{" || first === "<") return true;
  if (/^(?:CEF|LEEF):\d|^type=[A-Z_]{1,40} msg=audit\(|^date=\d{4}-\d\d-\d\d time=/.test(text)) {
    return true;
  }
  return contentOf(text) !== undefined;
}
