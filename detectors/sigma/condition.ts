// The condition language: `selection and not 1 of filter_*`. A small recursive descent parser; errors
// name the position in the condition.
// Source: Sigma specification 2.1, section "Condition".
import type { Tree } from "./rule.ts";

type Token = { readonly text: string; readonly at: number };

const DEPTH_MAX = 100;

/**
 * Parses a condition over the named detections.
 * @throws SyntaxError with what was expected and the position (from 1) in the condition
 */
export function parseCondition(condition: string, detections: ReadonlyMap<string, Tree>): Tree {
  const tokens = tokenize(condition);
  let position = 0;
  let depth = 0;
  const peek = () => tokens[position]?.text.toLowerCase();
  const fail = (expected: string): never => {
    const token = tokens[position];
    const found = token === undefined ? "the end" : `"${token.text}"`;
    throw new SyntaxError(
      `condition, position ${(token?.at ?? condition.length) + 1}: expected ${expected}, found ${found}`,
    );
  };
  const parseOr = (): Tree => {
    depth += 1;
    if (depth > DEPTH_MAX) fail("fewer nested parentheses");
    const children = [parseAnd()];
    while (peek() === "or") {
      position += 1;
      children.push(parseAnd());
    }
    depth -= 1;
    return join("or", children);
  };
  const parseAnd = (): Tree => {
    const children = [parseNot()];
    while (peek() === "and") {
      position += 1;
      children.push(parseNot());
    }
    return join("and", children);
  };
  const parseNot = (): Tree => {
    let negated = false;
    while (peek() === "not") {
      negated = !negated;
      position += 1;
    }
    const child = parsePrimary();
    return negated ? { kind: "not", child } : child;
  };
  const parsePrimary = (): Tree => {
    const token = tokens[position] ?? fail("a detection's name");
    const word = token.text.toLowerCase();
    if (word === "(") {
      position += 1;
      const inner = parseOr();
      if (peek() !== ")") fail('")"');
      position += 1;
      return inner;
    }
    if (tokens[position + 1]?.text.toLowerCase() === "of" && !detections.has(token.text)) {
      if (!/^(?:1|any|all)$/.test(word)) fail("1, any or all before of");
      position += 2;
      const target = tokens[position] ?? fail("a name, a pattern or them");
      position += 1;
      const chosen = choose(target.text, detections);
      if (chosen.length === 0) {
        position -= 1;
        fail("a pattern that fits at least one detection");
      }
      return join(word === "all" ? "and" : "or", chosen);
    }
    const found = detections.get(token.text);
    if (found === undefined) return fail("the name of a detection");
    position += 1;
    return found;
  };
  const tree = parseOr();
  if (position < tokens.length) fail("and, or, or the end");
  return tree;
}

function tokenize(condition: string): Token[] {
  const tokens: Token[] = [];
  for (const match of condition.matchAll(/[()|]|[^\s()|]+/g)) {
    tokens.push({ text: match[0], at: match.index });
  }
  return tokens;
}

// `them` or a name with `*`. Names that begin with an underscore are meant only by patterns that begin so.
function choose(target: string, detections: ReadonlyMap<string, Tree>): Tree[] {
  const parts = (target.toLowerCase() === "them" ? "*" : target).split("*");
  return [...detections]
    .filter(([name]) => target.startsWith("_") || !name.startsWith("_"))
    .filter(([name]) => fits(name, parts))
    .map(([, tree]) => tree);
}

function fits(name: string, parts: readonly string[]): boolean {
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return name === first;
  if (!name.startsWith(first)) return false;
  const last = rest.at(-1) ?? "";
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

/** One child stands for itself. */
export function join(kind: "and" | "or", children: readonly Tree[]): Tree {
  const [only] = children;
  return children.length === 1 && only !== undefined ? only : { kind, children };
}
