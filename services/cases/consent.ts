// Proposals and the consent to them, pure: who may agree, and what is written down of it.
import type { Consent, ConsentNeed } from "../store/consent.ts";
import { hasConsent } from "../store/consent.ts";
import { ProposalFault } from "./proposal-fault.ts";

const TRUE_POSITIVES_KEPT_MAX = 100;

/** Who acts. */
export interface Actor {
  /** ms UTC. */
  readonly at: number;
  /** Opaque id of the account or token, for the audit. */
  readonly actor: string;
  /** The account behind it: of a token, the one that made it. */
  readonly account: string;
  /** Whether a person is signed in, and not a program. */
  readonly isPerson: boolean;
}

/** What a preview says of the need for a second person. */
export interface Weighed {
  readonly truePositives: readonly string[];
  readonly isCritical: boolean;
  /** There may be true positives that nobody has looked at. */
  readonly isIncomplete: boolean;
}

/** Why a second person has to agree; empty: nobody needs to. */
export function consentNeeds({ truePositives, isCritical, isIncomplete }: Weighed): ConsentNeed[] {
  return [
    ...(truePositives.length > 0 ? (["true_positives"] as const) : []),
    ...(isCritical ? (["critical_detector"] as const) : []),
    ...(isIncomplete ? (["preview_truncated"] as const) : []),
  ];
}

/** The consent of what is proposed now. */
export function proposed(weighed: Weighed, by: Actor): Consent {
  return {
    proposedAt: by.at,
    proposedBy: by.account,
    needs: consentNeeds(weighed),
    truePositives: weighed.truePositives.slice(0, TRUE_POSITIVES_KEPT_MAX),
  };
}

/**
 * The consent after a second person agreed.
 * @throws ProposalFault HW_CONFLICT when none is waited for, HW_FORBIDDEN for the proposer and for programs
 */
export function agreed(consent: Consent, by: Actor): Consent {
  if (hasConsent(consent)) throw new ProposalFault("HW_CONFLICT", (m) => m.notWaiting);
  checkSecondPerson(consent.proposedBy, by);
  return { ...consent, agreedAt: by.at, agreedBy: by.account };
}

/** @throws ProposalFault HW_FORBIDDEN for the first person and for programs */
function checkSecondPerson(first: string, by: Actor): void {
  if (!by.isPerson) throw new ProposalFault("HW_FORBIDDEN", (m) => m.notPerson);
  if (by.account === first) throw new ProposalFault("HW_FORBIDDEN", (m) => m.samePerson);
}
