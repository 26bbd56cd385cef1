// Makes a signal of a keyed detector's hit: evidence from the archive, which holds every event without
// identities, and a derived id.
import { signalIdOf } from "../../detectors/correlation/raised-id.ts";
import type { DetectorInfo, Entity, MatchedField, Signal } from "../../detectors/detector.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import type { Raised } from "../../detectors/keyed.ts";
import { entitiesOf } from "../privacy/entities.ts";

const ENTITIES_MAX = 20;

/** What a detector says of a hit, for people. */
export interface RaisedText {
  readonly detector: DetectorInfo;
  readonly matched: readonly MatchedField[];
}

/**
 * The signal. An event that is no longer kept is named without its document.
 * @param documentOf the event without identities, from the archive
 * @param raisedAt milliseconds since 1970 UTC
 */
export async function signalOfRaised(
  tenant: string,
  raised: Raised,
  { detector, matched }: RaisedText,
  documentOf: (id: string, time: number) => Promise<EcsDocument | undefined>,
  raisedAt: number,
): Promise<Signal> {
  const events = await Promise.all(
    raised.events.map(async ({ id, time }) => {
      return { id, time, document: (await documentOf(id, time)) ?? {} };
    }),
  );
  const entities = entitiesAbout(raised, events);
  const [first] = entities;
  return {
    id: signalIdOf(raised),
    tenant,
    detector,
    time: raised.time,
    raisedAt,
    entities,
    groupKey: groupKeyOf(raised, first),
    source: raised.source,
    matched,
    events,
  };
}

// What the group names comes first, then what all events have in common, then the rest.
function entitiesAbout(
  raised: Raised,
  events: readonly { readonly document: EcsDocument }[],
): Entity[] {
  const group = new Set(raised.group.map((value) => value.toLowerCase()));
  const seen = new Map<string, { readonly entity: Entity; count: number }>();
  for (const { document } of events) {
    for (const entity of entitiesOf(document)) {
      const key = `${entity.type}\u0000${entity.value}`;
      const known = seen.get(key);
      if (known === undefined) seen.set(key, { entity, count: 1 });
      else known.count += 1;
    }
  }
  const rank = ({ entity, count }: { readonly entity: Entity; readonly count: number }) =>
    (group.has(entity.value.toLowerCase()) ? 1_000_000 : 0) + count;
  return [...seen.values()]
    .sort((a, b) => rank(b) - rank(a))
    .map(({ entity }) => entity)
    .slice(0, ENTITIES_MAX);
}

function groupKeyOf(raised: Raised, first: Entity | undefined): string {
  const isNamed = raised.group.some((value) => value.toLowerCase() === first?.value.toLowerCase());
  if (first !== undefined && (isNamed || raised.group.length === 0)) {
    return `${first.type}:${first.value}`;
  }
  return raised.group.length === 0 ? `source:${raised.source}` : `group:${raised.group.join(", ")}`;
}
