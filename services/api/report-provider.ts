// What the API needs of the report; the wiring hands it over, for stages don't import each other.
import type { PublishedReport } from "../store/report.ts";
import type { AuditInput } from "../store/store.ts";
import type { ReportFileExtract, ReportFileForm, Verification } from "./report-schemas.ts";

/** A published report by its place in the chain, or a draft of a period. */
export type ReportReference = { readonly sequence: number } | { readonly period: string };

interface MadeFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** Reports of one tenant. */
export interface ReportProvider {
  /** Newest first. */
  readonly list: (tenant: string) => Promise<readonly PublishedReport[]>;
  /**
   * @throws AppError HW_REQUEST_INVALID while the period runs or for what is none, HW_EXISTS where nothing has
   * changed, HW_BUSY while as many are made as may
   */
  readonly publish: (
    tenant: string,
    period: string,
    by: Pick<AuditInput, "at" | "actor">,
  ) => Promise<PublishedReport>;
  /**
   * All data, or those of one section by its number.
   * @throws AppError HW_NOT_FOUND, HW_REQUEST_INVALID, HW_BUSY, HW_STORE_CORRUPT
   */
  readonly data: (
    tenant: string,
    report: ReportReference,
    section: string | undefined,
  ) => Promise<unknown>;
  /** @throws as `data`, and HW_NOT_FOUND for a table that is not there */
  readonly file: (
    tenant: string,
    report: ReportReference,
    asked: {
      readonly form: ReportFileForm;
      readonly extract: ReportFileExtract;
      readonly table?: string | undefined;
    },
  ) => Promise<MadeFile>;
  readonly verify: (tenant: string) => Promise<Verification["reports"]>;
}
