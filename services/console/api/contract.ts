// The answers of the API as the console uses them: types only, made from the API's own schemas.
export type { SessionAnswer as Session } from "../../api/account-schemas.ts";
export type { BacktestBody, BacktestJob, BacktestList } from "../../api/backtest-schemas.ts";
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
