// Makes a signal out of a match: evidence without identities, entities, a derived id.
import type { Match, Signal } from "../../detectors/detector.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import { signalId } from "../../detectors/signal-id.ts";
import { entitiesOf, groupKeyOf } from "../privacy/entities.ts";
import type { IdentityMap, Privacy } from "../privacy/privacy.ts";
import { suppressedGroup } from "../privacy/suppressed-group.ts";

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
    ...groupOf(match, document, identities, privacy),
    source: event.source,
    matched: privacy
      .protectMatched(event.tenant, identities, match.explain().slice(0, MATCHED_FIELDS_MAX))
      .map((field) => ({ ...field, value: field.value.slice(0, MATCHED_VALUE_CHARACTERS_MAX) })),
    events: [{ id: event.id, time: event.time, document }],
  };
}

// A field of a suppression may have its name of ECS or the rule's own; what only the event has is freed of
// identities as evidence is.
function groupOf(
  { detector, event, read }: Match,
  document: EcsDocument,
  identities: IdentityMap,
  privacy: Privacy,
): Pick<Signal, "groupKey" | "groupWindowMs"> {
  const fieldValue = (field: string) => {
    if (Object.hasOwn(document, field)) return document[field];
    const value = read(field);
    if (typeof value !== "string" && typeof value !== "number") return undefined;
    const clear = { field, value: String(value), operator: "", pattern: "" };
    return privacy.protectMatched(event.tenant, identities, [clear])[0]?.value;
  };
  const suppressed = suppressedGroup(detector.suppress, fieldValue);
  return suppressed ?? { groupKey: groupKeyOf(document, event.source) };
}
