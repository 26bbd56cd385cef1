// An installation behind its ports, whichever kinds they are, as a place to move from and to.
import type { Ports } from "../../ports.ts";
import { archivePart } from "./archive-part.ts";
import { deadLetterPart, statePart } from "./bus-parts.ts";
import { MOVED_KINDS } from "./kinds.ts";
import { AUDIT, DEAD_LETTER, EVENTS, type Part, type Place, type Row, STATE } from "./place.ts";
import { auditPart, documentPart, findingPart } from "./store-parts.ts";

/** Accounts and keys of all tenants lie here; it has neither events nor records. */
export const SYSTEM = "system";

/** One thing of a tenant in the ports. */
export interface PartPort {
  read(tenant: string): AsyncIterable<Row>;
  write(tenant: string, rows: readonly Row[], first: number): Promise<void>;
}

export interface PortsPlaceOptions {
  /** Of this move: what a second try writes again is known by it. */
  readonly id: string;
  readonly tenants: readonly string[];
  /** Partitions of the topics that stages share. */
  readonly partitions: number;
}

/** Makes the place; the ports stay the caller's to close. */
export function portsPlace(ports: Ports, options: PortsPlaceOptions): Place {
  const { id, tenants, partitions } = options;
  const store = new Map<string, PartPort>();
  for (const [name, kind] of MOVED_KINDS) store.set(name, documentPart(ports.store, kind));
  store.set("finding", findingPart(ports.store));
  store.set(AUDIT, auditPart(ports.store));
  const rest = new Map<string, PartPort>([
    [STATE, statePart(ports.bus, partitions)],
    [DEAD_LETTER, deadLetterPart(ports.bus, id)],
    [EVENTS, archivePart(ports.archive, id)],
  ]);
  const portOf = ({ name }: Part): PartPort => {
    const port = store.get(name) ?? rest.get(name);
    if (port === undefined) throw new Error(`no part ${name}`);
    return port;
  };
  return {
    parts: async () =>
      tenants.flatMap((tenant) =>
        [...store.keys(), ...(tenant === SYSTEM ? [] : rest.keys())].map((name) => ({
          tenant,
          name,
        })),
      ),
    read: (part) => portOf(part).read(part.tenant),
    write: (part, rows, first) => portOf(part).write(part.tenant, rows, first),
  };
}
