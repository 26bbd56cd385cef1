// The answers of the API as the console uses them: types only, made from the API's own schemas.
import type { z } from "zod";
import type { bulkJobAnswer, bulkPreviewAnswer, bulkPreviewBody } from "../../api/bulk-schemas.ts";
import type { anomalyDriftList } from "../../api/drift-schemas.ts";
import type { findingContextAnswer } from "../../api/finding-context-schemas.ts";
import type { commentPage } from "../../api/incident-schemas.ts";
import type { comparisonAnswer, modelList } from "../../api/model-schemas.ts";
import type { groupingList, proposalAnswer, QueueAnswer } from "../../api/proposal-schemas.ts";

export type { SessionAnswer as Session } from "../../api/account-schemas.ts";
export type { AnnotationAnswer } from "../../api/annotation-schemas.ts";
export type { AnomalyDays } from "../../api/anomaly-schemas.ts";
export type { BacktestBody, BacktestJob, BacktestList } from "../../api/backtest-schemas.ts";
export type { DecidedAnswer, QueueAnswer } from "../../api/proposal-schemas.ts";
export type { ReloadAnswer } from "../../api/reload-schema.ts";
export type {
  EventPage,
  FindingHistory as History,
  FindingPage,
  FindingRow,
  FindingSummary as Summary,
  RulesAnswer,
  StatusAnswer,
  VersionedFinding,
} from "../../api/schemas.ts";
export type {
  FindingRisk,
  SilenceAnswer,
  SilenceList,
  SilencePreview,
} from "../../api/silence-schemas.ts";
export type { SourceAnswer, SourcesAnswer } from "../../api/source-schemas.ts";

export type BulkPreviewBody = z.input<typeof bulkPreviewBody>;
export type BulkPreview = z.infer<typeof bulkPreviewAnswer>;
export type BulkJob = z.infer<typeof bulkJobAnswer>;
export type CommentPage = z.infer<typeof commentPage>;
export type DriftList = z.infer<typeof anomalyDriftList>;
export type FindingContext = z.infer<typeof findingContextAnswer>;
export type GroupingList = z.infer<typeof groupingList>;
export type ModelComparisonAnswer = z.infer<typeof comparisonAnswer>;
export type ModelList = z.infer<typeof modelList>;
export type ProposalAnswer = z.infer<typeof proposalAnswer>;
export type ProposalRow = Extract<
  QueueAnswer["items"][number],
  { readonly type: "proposal" }
>["proposal"];
