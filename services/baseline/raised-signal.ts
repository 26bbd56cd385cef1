// Makes a signal of a keyed detector's hit: evidence from the archive, which holds every event without
// identities, and a derived id.
import type { DetectorInfo, Entity, MatchedField, Signal } from "../../detectors/detector.ts";
import type { Raised } from "../../detectors/keyed.ts";
import { signalId } from "../../detectors/signal-id.ts";
import type { Archive, ArchivedEvent } from "../archive/archive.ts";
import { entitiesOf } from "../privacy/entities.ts";

const ENTITIES_MAX = 20;

/** What a detector says of a hit, for people. */
export interface RaisedText {
  readonly detector: DetectorInfo;
  readonly matched: readonly MatchedField[];
}

/**
 * The signal. An event that the archive no longer has is named without its document.
 * @param raisedAt milliseconds since 1970 UTC
 */
export async function signalOfRaised(
  tenant: string,
  raised: Raised,
  { detector, matched }: RaisedText,
  archive: Archive,
  raisedAt: number,
): Promise<Signal> {
  const events = await Promise.all(
    raised.events.map(async ({ id, time }) => {
      const found = await archive.get(tenant, id, time);
      return { id, time, document: found?.document ?? {} };
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

/** H(detector, event ids), with the group, because one event may stand in several. */
export function signalIdOf(raised: Raised): string {
  const ids = raised.events.map(({ id }) => id);
  return signalId(raised.detector, [raised.key, String(raised.time), ...ids]);
}

// What the group names comes first, then what all events have in common, then the rest.
function entitiesAbout(
  raised: Raised,
  events: readonly Pick<ArchivedEvent, "document">[],
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
