// Simulated records cut into the small requests that shippers would send, some of them with lines that no
// parser understands, and the senders that ship them until they are acknowledged.
import { type BulkSender, createBulkSender } from "../../services/cli/bulk-sender.ts";
import type { SimulatedRecord, SourceName } from "../../services/simulator/record.ts";
import { BROKEN_SOURCE, type Installation } from "./loopback.ts";

/** Every so many records the source that fits nothing says something too. */
const RECORDS_PER_BROKEN = 40;
/** So few that nobody reports a flood of them, at the time of which records of the past would all be late. */
const RECORDS_PER_RARE_BROKEN = 400;

/** One request. */
export interface Shipment {
  readonly isBroken: boolean;
  readonly source: SourceName;
  readonly records: readonly SimulatedRecord[];
}

/** The records in requests of at most this many, about in the order of time. */
export function shipmentsOf(
  all: Iterable<SimulatedRecord>,
  recordsPerShipmentMax: number,
): Shipment[] {
  const shipments: Shipment[] = [];
  let waiting = new Map<string, SimulatedRecord[]>();
  let held = 0;
  let count = 0;
  const add = (key: string, record: SimulatedRecord) => {
    const list = waiting.get(key);
    if (list === undefined) waiting.set(key, [record]);
    else list.push(record);
    held += 1;
  };
  const flush = () => {
    for (const [key, records] of waiting) {
      const [first] = records;
      if (first === undefined) continue;
      shipments.push({ isBroken: key === BROKEN_SOURCE, source: first.source, records });
    }
    waiting = new Map();
    held = 0;
  };
  for (const record of all) {
    add(record.source, record);
    count += 1;
    if (count % RECORDS_PER_BROKEN === 0) add(BROKEN_SOURCE, brokenRecord(count, record.time));
    if (held >= recordsPerShipmentMax) flush();
  }
  flush();
  return shipments;
}

/**
 * The records in requests that keep their order to the last one: what comes one after the other from the same
 * source goes together, at most this many, and never less than the lines that one event consists of.
 */
export function* orderedShipments(
  all: Iterable<SimulatedRecord>,
  recordsPerShipmentMax: number,
): Generator<Shipment> {
  let records: SimulatedRecord[] = [];
  let count = 0;
  for (const record of all) {
    const last = records.at(-1);
    if (last !== undefined) {
      const isFull = records.length >= recordsPerShipmentMax && record.time !== last.time;
      if (isFull || record.source !== last.source) {
        yield { isBroken: false, source: last.source, records };
        records = [];
      }
    }
    records.push(record);
    count += 1;
    if (count % RECORDS_PER_RARE_BROKEN !== 0) continue;
    const broken = brokenRecord(record.id, record.time);
    yield { isBroken: true, source: broken.source, records: [broken] };
  }
  const [first] = records;
  if (first !== undefined) yield { isBroken: false, source: first.source, records };
}

// Bulk requests carry JSON; the source's configured format wants something else.
function brokenRecord(number: number | string, time: number): SimulatedRecord {
  const text = JSON.stringify({ battery: 97, line: "ON BATTERY", number });
  return { id: `${BROKEN_SOURCE}-${number}`, time, source: "mail", format: "json", text };
}

export interface ReplayOptions {
  readonly inputUrl: string;
  readonly sendersAtOnce: number;
  /** Resolves when the shipment with this number may be sent. */
  readonly mayShip: (number: number) => Promise<void>;
  readonly onRetry: () => void;
}

/** Ships everything. @returns the ids of all acknowledged records */
export async function replay(
  shipments: readonly Shipment[],
  installation: Installation,
  options: ReplayOptions,
): Promise<Set<string>> {
  const { inputUrl, onRetry } = options;
  const sender = createBulkSender(inputUrl, installation.keyOf, onRetry);
  const broken = createBulkSender(inputUrl, () => installation.keyOf(BROKEN_SOURCE), onRetry);
  const acknowledged = new Set<string>();
  let next = 0;
  const shipInTurn = async () => {
    for (let shipment = shipments[next]; shipment !== undefined; shipment = shipments[next]) {
      const number = next;
      next += 1;
      await options.mayShip(number);
      await shipOne(shipment, shipment.isBroken ? broken : sender, acknowledged);
    }
  };
  await Promise.all(Array.from({ length: options.sendersAtOnce }, shipInTurn));
  return acknowledged;
}

async function shipOne(
  { source, records }: Shipment,
  sender: BulkSender,
  acknowledged: Set<string>,
): Promise<void> {
  await sender.send(source, records);
  for (const { id } of records) acknowledged.add(id);
}
