// The only way out of detection: identities (account and personal names, mail addresses, SIDs) become
// keyed pseudonyms per tenant, everywhere in a document: in their own fields, in command lines, paths,
// URLs and free text. The class of an account (machine, service, admin, system) stays visible.
import type { MatchedField } from "../../detectors/detector.ts";
import type { EcsDocument } from "../../detectors/event.ts";

/** What was found in one event: clear text → pseudonym. In memory only. */
export type IdentityMap = ReadonlyMap<string, string>;

export interface Privacy {
  /** Replaces identities in place; gives back what it replaced, for the evidence of the same event. */
  protectDocument(tenant: string, document: EcsDocument): IdentityMap;
  /** The same event's matched fields with the same identities replaced. `document` is the protected one. */
  protectMatched(
    tenant: string,
    identities: IdentityMap,
    matched: readonly MatchedField[],
  ): readonly MatchedField[];
  /** The pseudonym of one account name, for queries by people who know the name. */
  pseudonymOf(tenant: string, name: string): string;
  /**
   * Token of the department or unit that an account belongs to, by its pseudonym: the same for all of them, and
   * no name. Undefined where no directory says so, or too few accounts share it.
   */
  groupOf(tenant: string, pseudonym: string): string | undefined;
  /** What pseudonyms were in the epoch before, while both overlap. */
  formerOf(tenant: string): FormerPseudonyms | undefined;
}

/** How pseudonyms of the present epoch were called in the one before. */
export interface FormerPseudonyms {
  /** From when until when both are known, milliseconds since 1970 UTC. */
  readonly begin: number;
  readonly end: number;
  /** Present → former, of the names that this process met, and of their groups. */
  readonly names: ReadonlyMap<string, string>;
}
