// A change of many findings as somebody is putting it together, and what the server gets of it.
import type { BulkPreviewBody } from "../api/contract.ts";
import type { FalsePositiveReason, Verdict } from "./key-map.ts";

type Change = BulkPreviewBody["change"];

export const BULK_KINDS = ["verdict", "status", "assign", "unassign", "tags"] as const;
type BulkKind = (typeof BULK_KINDS)[number];
export const SETTABLE_STATUS = ["in_progress", "new"] as const;

export interface BulkDraft {
  readonly kind: BulkKind;
  readonly verdict: Verdict;
  /** Empty: not chosen yet. */
  readonly reason: FalsePositiveReason | "";
  readonly comment: string;
  readonly status: (typeof SETTABLE_STATUS)[number];
  /** Tags separated by commas. */
  readonly add: string;
  readonly remove: string;
}

/** A draft that judges. */
export function bulkDraft(part: Partial<BulkDraft> = {}): BulkDraft {
  return {
    ...{ kind: "verdict", verdict: "true_positive", reason: "", comment: "" },
    ...{ status: "in_progress", add: "", remove: "" },
    ...part,
  };
}

/**
 * The change; undefined while something is missing that it needs.
 * @param self the reader's own account id
 */
export function bulkChange(draft: BulkDraft, self: string): Change | undefined {
  switch (draft.kind) {
    case "verdict":
      return verdictChange(draft);
    case "status":
      return { type: "status", status: draft.status };
    case "assign":
      return { type: "assign", assignee: self };
    case "unassign":
      return { type: "assign", assignee: null };
    case "tags": {
      const [add, remove] = [tagsOf(draft.add), tagsOf(draft.remove)];
      return add.length + remove.length === 0 ? undefined : { type: "tags", add, remove };
    }
  }
}

function verdictChange({ verdict, reason, comment }: BulkDraft): Change | undefined {
  if (verdict === "false_positive")
    return reason === "" ? undefined : { type: "verdict", verdict, reason };
  if (verdict !== "undetermined") return { type: "verdict", verdict };
  const sentence = comment.trim();
  return sentence === "" ? undefined : { type: "verdict", verdict, comment: sentence };
}

/** `a, b,,a` → `a`, `b`. */
export function tagsOf(text: string): string[] {
  const tags = text.split(",").map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ""))];
}
