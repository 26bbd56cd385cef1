// Makes observations for correlations out of a rule's hit: the values that group and count, without
// identities, and where the record stands in the stream.
import { createHash } from "node:crypto";
import type { LeveledLink } from "../../detectors/correlation/leveled-plan.ts";
import {
  type FormerNames,
  observationsOf as observed,
} from "../../detectors/correlation/observation.ts";
import type { Match } from "../../detectors/detector.ts";
import { textsOf } from "../../detectors/sigma/field-value.ts";
import { foldCase } from "../../detectors/sigma/fold-case.ts";
import type { OutgoingRecord } from "../bus/bus.ts";
import { encodeObservation, observationKey } from "../bus/observation-record.ts";
import type { FormerPseudonyms, IdentityMap, Privacy } from "../privacy/privacy.ts";
import { renamed } from "../store/identity-moves.ts";

/** Longer values of fields that group and count are shortened. */
const VALUE_CHARACTERS_MAX = 1000;
const SHOWN_CHARACTERS = 100;

/** Where the event's record stands. */
export interface RawPlace {
  readonly partition: number;
  readonly offset: number;
  /** When the bus took it, milliseconds since 1970 UTC. */
  readonly appendedAt: number;
  /** Newest event time of the raw partition with this record. */
  readonly clock: number;
}

/** Numbers the observations of one record, over all its hits. */
export interface ObservationCount {
  index: number;
}

/**
 * The hit as observations, one for each correlation that joins the rule and whose fields the event has; after
 * a change of pseudonyms for a while one under each of both.
 * @param archiveId under which the event lies in the archive
 */
export function observationsOf(
  match: Match,
  links: readonly LeveledLink[],
  archiveId: string,
  place: RawPlace,
  count: ObservationCount,
  privacy: Privacy,
  identities: IdentityMap,
): OutgoingRecord[] {
  const { tenant, time, source } = match.event;
  const safeOf = (field: string): string | undefined => {
    const value = textsOf(match.read(field)).join(", ");
    if (value === "") return undefined;
    const shown = { field, value, operator: "", pattern: "" };
    return privacy.protectMatched(tenant, identities, [shown])[0]?.value;
  };
  const read = (field: string): string | undefined => shortened(safeOf(field));
  const former = formerNames(privacy.formerOf(tenant), safeOf);
  return links.flatMap(({ level, link }) =>
    observed(link, { time, id: archiveId, source }, read, former).map((observation) => {
      const value = encodeObservation({
        kind: "observation",
        origin: `raw/${place.partition}`,
        offset: place.offset,
        index: count.index,
        appendedAt: place.appendedAt,
        clock: place.clock,
        level,
        observation,
      });
      count.index += 1;
      return { key: observationKey(observation), value };
    }),
  );
}

function formerNames(
  former: FormerPseudonyms | undefined,
  safeOf: (field: string) => string | undefined,
): FormerNames | undefined {
  if (former === undefined) return undefined;
  const { begin, end, names } = former;
  const read = (field: string) => {
    const safe = safeOf(field);
    return shortened(safe && renamed(safe, names));
  };
  return { begin, end, read };
}

// A value as long as a whole record would be kept for each group, and be more than the bus takes. The hash
// keeps apart what differs, and together what differs in case only, as the key does.
function shortened(value: string | undefined): string | undefined {
  if (value === undefined || value.length <= VALUE_CHARACTERS_MAX) return value;
  const hash = createHash("sha256").update(foldCase(value)).digest("hex");
  return `${value.slice(0, SHOWN_CHARACTERS)}…sha256:${hash}`;
}
