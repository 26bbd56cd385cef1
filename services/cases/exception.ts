// Exceptions: made from a finding that was judged a false positive, previewed, agreed to by a second person
// where they would have hidden a true positive or concern a critical detector, withdrawn. Each change is
// written together with its audit entry.
import { randomUUID } from "node:crypto";
import type { Matcher } from "../../config/matcher.ts";
import { hasConsent } from "../store/consent.ts";
import { EXCEPTION_KIND, type Exception } from "../store/exception.ts";
import type { Finding } from "../store/finding.ts";
import { movesIn } from "../store/identity-moves.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import { compileMatchers } from "../store/matching.ts";
import type { Store, Versioned } from "../store/store.ts";
import { type AuditedChange, auditOf, changeAudited } from "./audited-change.ts";
import { type Actor, agreed, consentNeeds, proposed } from "./consent.ts";
import { type HiddenPreview, previewHidden, wasCritical, weigh } from "./hidden-preview.ts";
import { ProposalFault } from "./proposal-fault.ts";

const DAY_MS = 86_400_000;
/** What an exception lasts when nobody says otherwise. */
const EXCEPTION_DAYS = 90;
export const EXCEPTION_DAYS_MAX = 365;
/** How far back one may reach, to take out of the queue what is in it already. */
const BACKDATE_DAYS_MAX = 7;
/** They would make an exception about other rules, or about a whole one. */
const UNFIT_FIELDS: ReadonlySet<string> = new Set(["rule", "level"]);

export interface ExceptionAsk {
  /** The false positive that it is made from; its detector is the scope. */
  readonly finding: string;
  readonly matchers: readonly Matcher[];
  /** ms UTC; by default now. */
  readonly from?: number | undefined;
  readonly days?: number | undefined;
  readonly reason: string;
  /** Opaque account id; by default who proposes. */
  readonly owner?: string | undefined;
}

/** `active` hides, from when a second person has agreed where that is needed. */
export const EXCEPTION_STATES = ["proposed", "active", "expired", "withdrawn"] as const;
type ExceptionState = (typeof EXCEPTION_STATES)[number];

/** The state at a moment, ms UTC. */
export function exceptionState(exception: Exception, now: number): ExceptionState {
  if (exception.withdrawnAt !== undefined) return "withdrawn";
  if (now >= exception.until) return "expired";
  return hasConsent(exception.consent) ? "active" : "proposed";
}

/** A preview, with why a second person would have to agree. */
export type ExceptionPreview = HiddenPreview & {
  readonly needs: ReturnType<typeof consentNeeds>;
};

/**
 * What an exception would have hidden.
 * @throws ProposalFault HW_NOT_FOUND without the finding, HW_REQUEST_INVALID when the matchers don't fit it
 */
export async function previewException(
  store: Store,
  tenant: string,
  ask: Pick<ExceptionAsk, "finding" | "matchers" | "from">,
  now: number,
): Promise<ExceptionPreview> {
  const origin = await originOf(store, tenant, ask);
  const { preview, weighed } = await hiddenBy(store, tenant, origin, ask, now);
  return { ...preview, needs: consentNeeds(weighed) };
}

/**
 * Makes an exception; it is active at once when nobody else has to agree.
 * @throws ProposalFault HW_NOT_FOUND, HW_REQUEST_INVALID
 */
export async function proposeException(
  store: Store,
  tenant: string,
  ask: ExceptionAsk,
  by: Actor,
): Promise<Versioned<Exception>> {
  const origin = await originOf(store, tenant, ask);
  if (origin.verdict?.verdict !== "false_positive") {
    throw new ProposalFault("HW_REQUEST_INVALID", (m) => m.notFalsePositive, "body/finding");
  }
  const { from = by.at, days = EXCEPTION_DAYS, matchers, reason, owner = by.account } = ask;
  if (from < by.at - BACKDATE_DAYS_MAX * DAY_MS || from > by.at) {
    throw new ProposalFault(
      "HW_REQUEST_INVALID",
      (m) => m.beginUnfit(BACKDATE_DAYS_MAX, 0),
      "body/from",
    );
  }
  const { weighed } = await hiddenBy(store, tenant, origin, ask, by.at);
  const { id: detector, title } = origin.detector;
  const id = randomUUID();
  const exception: Exception = {
    ...{ id, tenant, detector, title, matchers: [...matchers], finding: origin.id },
    ...{ from, until: by.at + days * DAY_MS, reason, owner },
    consent: proposed(weighed, by),
  };
  const after = { ...exception, state: exceptionState(exception, by.at) };
  const audit = auditOf(by, "exception.propose", id, { after });
  return store.create(tenant, EXCEPTION_KIND, id, exception, audit);
}

