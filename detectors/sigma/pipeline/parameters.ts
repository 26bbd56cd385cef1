// The parameters of a step or condition, each asked for by name and type, with its place in the file. What
// was never asked for is a fault: a misspelt key must not silently do nothing.
import { RE2JS } from "re2js";
import { type DocumentReader, isRecord, type Path, type PlacedFault } from "../rule-document.ts";

export type Scalar = string | number | boolean | null;

export interface Parameters {
  readonly path: Path;
  has(key: string): boolean;
  /** @throws PlacedFault here and below */
  text(key: string): string;
  textOr(key: string, missing: string): string;
  maybeText(key: string): string | undefined;
  /** One text or a list of texts. */
  texts(key: string): readonly string[];
  maybeTexts(key: string): readonly string[] | undefined;
  flag(key: string): boolean;
  scalar(key: string): Scalar;
  oneOf<T extends string>(key: string, choices: readonly T[], missing?: T): T;
  /** Name → one or several texts. */
  mapping(key: string): ReadonlyMap<string, readonly string[]>;
  regex(key: string): RE2JS;
  list(key: string): readonly unknown[];
  value(key: string): unknown;
  fault(key: string, message: string): PlacedFault;
  /** @throws PlacedFault for a key that nobody asked for */
  end(): void;
}

export function createParameters(
  values: Record<string, unknown>,
  path: Path,
  reader: DocumentReader,
): Parameters {
  const asked = new Set<string>();
  const fault = (key: string, message: string) => reader.fault([...path, key], message);
  const take = (key: string): unknown => {
    asked.add(key);
    return Object.hasOwn(values, key) ? values[key] : undefined;
  };
  const expected = (key: string, what: string) => fault(key, `expected ${key}: ${what}`);
  const all: Parameters = {
    path,
    fault,
    has: (key) => take(key) !== undefined,
    value: take,
    text(key) {
      const value = take(key);
      if (typeof value !== "string") throw expected(key, "a text");
      return value;
    },
    textOr: (key, missing) => (take(key) === undefined ? missing : all.text(key)),
    maybeText: (key) => (take(key) == null ? undefined : all.text(key)),
    texts(key) {
      const found = textsOf(take(key));
      if (found === undefined) throw expected(key, "a text or a list of texts");
      return found;
    },
    maybeTexts: (key) => (take(key) == null ? undefined : all.texts(key)),
    flag(key) {
      const value = take(key) ?? false;
      if (typeof value !== "boolean") throw expected(key, "true or false");
      return value;
    },
    scalar(key) {
      const value = take(key);
      if (!isScalar(value)) throw expected(key, "a text, number, truth value or null");
      return value;
    },
    oneOf(key, choices, missing) {
      const value = take(key) ?? missing;
      const found = choices.find((one) => one === value);
      if (found === undefined) throw expected(key, `one of ${choices.join(", ")}`);
      return found;
    },
    mapping(key) {
      const value = take(key);
      if (!isRecord(value)) throw expected(key, "keys and values");
      return new Map(
        Object.entries(value).map(([name, one]) => {
          const texts = textsOf(one);
          if (texts !== undefined) return [name, texts] as const;
          throw reader.fault([...path, key, name], "expected a text or a list of texts");
        }),
      );
    },
    regex(key) {
      try {
        return compileLinear(all.text(key));
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw fault(key, error.message);
      }
    },
    list(key) {
      const value = take(key);
      if (!Array.isArray(value)) throw expected(key, "a list");
      return value;
    },
    end() {
      const unknown = Object.keys(values).find((key) => !asked.has(key));
      if (unknown !== undefined) throw fault(unknown, `unknown key "${unknown}"`);
    },
  };
  return all;
}

/**
 * A pattern in linear time, in the spelling of Python, RE2 or JavaScript.
 * @throws SyntaxError
 */
export function compileLinear(source: string): RE2JS {
  try {
    return RE2JS.compile(source.replaceAll(/\(\?<(?=[A-Za-z])/g, "(?P<"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SyntaxError(`the pattern can't be run in linear time: ${reason}`);
  }
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function textsOf(value: unknown): string[] | undefined {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((one) => typeof one === "string" || typeof one === "number");
  return texts.length === value.length ? texts.map(String) : undefined;
}
