// A page: what happened, where, since when, how sure, what to do first, and where to answer. Facts only, as
// plain text; each channel writes them in its own markup. It holds no identity in clear and no secret.
import type { Priority } from "../../config/paging.ts";

export interface Page {
  readonly kind: "finding" | "digest" | "test" | "watchdog";
  readonly language: "de" | "en";
  readonly tenant: string;
  /** The administration's name. */
  readonly tenantName: string;
  readonly priority: Priority;
  /** As it is printed, `TLP:AMBER`. Whoever makes the page has left out what must not leave the house. */
  readonly tlp: string | undefined;
  /** One line: priority and what happened. */
  readonly title: string;
  /** In the order in which they are read; values are plain text without control or direction characters. */
  readonly facts: readonly PageFact[];
  /** What to do first, at most three. */
  readonly advice: readonly string[];
  /** Further findings that this page tells of, as one line each; at most ten, then how many more. */
  readonly more: readonly string[];
  /** The finding in the console. */
  readonly link: string | undefined;
  /** Pages that ask before they act. */
  readonly acknowledgeLink: string | undefined;
  readonly declineLink: string | undefined;
  /** Six characters to answer with by SMS or Matrix; undefined where no answer is awaited. */
  readonly code: string | undefined;
  /** When the finding was raised, ms UTC. */
  readonly raisedAt: number;
  /** Why it comes again, or later than it should; undefined for a first page. */
  readonly notice: string | undefined;
}

/** `key` is stable, `label` is in the page's language. */
export interface PageFact {
  readonly key: "what" | "where" | "since" | "confidence" | "score" | "technique" | "source";
  readonly label: string;
  readonly value: string;
}
