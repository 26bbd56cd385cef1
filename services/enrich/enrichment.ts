// What every enrichment gives: the fields that it knows how to fill, and how, from fields that are there.
import type { EcsValue } from "../../detectors/event.ts";

/** The value of an ECS name of the event at hand; undefined when it has none. */
export type ReadField = (name: string) => unknown;

/** ECS name → value. */
export type EnrichedFields = Readonly<Record<string, EcsValue>>;

/** One step. It never changes a field that the event has already. */
export interface Enrichment {
  /** For metrics and messages: `geo.source`. */
  readonly id: string;
  /** ECS names of which the event must have one; without any it isn't run. */
  readonly needs: readonly string[];
  /** ECS names that rules may ask of it. */
  readonly gives: readonly string[];
  /**
   * Works in memory only, in a time that does not grow with tables or texts; what is too long is left
   * out. Gives undefined when there is nothing to say. Whatever it throws is counted and told once.
   */
  readonly fill: (read: ReadField, tenant: string) => EnrichedFields | undefined;
}

/** The first value of a field as text; undefined for anything else, and for what is longer than `max`. */
export function textField(read: ReadField, name: string, max: number): string | undefined {
  const value = read(name);
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" && first !== "" && first.length <= max ? first : undefined;
}

/** The first value of a field as a whole number from 0 to `max`; also from decimal text. */
export function numberField(read: ReadField, name: string, max: number): number | undefined {
  const value = read(name);
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const number = typeof first === "string" && /^\d{1,9}$/.test(first) ? Number(first) : first;
  return typeof number === "number" && Number.isInteger(number) && number >= 0 && number <= max
    ? number
    : undefined;
}