/**
 * A second person agrees; from now on it hides, also what came since it was proposed.
 * @throws ProposalFault HW_NOT_FOUND, HW_CONFLICT, HW_FORBIDDEN; AppError HW_CONFLICT in a race
 */
export async function agreeToException(
  store: Store,
  tenant: string,
  id: string,
  by: Actor,
): Promise<Versioned<Exception>> {
  const next = (present: Exception): Exception => {
    if (exceptionState(present, by.at) !== "proposed") {
      throw new ProposalFault("HW_CONFLICT", (m) => m.notWaiting);
    }
    return { ...present, consent: agreed(present.consent, by) };
  };
  return change(store, tenant, id, by, { action: "exception.agree", next });
}

/**
 * As if it had never been made: what it hid comes back.
 * @throws ProposalFault HW_NOT_FOUND, HW_CONFLICT when it is withdrawn; AppError HW_CONFLICT in a race
 */
export async function withdrawException(
  store: Store,
  tenant: string,
  id: string,
  by: Actor & { readonly reason: string },
): Promise<Versioned<Exception>> {
  const next = (present: Exception): Exception => {
    if (present.withdrawnAt !== undefined) {
      throw new ProposalFault("HW_CONFLICT", (m) => m.isOver);
    }
    return { ...present, withdrawnAt: by.at, withdrawnBy: by.account };
  };
  const more = { reason: by.reason };
  return change(store, tenant, id, by, { action: "exception.withdraw", next, more });
}

/** Newest first. @returns at most `limit`, and whether there are more */
export async function listExceptions(store: Store, tenant: string, limit: number) {
  const page = await store.search(tenant, EXCEPTION_KIND, {
    sort: [{ field: "proposedAt", order: "desc" }],
    limit,
  });
  return {
    exceptions: page.hits.map(({ document }) => document),
    truncated: page.cursor !== undefined,
  };
}

async function originOf(
  store: Store,
  tenant: string,
  { finding, matchers }: Pick<ExceptionAsk, "finding" | "matchers">,
): Promise<Finding> {
  const origin = await store.get(tenant, FINDING_KIND, finding);
  if (origin === undefined) throw new ProposalFault("HW_NOT_FOUND");
  const unfit = matchers.find(({ field }) => UNFIT_FIELDS.has(field));
  if (unfit !== undefined) {
    throw new ProposalFault(
      "HW_REQUEST_INVALID",
      (m) => m.fieldUnfit(unfit.field),
      "body/matchers",
    );
  }
  const values = matchers.map(({ value }) => value);
  const fits = compileMatchers(matchers, await movesIn(store, tenant, values));
  if (!fits(origin.document)) {
    throw new ProposalFault("HW_REQUEST_INVALID", (m) => m.notFitting, "body/matchers");
  }
  return origin.document;
}

async function hiddenBy(
  store: Store,
  tenant: string,
  { detector }: Finding,
  { matchers, from }: Pick<ExceptionAsk, "matchers" | "from">,
  now: number,
) {
  const ask = { detector: detector.id, matchers, from: from ?? now, sparesGravest: false };
  const preview = await previewHidden(store, tenant, ask, now);
  const isCritical =
    detector.level === "critical" || (await wasCritical(store, tenant, detector.id, now));
  return { preview, weighed: weigh(preview, isCritical) };
}

function change(
  store: Store,
  tenant: string,
  id: string,
  by: Actor,
  act: Pick<AuditedChange<Exception>, "action" | "next" | "more">,
): Promise<Versioned<Exception>> {
  const said = (one: Exception) => ({ state: exceptionState(one, by.at), consent: one.consent });
  return changeAudited({ store, tenant, kind: EXCEPTION_KIND, id, by, said, ...act });
}
