// How a finding changes by a human's hand: pure, from one state to the next. A verdict that is replaced,
// taken back or overtaken by re-opening stays in the finding's history.
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { Finding, verdictSchema } from "../store/finding.ts";
import type { AuditInput } from "../store/store.ts";
import type { tlpSchema } from "../store/tlp.ts";
import { FindingFault } from "./finding-fault.ts";

const TAGS_MAX = 50;
const WATCHERS_MAX = 200;

type Verdict = z.infer<typeof verdictSchema>;

/** Who changes a finding, and when. */
export interface ChangedBy {
  /** ms UTC. */
  readonly at: number;
  /** Opaque account id. */
  readonly actor: string;
}

/** A verdict as somebody gives it. */
export type Judgement = {
  readonly [Key in "verdict" | "reason" | "comment" | "duplicateOf"]?: Verdict[Key] | undefined;
} & Pick<Verdict, "verdict">;

/**
 * Judges and closes a finding.
 * @throws FindingFault HW_REQUEST_INVALID when reason, comment or duplicate do not go with the verdict
 */
export function judge(finding: Finding, given: Judgement, by: ChangedBy): Finding {
  checkJudgement(given);
  const { verdict, reason, comment, duplicateOf } = given;
  if (duplicateOf === finding.id) throw unfit("duplicateSelf", "duplicateOf");
  return {
    ...withoutVerdict(finding),
    status: "closed",
    verdict: {
      ...{ verdict, at: by.at, by: by.actor },
      ...(reason === undefined ? {} : { reason }),
      ...(comment === undefined || comment === "" ? {} : { comment }),
      ...(duplicateOf === undefined ? {} : { duplicateOf }),
    },
  };
}

/** @throws FindingFault HW_REQUEST_INVALID */
export function checkJudgement({ verdict, reason, comment, duplicateOf }: Judgement): void {
  if (verdict === "false_positive" && reason === undefined) throw unfit("reasonNeeded", "reason");
  if (verdict !== "false_positive" && reason !== undefined) throw unfit("reasonUnfit", "reason");
  if (verdict === "undetermined" && (comment === undefined || comment === ""))
    throw unfit("commentNeeded", "comment");
  if (verdict !== "duplicate" && duplicateOf !== undefined)
    throw unfit("duplicateUnfit", "duplicateOf");
}

/** Starts work, lays a finding back, or re-opens a closed one. */
export function setStatus(
  finding: Finding,
  status: "new" | "in_progress",
  by: Pick<ChangedBy, "at">,
): Finding {
  const next = { ...withoutVerdict(finding), status };
  // The first time stays, however often it is laid back.
  if (status === "new" || next.takenUpAt !== undefined) return next;
  return { ...next, takenUpAt: by.at };
}

/**
 * Takes the verdict back; the finding is in work again, because somebody is looking at it.
 * @throws FindingFault HW_CONFLICT when there is none
 */
export function undoVerdict(finding: Finding): Finding {
  if (finding.verdict === undefined) throw new FindingFault("HW_CONFLICT", "noVerdict");
  return { ...withoutVerdict(finding), status: "in_progress" };
}

/** @param assignee opaque account id; null: nobody */
export function assign(finding: Finding, assignee: string | null): Finding {
  const { assignee: _before, ...rest } = finding;
  return assignee === null ? rest : { ...rest, assignee };
}

/**
 * Adds tags and takes others away; they are kept sorted.
 * @throws FindingFault HW_REQUEST_INVALID when there are too many
 */
export function changeTags(
  finding: Finding,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Finding {
  const { tags: before = [], ...rest } = finding;
  const tags = [...new Set([...before.filter((tag) => !remove.includes(tag)), ...add])].sort();
  if (tags.length > TAGS_MAX) throw unfit("tagsMany", "add");
  return tags.length === 0 ? rest : { ...rest, tags };
}

/** Whether this account is told of changes of the finding. */
export function watch(finding: Finding, account: string, isWatching: boolean): Finding {
  const { watchers: before = [], ...rest } = finding;
  const others = before.filter((one) => one !== account).slice(-(WATCHERS_MAX - 1));
  const watchers = isWatching ? [...others, account].sort() : others;
  return watchers.length === 0 ? rest : { ...rest, watchers };
}

/** @param tlp null: not marked */
export function setTlp(finding: Finding, tlp: z.infer<typeof tlpSchema> | null): Finding {
  const { tlp: _before, ...rest } = finding;
  return tlp === null ? rest : { ...rest, tlp };
}

/** What people change of a finding. */
const CHANGED = ["verdict", "assignee", "watchers", "tags", "tlp"] as const;

/** The entry about a change: status, and what else differs, before and after. */
export function findingEntry(
  before: Finding,
  after: Finding,
  by: ChangedBy & { readonly action: string; readonly more?: AuditInput["payload"] },
): AuditInput {
  const { at, actor, action, more } = by;
  const fields = CHANGED.filter((field) => !isDeepStrictEqual(before[field], after[field]));
  const said = (finding: Finding): Record<string, unknown> => {
    const parts: Record<string, unknown> = { status: finding.status };
    for (const field of fields) if (finding[field] !== undefined) parts[field] = finding[field];
    return parts;
  };
  const payload = { before: said(before), after: said(after), ...more };
  return { at, actor, action, subject: after.id, payload };
}

function withoutVerdict(finding: Finding): Finding {
  const { verdict, ...rest } = finding;
  if (verdict === undefined) return rest;
  return { ...rest, verdictHistory: [...finding.verdictHistory, verdict] };
}

function unfit(rule: FindingFault["rule"], field: string): FindingFault {
  return new FindingFault("HW_REQUEST_INVALID", rule, `body/${field}`);
}
