// How a finding's status and verdict change by a human's hand: pure, from one state to the next. A verdict
// that is replaced, taken back or overtaken by re-opening stays in the finding's history.
import type { Finding } from "../store/finding.ts";
import { ApiFault } from "./faults.ts";
import type { StatusBody, VerdictBody } from "./schemas.ts";

/**
 * Judges and closes a finding.
 * @param at ms UTC
 * @param by opaque account id
 * @throws ApiFault HW_REQUEST_INVALID when reason or comment do not go with the verdict
 */
export function judge(finding: Finding, body: VerdictBody, at: number, by: string): Finding {
  const { verdict, reason, comment } = body;
  if (verdict === "false_positive" && reason === undefined) {
    throw new ApiFault("HW_REQUEST_INVALID", { place: "body/reason", text: (m) => m.reasonNeeded });
  }
  if (verdict !== "false_positive" && reason !== undefined) {
    throw new ApiFault("HW_REQUEST_INVALID", { place: "body/reason", text: (m) => m.reasonUnfit });
  }
  if (verdict === "undetermined" && (comment === undefined || comment === "")) {
    throw new ApiFault("HW_REQUEST_INVALID", {
      place: "body/comment",
      text: (m) => m.commentNeeded,
    });
  }
  return {
    ...withoutVerdict(finding),
    status: "closed",
    verdict: {
      verdict,
      at,
      by,
      ...(reason === undefined ? {} : { reason }),
      ...(comment === undefined || comment === "" ? {} : { comment }),
    },
  };
}

/** Starts work, lays a finding back, or re-opens a closed one. */
export function setStatus(finding: Finding, status: StatusBody["status"]): Finding {
  return { ...withoutVerdict(finding), status };
}

/**
 * Takes the verdict back; the finding is in work again, because somebody is looking at it.
 * @throws ApiFault HW_CONFLICT when there is none
 */
export function undoVerdict(finding: Finding): Finding {
  if (finding.verdict === undefined) {
    throw new ApiFault("HW_CONFLICT", { text: (m) => m.noVerdict });
  }
  return { ...withoutVerdict(finding), status: "in_progress" };
}

function withoutVerdict(finding: Finding): Finding {
  const { verdict, ...rest } = finding;
  if (verdict === undefined) return rest;
  return { ...rest, verdictHistory: [...finding.verdictHistory, verdict] };
}
