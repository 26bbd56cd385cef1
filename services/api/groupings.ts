// What people decide about grouping: findings taken out of a proposed incident, or joined into one. A
// decision is a document of its own, which grouping obeys from then on, until somebody takes it back.
import { randomUUID } from "node:crypto";
import { isAppError } from "../../config/errors.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import {
  GROUPING_KIND,
  type Grouping,
  PROPOSAL_FINDINGS_MAX,
  PROPOSAL_KIND,
} from "../store/proposal.ts";
import type { Versioned } from "../store/store.ts";
import type { ApiContext } from "./context.ts";
import { ApiFault } from "./faults.ts";
import type { Principal } from "./guard.ts";
import type { DecidedAnswer } from "./proposal-schemas.ts";

const DAY_MS = 86_400_000;
/** Between the first and the last of joined findings; grouping looks no farther. */
const SPAN_DAYS_MAX = 20;
const DECISIONS_ENDED_MAX = 100;

interface Asked {
  readonly reason?: string | undefined;
}

/**
 * Takes findings out of a proposed incident.
 * @throws ApiFault HW_NOT_FOUND; HW_REQUEST_INVALID where one is not in it, or none would be left
 */
export async function splitProposal(
  context: ApiContext,
  by: Principal,
  id: string,
  asked: Asked & { readonly findings: readonly string[] },
): Promise<DecidedAnswer> {
  const { tenant } = by;
  const taken = await readFindings(context, tenant, [...new Set(asked.findings)]);
  if (taken.some(({ proposal }) => proposal !== id))
    throw invalid("body/findings", "notInProposal");
  const members = await membersOf(context, tenant, id);
  const out = new Set(taken.map((finding) => finding.id));
  const others = members.filter((one) => !out.has(one.id)).map((one) => one.id);
  if (others.length === 0) throw invalid("body/findings", "nothingLeft");
  return decide(context, by, taken, {
    decision: "apart",
    others,
    proposals: [id],
    reason: asked.reason,
  });
}

/**
 * Joins proposed incidents and findings into one; decisions against it are taken back.
 * @throws ApiFault HW_NOT_FOUND; HW_REQUEST_INVALID where it would be too large or too long
 */
export async function mergeProposals(
  context: ApiContext,
  by: Principal,
  asked: Asked & { readonly proposals: readonly string[]; readonly findings: readonly string[] },
): Promise<DecidedAnswer> {
  const { tenant } = by;
  const proposals = [...new Set(asked.proposals)];
  const given = [...new Set(asked.findings)];
  if (proposals.length + given.length < 2) throw invalid("body", "mergeNeedsTwo");
  const joined = new Map<string, Finding>();
  for (const id of proposals) {
    for (const finding of await membersOf(context, tenant, id)) joined.set(finding.id, finding);
  }
  for (const finding of await readFindings(context, tenant, given)) joined.set(finding.id, finding);
  const findings = [...joined.values()];
  const times = findings.map(({ firstEventAt }) => firstEventAt);
  if (findings.length > PROPOSAL_FINDINGS_MAX) throw invalid("body", "mergeTooLarge");
  if (Math.max(...times) - Math.min(...times) > SPAN_DAYS_MAX * DAY_MS) {
    throw invalid("body", "mergeTooLong");
  }
  for (const one of await decisionsAgainst(context, tenant, new Set(joined.keys()))) {
    await endOne(context, by, one);
  }
  return decide(context, by, findings, {
    decision: "together",
    others: [],
    proposals,
    reason: asked.reason,
  });
}

/**
 * Takes a decision back.
 * @throws ApiFault HW_NOT_FOUND; HW_CONFLICT with its present state
 */
export async function endGrouping(
  context: ApiContext,
  by: Principal,
  id: string,
  version: number,
): Promise<DecidedAnswer> {
  const present = await context.store.get(by.tenant, GROUPING_KIND, id);
  if (present === undefined) throw new ApiFault("HW_NOT_FOUND");
  if (present.version !== version || present.document.endedAt !== undefined) {
    throw conflict(present);
  }
  return answer(context, by.tenant, await endOne(context, by, present));
}

