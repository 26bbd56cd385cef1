// What lies on the bus and is not just on its way: lines that no parser understood, and the memory of the
// detectors that join events. Everything else is drained before a move.
import { z } from "zod";
import { movedSnapshot } from "../../baseline/partition-snapshot.ts";
import { pieceName } from "../../baseline/state-topic.ts";
import type { Bus } from "../../bus/bus.ts";
import { DEAD_LETTER, type Row, STATE } from "./place.ts";
import type { PartPort } from "./ports-place.ts";

/** Header that says which row of which move a record is. */
const ORIGIN = "transfer";

const letterSchema = z.object({
  key: z.string().optional(),
  /** Base64. */
  value: z.string(),
  headers: z.record(z.string(), z.string()),
});
const pieceSchema = z.object({ key: z.string(), value: z.string() });

/** Dead letters in the order of their arrival; the time until they are deleted begins anew. */
export function deadLetterPart(bus: Bus, id: string): PartPort {
  const written = new Map<string, Promise<Set<string>>>();
  return {
    async *read(tenant) {
      for await (const { key, value, headers } of bus.read(tenant, DEAD_LETTER, 0)) {
        const { [ORIGIN]: _, ...rest } = headers;
        yield { ...(key === undefined ? {} : { key }), value: base64(value), headers: rest };
      }
    },
    async write(tenant, rows, first) {
      // A bus takes what it is given as often as it is given: a second try looks what is there.
      const known = written.get(tenant) ?? originsOf(bus, tenant);
      written.set(tenant, known);
      const there = await known;
      const records = rows.flatMap((row, at) => {
        const origin = `${id}/${first + at}`;
        if (there.has(origin)) return [];
        const { key, value, headers } = letterSchema.parse(row);
        return [{ key, value: bytes(value), headers: { ...headers, [ORIGIN]: origin } }];
      });
      if (records.length > 0) await bus.publish(tenant, DEAD_LETTER, records);
    },
  };
}

async function originsOf(bus: Bus, tenant: string): Promise<Set<string>> {
  const origins = new Set<string>();
  for await (const { headers } of bus.read(tenant, DEAD_LETTER, 0)) {
    if (headers[ORIGIN] !== undefined) origins.add(headers[ORIGIN]);
  }
  return origins;
}

/**
 * The newest state of each partition; its places in streams that end with the move are left out. Partitions
 * have to be as many on both sides, because a key says which one it belongs to.
 */
export function statePart(bus: Bus, partitions: number): PartPort {
  return {
    async *read(tenant) {
      for (let partition = 0; partition < partitions; partition += 1) {
        yield* await statesOf(bus, tenant, partition);
      }
    },
    async write(tenant, rows) {
      const records = rows.map((row) => {
        const { key, value } = pieceSchema.parse(row);
        return { key, value: bytes(value) };
      });
      await bus.publish(tenant, STATE, records);
    },
  };
}

async function statesOf(bus: Bus, tenant: string, partition: number): Promise<Row[]> {
  const keys = new Map<string, string>();
  const stored = new Map<string, Uint8Array>();
  for await (const { key = "", value } of bus.read(tenant, STATE, partition)) {
    const name = pieceName(key, partition);
    if (name === undefined) continue;
    keys.set(name, key);
    if (value.length === 0) stored.delete(name);
    else stored.set(name, value);
  }
  // In the order of their names a head comes behind its pieces.
  return [...movedSnapshot(stored)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => ({ key: keys.get(name) ?? name, value: base64(value) }));
}

function base64(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString("base64");
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, "base64");
}
