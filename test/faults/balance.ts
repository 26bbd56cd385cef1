// What is left when everything is quiet again, against what was acknowledged and against an undisturbed run of
// the same records: what is missing, what is there twice, what is different.
import { FINDING_KIND } from "../../services/store/kinds.ts";
import type { AuditEntry, Store } from "../../services/store/store.ts";
import type { Outcome } from "../support/outcome.ts";
import type { Acknowledged } from "./analyst.ts";
import { isSameButNames } from "./same-but-names.ts";

const AUDIT_PAGE = 1000;

/** Ids of what is wrong; all empty when nothing is. */
export interface Balance {
  readonly events: { readonly lost: readonly string[]; readonly twice: readonly string[] };
  readonly findings: {
    readonly lost: readonly string[];
    /** Signals counted more than once, and findings that there should not be. */
    readonly twice: readonly string[];
    readonly different: readonly string[];
  };
  readonly verdicts: {
    /** Not in the finding, or not in the audit chain. */
    readonly lost: readonly string[];
    readonly twice: readonly string[];
    /** In a finding without an entry in the audit chain; nobody was told that they are there. */
    readonly unaudited: readonly string[];
  };
  /** Evidence that the archive does not have, and where the audit chain is broken. */
  readonly broken: readonly string[];
}

/** @param expected ids of all records that were acknowledged */
export function balanceOfEvents(expected: Iterable<string>, outcome: Outcome): Balance["events"] {
  const { archived, deadLetters } = outcome;
  const lost = [...expected].filter((id) => !archived.has(id) && !deadLetters.has(id));
  const twice = [...archived].filter(([id, times]) => times > 1 && !deadLetters.has(id));
  return { lost, twice: twice.map(([id]) => id) };
}

export function balanceOfFindings(disturbed: Outcome, reference: Outcome): Balance["findings"] {
  const lost: string[] = [];
  const twice: string[] = [];
  const different: string[] = [];
  for (const [id, wanted] of reference.findings) {
    const found = disturbed.findings.get(id);
    if (found === undefined || found.signalCount < wanted.signalCount) lost.push(id);
    else if (found.signalCount > wanted.signalCount) twice.push(id);
    else if (!isSameButNames(unjudged(found), unjudged(wanted))) different.push(id);
  }
  for (const id of disturbed.findings.keys()) if (!reference.findings.has(id)) twice.push(id);
  return { lost, twice, different };
}

type StableFinding = Outcome["findings"] extends ReadonlyMap<string, infer Value> ? Value : never;

/** Without what an analyst did with it and what came after that, and without what verdicts say of its rule. */
export function unjudged(finding: StableFinding) {
  const { status, verdict, verdictHistory, score, lateSignalAt, ...rest } = finding;
  const scoreParts = finding.scoreParts.filter(({ key }) => key !== "confidence");
  // Its second line tells how the rule was judged here.
  const [whatHappened] = finding.summary.split("\n");
  return { ...rest, scoreParts, summary: whatHappened };
}

export async function balanceOfVerdicts(
  acknowledged: readonly Acknowledged[],
  store: Store,
  tenant: string,
): Promise<Balance["verdicts"]> {
  const audited = await auditedComments(store, tenant);
  const judged = await judgedComments(acknowledged, store, tenant);
  const count = (list: readonly string[] | undefined, comment: string) =>
    list?.filter((one) => one === comment).length ?? 0;
  const lost: string[] = [];
  const twice: string[] = [];
  for (const { finding, comment } of acknowledged) {
    const times = [count(judged.get(finding), comment), count(audited.get(finding), comment)];
    if (times.includes(0)) lost.push(`${finding} ${comment} (${times.join(", ")})`);
    if (times.some((one) => one > 1)) twice.push(`${finding} ${comment} (${times.join(", ")})`);
  }
  const unaudited = [...judged].flatMap(([finding, comments]) =>
    comments
      .filter((comment) => count(audited.get(finding), comment) === 0)
      .map((comment) => `${finding} ${comment}`),
  );
  return { lost, twice, unaudited };
}

async function judgedComments(
  acknowledged: readonly Acknowledged[],
  store: Store,
  tenant: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const id of new Set(acknowledged.map(({ finding }) => finding))) {
    const document = (await store.get(tenant, FINDING_KIND, id))?.document;
    const all = [...(document?.verdictHistory ?? []), document?.verdict];
    found.set(
      id,
      all.flatMap((one) => one?.comment ?? []),
    );
  }
  return found;
}

async function auditedComments(
  store: Store,
  tenant: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  let page: readonly AuditEntry[];
  let next = 1;
  do {
    page = await store.readAudit(tenant, next, AUDIT_PAGE);
    for (const { action, subject, payload } of page) {
      if (action !== "finding.verdict") continue;
      const comments = found.get(subject) ?? [];
      comments.push(commentOf(payload?.after) ?? "");
      found.set(subject, comments);
    }
    next = (page.at(-1)?.sequence ?? next) + 1;
  } while (page.length > 0);
  return found;
}

function commentOf(after: unknown): string | undefined {
  if (typeof after !== "object" || after === null || !("verdict" in after)) return undefined;
  const { verdict } = after;
  if (typeof verdict !== "object" || verdict === null || !("comment" in verdict)) return undefined;
  return String(verdict.comment);
}
