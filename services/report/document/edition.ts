// Which edition of a report a document is: a draft, or what was published, with its place in the chain.
import type { PublishedReport } from "../../store/report.ts";
import type { ReportData } from "../report.ts";

const REPORT_EXTRACTS = ["full", "management", "works-council"] as const;
export type ReportExtract = (typeof REPORT_EXTRACTS)[number];

export interface Edition {
  /** Missing: a draft. */
  readonly published?: Pick<
    PublishedReport,
    "sequence" | "revision" | "publishedAt" | "previousHash" | "differences" | "differencesLeftOut"
  >;
  /** The authority, or the program where none is configured. */
  readonly author: string;
  readonly reference: string | undefined;
}

/** What the sections of a document are made of. */
export interface DocumentParts {
  readonly data: ReportData;
  readonly edition: Edition;
  /** `heidewacht report show 2026-Q4 --tenant kreis --section 6` and its like. */
  readonly command: (section: string) => string;
  /** `heidewacht kpi months --tenant kreis` and its like, of the words in between. */
  readonly tenantCommand: (words: string) => string;
  /** The short form of an incident's id, unambiguous in this report. */
  readonly shortOf: (incident: string) => string;
}
