// Reads values of JSON from outside whose shape nobody promises.

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own value; what an object inherits is none. */
export function own(object: unknown, key: string): unknown {
  return isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}

export function textOf(object: unknown, key: string): string | undefined {
  const value = own(object, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The objects of a list; nothing for anything else. */
export function objectsOf(object: unknown, key: string): readonly JsonObject[] {
  const value = own(object, key);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** ms UTC of an ISO time; undefined for anything else. */
export function timeOf(object: unknown, key: string): number | undefined {
  const text = textOf(object, key);
  if (text === undefined || text.length > 40) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
