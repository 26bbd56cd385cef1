// Makes a signal out of a match: evidence without identities, entities, a derived id.
import { createHash } from "node:crypto";
import type { Entity, Match, Signal } from "../../detectors/detector.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import type { IdentityMap, Privacy } from "../privacy/privacy.ts";
import { isPseudonym } from "../privacy/pseudonym.ts";

// Evidence quotes values, it does not carry them whole: a script block can have 32,000 characters.
const MATCHED_VALUE_CHARACTERS_MAX = 2000;
const MATCHED_FIELDS_MAX = 20;

/** H(detector, event ids): 32 hexadecimal digits. */
export function signalId(detectorId: string, eventIds: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify([detectorId, ...eventIds]))
    .digest("hex")
    .slice(0, 32);
}

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

const ACCOUNT_FIELDS = ["user.name", "user.target.name", "source.user.name"];

/**
 * Host, accounts that stand for somebody, and the source address, in this order; where there is none of
 * them, the service.
 */
export function entitiesOf(document: EcsDocument): Entity[] {
  const entities: Entity[] = [];
  const host = textOf(document["host.name"]) ?? textOf(document["observer.name"]);
  if (host !== undefined) entities.push({ type: "host", value: host.toLowerCase() });
  for (const field of ACCOUNT_FIELDS) {
    const account = textOf(document[field])?.replace(/^.*\\|@.*$/g, "");
    if (account === undefined || !isPseudonym(account)) continue;
    if (entities.every((entity) => entity.value !== account)) {
      entities.push({ type: "account", value: account });
    }
  }
  const address = textOf(document["source.ip"]);
  if (address !== undefined && !isLoopback(address)) {
    entities.push({ type: "address", value: address });
  }
  // What tells of a service alone, as Heidewacht does of a log source, is about that service.
  const service = textOf(document["service.name"]);
  if (entities.length === 0 && service !== undefined) {
    entities.push({ type: "service", value: service });
  }
  return entities;
}

/**
 * What hits of one rule are grouped by: the host; where a device reports about others (firewall, proxy,
 * cloud), the source address, then the account.
 */
export function groupKeyOf(document: EcsDocument, source: string): string {
  const reporting = document["observer.name"] !== undefined || document["host.name"] === undefined;
  const [first] = entitiesOf(document).filter((entity) => !reporting || entity.type !== "host");
  const entity = first ?? entitiesOf(document)[0];
  return entity === undefined ? `source:${source}` : `${entity.type}:${entity.value}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value !== "-" ? value : undefined;
}

function isLoopback(address: string): boolean {
  return address === "::1" || address === "localhost" || address.startsWith("127.");
}
