// A change of a finding that does not fit: a stable code, the place that is meant, and the rule that it
// breaks, for which the API has a sentence.
import { AppError } from "../../config/errors.ts";

export type FindingRule =
  | "reasonNeeded"
  | "reasonUnfit"
  | "commentNeeded"
  | "noVerdict"
  | "duplicateUnfit"
  | "duplicateSelf"
  | "duplicateMissing"
  | "assigneeUnknown"
  | "tagsMany"
  | "bulkEmpty"
  | "bulkMany"
  | "bulkGone"
  | "bulkStarted"
  | "bulkUndoOver";

/** Is thrown by the pure changes of findings and by bulk changes. */
export class FindingFault extends AppError {
  readonly rule: FindingRule;
  readonly findingCode: "HW_REQUEST_INVALID" | "HW_CONFLICT" | "HW_NOT_FOUND";

  constructor(code: FindingFault["findingCode"], rule: FindingRule, place?: string) {
    super(code, `${code}: ${rule}`, { place });
    this.name = "FindingFault";
    this.rule = rule;
    this.findingCode = code;
  }
}
