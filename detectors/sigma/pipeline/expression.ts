// How the conditions of a step are joined: all of them, any of them, or as an expression over their names
// says: `windows and not (audit or dns)`.

/** A tree over the names of conditions. */
export type Expression =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "and" | "or"; readonly children: readonly Expression[] }
  | { readonly kind: "not"; readonly child: Expression };

const DEPTH_MAX = 50;

/** @throws SyntaxError */
export function parseExpression(text: string): Expression {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  let depth = 0;
  const peek = () => tokens[at]?.toLowerCase();
  const fail = (expected: string): never => {
    throw new SyntaxError(`expected ${expected}, found ${tokens[at] ?? "the end"}`);
  };
  const joined = (kind: "and" | "or", next: () => Expression): Expression => {
    const first = next();
    const children = [first];
    while (peek() === kind) {
      at += 1;
      children.push(next());
    }
    return children.length === 1 ? first : { kind, children };
  };
  const any = (): Expression => joined("or", every);
  const every = (): Expression => joined("and", one);
  const one = (): Expression => {
    const token = peek();
    depth += 1;
    if (depth > DEPTH_MAX) fail("an expression that is nested less deeply");
    at += 1;
    let found: Expression;
    if (token === "not") found = { kind: "not", child: one() };
    else if (token === "(") {
      found = any();
      if (peek() !== ")") fail('")"');
      at += 1;
    } else {
      at -= 1;
      if (token === undefined || !/^[\w-]+$/.test(token)) fail("the name of a condition");
      found = { kind: "name", name: tokens[at] ?? "" };
      at += 1;
    }
    depth -= 1;
    return found;
  };
  const whole = any();
  if (at < tokens.length) fail("and, or, or the end");
  return whole;
}

/** All names of an expression. */
export function namesIn(expression: Expression): string[] {
  if (expression.kind === "name") return [expression.name];
  return expression.kind === "not"
    ? namesIn(expression.child)
    : expression.children.flatMap(namesIn);
}

/** The truth of an expression, by the truth of its conditions. */
export function holds(expression: Expression, isTrue: (name: string) => boolean): boolean {
  switch (expression.kind) {
    case "name":
      return isTrue(expression.name);
    case "not":
      return !holds(expression.child, isTrue);
    case "and":
      return expression.children.every((child) => holds(child, isTrue));
    case "or":
      return expression.children.some((child) => holds(child, isTrue));
  }
}