async function decide(
  context: ApiContext,
  by: Principal,
  findings: readonly Finding[],
  decided: Pick<Grouping, "decision" | "others" | "proposals"> & Asked,
): Promise<DecidedAnswer> {
  const { store, clock } = context;
  const { tenant, actor } = by;
  const { reason, ...rest } = decided;
  const grouping: Grouping = {
    id: randomUUID(),
    tenant,
    ...rest,
    findings: findings.map(({ id, firstEventAt }) => ({ id, at: firstEventAt })),
    ...(reason === undefined ? {} : { reason }),
    createdAt: clock(),
    createdBy: actor,
  };
  const { decision, proposals, others } = grouping;
  const made = await store.create(tenant, GROUPING_KIND, grouping.id, grouping, {
    at: grouping.createdAt,
    actor,
    action: decision === "apart" ? "proposal.split" : "proposal.merge",
    subject: grouping.id,
    payload: {
      proposals,
      findings: grouping.findings.map(({ id }) => id),
      others: others.length,
      ...(reason === undefined ? {} : { reason }),
    },
  });
  return answer(context, tenant, made);
}

async function answer(
  context: ApiContext,
  tenant: string,
  { version, document }: Versioned<Grouping>,
): Promise<DecidedAnswer> {
  await context.triage.regroup(
    tenant,
    document.findings.map(({ at }) => at),
  );
  const ids = document.findings.map(({ id }) => id);
  const findings = await readFindings(context, tenant, ids);
  const proposals = [...new Set(findings.flatMap(({ proposal }) => proposal ?? []))];
  return { version, grouping: document, proposals };
}

async function endOne(
  { store, clock }: ApiContext,
  { tenant, actor }: Principal,
  { id, document, version }: Versioned<Grouping>,
): Promise<Versioned<Grouping>> {
  const endedAt = clock();
  const ended = { ...document, endedAt, endedBy: actor };
  const audit = {
    at: endedAt,
    actor,
    action: "proposal.regroup",
    subject: id,
    payload: { decision: document.decision, before: { inForce: true }, after: { inForce: false } },
  };
  try {
    return await store.replace(tenant, GROUPING_KIND, id, ended, version, audit);
  } catch (error) {
    const now = await store.get(tenant, GROUPING_KIND, id);
    if (!isAppError(error, "HW_CONFLICT") || now === undefined) throw error;
    throw conflict(now);
  }
}

/** Decisions in force that keep two of these findings apart. */
async function decisionsAgainst(
  { store }: ApiContext,
  tenant: string,
  joined: ReadonlySet<string>,
): Promise<readonly Versioned<Grouping>[]> {
  const page = await store.search(tenant, GROUPING_KIND, {
    terms: { inForce: [true], finding: [...joined] },
    sort: [{ field: "createdAt", order: "desc" }],
    limit: DECISIONS_ENDED_MAX,
  });
  return page.hits.filter(
    ({ document }) =>
      document.decision === "apart" && document.others.some((other) => joined.has(other)),
  );
}

async function membersOf(
  { store }: ApiContext,
  tenant: string,
  id: string,
): Promise<readonly Finding[]> {
  const proposal = await store.get(tenant, PROPOSAL_KIND, id);
  if (proposal === undefined) throw new ApiFault("HW_NOT_FOUND");
  const page = await store.search(tenant, FINDING_KIND, {
    terms: { proposal: [id] },
    sort: [{ field: "score", order: "desc" }],
    limit: PROPOSAL_FINDINGS_MAX + 1,
  });
  return page.hits.map((hit) => hit.document);
}

/** @throws ApiFault HW_NOT_FOUND when one is missing */
async function readFindings(
  { store }: ApiContext,
  tenant: string,
  ids: readonly string[],
): Promise<Finding[]> {
  const found = await Promise.all(ids.map((id) => store.get(tenant, FINDING_KIND, id)));
  return found.map((one) => {
    if (one === undefined) throw new ApiFault("HW_NOT_FOUND");
    return one.document;
  });
}

function conflict({ version, document }: Versioned<Grouping>): ApiFault {
  return new ApiFault("HW_CONFLICT", { details: { version, grouping: document } });
}

type Refusal = "notInProposal" | "nothingLeft" | "mergeNeedsTwo" | "mergeTooLarge" | "mergeTooLong";

function invalid(place: string, refusal: Refusal): ApiFault {
  return new ApiFault("HW_REQUEST_INVALID", { place, text: (m) => m.grouping[refusal] });
}
