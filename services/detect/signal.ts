// Makes a signal out of a match: evidence without identities, entities, a derived id.
import type { Match, Signal } from "../../detectors/detector.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import { signalId } from "../../detectors/signal-id.ts";
import { entitiesOf, groupKeyOf } from "../privacy/entities.ts";
import type { IdentityMap, Privacy } from "../privacy/privacy.ts";

// Evidence quotes values, it does not carry them whole: a script block can have 32,000 characters.
const MATCHED_VALUE_CHARACTERS_MAX = 2000;
const MATCHED_FIELDS_MAX = 20;

/** @param document the event's protected ECS document, with `identities` as privacy gave them */
export function signalOf(
  match: Match,
  document: EcsDocument,
  identities: IdentityMap,
  privacy: Privacy,
  raisedAt: number,
): Signal {
  const { detector, event } = match;
  const entities = entitiesOf(document);
  return {
    id: signalId(detector.id, [event.joined?.key ?? event.id]),
    tenant: event.tenant,
    detector,
    time: event.time,
    raisedAt,
    entities,
    groupKey: groupKeyOf(document, event.source),
    source: event.source,
    matched: privacy
      .protectMatched(event.tenant, identities, match.explain().slice(0, MATCHED_FIELDS_MAX))
      .map((field) => ({ ...field, value: field.value.slice(0, MATCHED_VALUE_CHARACTERS_MAX) })),
    events: [{ id: event.id, time: event.time, document }],
  };
}
