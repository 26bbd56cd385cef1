// What a protected document is about: hosts, accounts that stand for somebody, addresses, services. Never a
// person: accounts of people are pseudonyms here.
import type { Entity } from "../../detectors/detector.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import { isPseudonym } from "./pseudonym.ts";

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
