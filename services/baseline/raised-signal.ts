// Makes a signal of a keyed detector's hit: evidence from the archive, which holds every event without
// identities, and a derived id.
import type { ToldAnomaly } from "../../detectors/anomaly/told-anomaly.ts";
import { GROUP_BY } from "../../detectors/correlation/leveled-plan.ts";
import { signalIdOf } from "../../detectors/correlation/raised-id.ts";
import type { DetectorInfo, Entity, MatchedField, Signal } from "../../detectors/detector.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import type { Raised } from "../../detectors/keyed.ts";
import { entitiesOf } from "../privacy/entities.ts";
import { groupKeyOfRaised } from "../privacy/raised-group.ts";
import { suppressedGroup } from "../privacy/suppressed-group.ts";

const ENTITIES_MAX = 20;
const DAY_MS = 86_400_000;
/** Of all evidence together, in characters of JSON: what the bus would refuse would hold up all others. */
const EVIDENCE_CHARACTERS_MAX = 1024 * 1024;
/** Evidence quotes values, it does not carry them whole. */
const MATCHED_VALUE_CHARACTERS_MAX = 2000;

/** What a detector says of a hit, for people. */
export interface RaisedText {
  readonly detector: DetectorInfo;
  readonly matched: readonly MatchedField[];
  /** Of a model: what the finding keeps of it. */
  readonly anomaly?: ToldAnomaly | undefined;
}

/**
 * The signal. An event that is no longer kept, or too long beside the others, is named without its
 * document.
 * @param documentOf the event without identities, from the archive
 * @param raisedAt milliseconds since 1970 UTC
 */
export async function signalOfRaised(
  tenant: string,
  raised: Raised,
  { detector, matched, anomaly }: RaisedText,
  documentOf: (id: string, time: number) => Promise<EcsDocument | undefined>,
  raisedAt: number,
): Promise<Signal> {
  const events: Signal["events"][number][] = [];
  let left = EVIDENCE_CHARACTERS_MAX;
  for (const { id, time } of raised.events) {
    const document = (await documentOf(id, time)) ?? {};
    const { length } = JSON.stringify(document);
    events.push({ id, time, document: length <= left ? document : {} });
    if (length <= left) left -= length;
  }
  const about = events.map(({ document }) => entitiesOf(document));
  const own = entityOf(raised);
  // Silence rests on no event; whose it is, the model says.
  if (own !== undefined && !about.flat().some((one) => isSame(one, own))) about.push([own]);
  const entities = entitiesAbout(raised, about);
  return {
    id: signalIdOf(raised),
    tenant,
    detector,
    time: raised.time,
    raisedAt,
    entities,
    ...(suppressedGroup(detector.suppress, (field) => fieldOf(field, matched, events)) ?? {
      groupKey: groupKeyOfRaised(raised, about),
    }),
    source: raised.source,
    matched: matched.map((field) => {
      return { ...field, value: field.value.slice(0, MATCHED_VALUE_CHARACTERS_MAX) };
    }),
    // One day of one subject is one finding: its anomaly grows with the day.
    ...(anomaly === undefined ? {} : { anomaly, groupWindowMs: DAY_MS }),
    events,
  };
}

function entityOf({ told }: Raised): Entity | undefined {
  return told !== undefined && "anomaly" in told ? told.anomaly.entity : undefined;
}

/** A machine may be a host to one and an address to the other. */
function isSame(one: Entity, other: Entity): boolean {
  return one.value.toLowerCase() === other.value.toLowerCase();
}

// What the group names comes first, then what all events have in common, then the rest.
function entitiesAbout(raised: Raised, about: readonly (readonly Entity[])[]): Entity[] {
  const group = new Set(raised.group.map((value) => value.toLowerCase()));
  const seen = new Map<string, { readonly entity: Entity; count: number }>();
  for (const entity of about.flat()) {
    const key = `${entity.type}\u0000${entity.value}`;
    const known = seen.get(key);
    if (known === undefined) seen.set(key, { entity, count: 1 });
    else known.count += 1;
  }
  const rank = ({ entity, count }: { readonly entity: Entity; readonly count: number }) =>
    (group.has(entity.value.toLowerCase()) ? 1_000_000 : 0) + count;
  return [...seen.values()]
    .sort((a, b) => rank(b) - rank(a))
    .map(({ entity }) => entity)
    .slice(0, ENTITIES_MAX);
}

// Of a field of the group what the group has; of others what the first event says.
function fieldOf(
  field: string,
  matched: readonly MatchedField[],
  [first]: Signal["events"],
): unknown {
  const grouped = matched.find((one) => one.operator === GROUP_BY && one.field === field);
  if (grouped !== undefined) return grouped.value;
  return first !== undefined && Object.hasOwn(first.document, field)
    ? first.document[field]
    : undefined;
}
