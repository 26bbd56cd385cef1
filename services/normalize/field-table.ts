// For formats whose records are flat: one table of ECS name → key in the record gives both the view
// that detection uses (`locate`) and the ECS document.
import { isIP } from "node:net";
import type { EcsDocument, FieldPath, ParsedRecord, RecordShape } from "../../detectors/event.ts";
import { has, put } from "./document.ts";

/** ECS name (or another name that rules use) → keys that may hold it, best first. */
export type FieldTable = Readonly<Record<string, readonly string[]>>;

export interface FlatShapeOptions {
  readonly id: string;
  readonly family: string;
  /** ECS names; they also become the document. */
  readonly ecs: FieldTable;
  /** Names of rule languages, e.g. `cs-method`; they don't appear in the document. */
  readonly aliases?: FieldTable;
}

/** A shape over flat records: table, aliases, and the source's own keys as they are. */
export function flatShape(options: FlatShapeOptions): RecordShape {
  const paths = new Map<string, readonly FieldPath[]>();
  for (const table of [options.ecs, options.aliases ?? {}]) {
    for (const [name, keys] of Object.entries(table)) {
      paths.set(
        name,
        keys.map((key) => [key]),
      );
    }
  }
  const ownPrefix = `${options.id}.`;
  return {
    id: options.id,
    family: options.family,
    locate: (name) => {
      const known = paths.get(name);
      if (known !== undefined) return known;
      if (name.startsWith(ownPrefix)) return [[name.slice(ownPrefix.length)]];
      return [[name]];
    },
  };
}

/** Writes a flat record under ECS names; keys that the table doesn't know go under `<prefix>.<key>`. */
export function flatDocument(
  record: ParsedRecord,
  ecs: FieldTable,
  prefix: string,
  skip: ReadonlySet<string> = new Set(),
): EcsDocument {
  const document: EcsDocument = {};
  const used = new Set<string>();
  for (const [name, keys] of Object.entries(ecs)) {
    const key = keys.find((candidate) => isFilled(record[candidate]));
    if (key === undefined) continue;
    used.add(key);
    put(document, name, ecsValue(name, record[key]));
    // What does not fit its ECS type stays readable under the format's own name.
    if (!has(document, name)) used.delete(key);
  }
  for (const key of Object.keys(record)) {
    if (!used.has(key) && !skip.has(key)) put(document, `${prefix}.${key}`, record[key]);
  }
  return document;
}

/** Puts a field of a hostile line; `__proto__` is no field. */
export function setField(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") record[key] = value;
}

/** A value in the type that its ECS field has: ports, sizes and ids are numbers, addresses addresses. */
export function ecsValue(name: string, value: unknown): unknown {
  if (NUMBER_FIELD.test(name)) return numberOf(value);
  if (name.endsWith(".ip")) return addressOf(value);
  return typeof value === "number" ? String(value) : value;
}

const NUMBER_FIELD = /\.(?:port|pid|bytes|packets|status_code)$/;

/** A number written decimal or as `0x…`; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || !/^(?:0x[0-9a-f]{1,12}|\d{1,15})$/i.test(value))
    return undefined;
  return Number(value);
}

/** An IPv4 or IPv6 address, IPv4 in IPv6 as IPv4, without zone; undefined for anything else. */
export function addressOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 64) return undefined;
  const bare = value.replace(/%[\w.-]{1,20}$/, "").replace(/^::ffff:(?=\d{1,3}\.)/i, "");
  return isIP(bare) === 0 ? undefined : bare;
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && value !== "-";
}
