// The simple ones of STIX patterns: comparisons for equality of addresses, names, URLs and hashes, joined by
// OR. What needs several things at once (AND, FOLLOWEDBY, times) is left out whole: one of them alone would
// accuse what is harmless.
import { addressSubject, domainSubject, hashSubject, type Subject, urlSubject } from "./subject.ts";

const PATTERN_CHARACTERS_MAX = 20_000;
const TOKEN =
  /\s*(?:('(?:[^'\\]|\\.)*')|([A-Za-z0-9_-]+:[A-Za-z0-9_.-]+(?:'[A-Za-z0-9_-]+'(?:\.[A-Za-z0-9_-]+)?)?)|([A-Za-z]+|[[\](),]|!=|>=|<=|=|<|>))/y;

const READERS: ReadonlyMap<string, (value: string) => Subject | undefined> = new Map([
  ["ipv4-addr:value", addressSubject],
  ["ipv6-addr:value", addressSubject],
  ["domain-name:value", domainSubject],
  ["url:value", urlSubject],
  ...["md5", "sha-1", "sha1", "sha-256", "sha256", "sha-512", "sha512"].map(
    (name): [string, typeof hashSubject] => [`file:hashes.${name}`, hashSubject],
  ),
]);

/**
 * What a pattern names; undefined in the list for a value that is not what its type says.
 * @returns undefined for a pattern that is not one of the simple ones
 */
export function subjectsOfPattern(pattern: string): readonly (Subject | undefined)[] | undefined {
  const tokens = tokensOf(pattern);
  if (tokens === undefined || tokens.length === 0) return undefined;
  const subjects: (Subject | undefined)[] = [];
  const next = () => tokens.shift();
  const comparison = (): boolean => {
    const read = READERS.get(next()?.replaceAll("'", "").toLowerCase() ?? "");
    const values = valuesOf(next(), next);
    if (read === undefined || values === undefined) return false;
    for (const value of values) subjects.push(read(value));
    return true;
  };
  // `[a OR b] OR [c]`, and parentheses around all of an observation's comparisons.
  do {
    if (next() !== "[") return undefined;
    const isWrapped = tokens[0] === "(";
    if (isWrapped) next();
    do {
      if (!comparison()) return undefined;
    } while (tokens[0]?.toUpperCase() === "OR" && next());
    if (isWrapped && next() !== ")") return undefined;
    if (next() !== "]") return undefined;
  } while (tokens[0]?.toUpperCase() === "OR" && next());
  return tokens.length === 0 ? subjects : undefined;
}

/** `= 'x'`, `IN ('x', 'y')`, and for addresses `ISSUBSET 'x'`. */
function valuesOf(
  operator: string | undefined,
  next: () => string | undefined,
): string[] | undefined {
  const word = operator?.toUpperCase();
  if (word === "=" || word === "ISSUBSET") {
    const value = textOf(next());
    return value === undefined ? undefined : [value];
  }
  if (word !== "IN" || next() !== "(") return undefined;
  const values: string[] = [];
  for (let token = next(); token !== ")"; token = next()) {
    if (token === ",") continue;
    const value = textOf(token);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function textOf(token: string | undefined): string | undefined {
  return token?.startsWith("'") ? token.slice(1, -1).replace(/\\(.)/g, "$1") : undefined;
}

function tokensOf(pattern: string): string[] | undefined {
  if (pattern.length > PATTERN_CHARACTERS_MAX) return undefined;
  const tokens: string[] = [];
  const text = pattern.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [, literal, path, word] = TOKEN.exec(text) ?? [];
    const token = literal ?? path ?? word;
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  return tokens;
}
