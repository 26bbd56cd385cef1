// Placeholders such as `%admins%` in values with the modifier `expand`, and what is put in their place.
// `\%` stands for the sign itself.
// Source: Sigma specification 2.1, section "Placeholders".

/** The values of a placeholder; undefined when there are none. Values may hold wildcards. */
export type Placeholders = (name: string) => readonly string[] | undefined;

/** Thrown for a placeholder without values: the rule is kept but can't fire. */
export class MissingPlaceholder extends Error {}

/** Values that one value of a rule may become. */
const EXPANDED_VALUES_MAX = 100_000;

const PLACEHOLDER = /\\%|%([\w.-]{1,100})%/g;

/** The names of a text's placeholders, each once. */
export function placeholdersIn(text: string): string[] {
  const names = [...text.matchAll(PLACEHOLDER)].flatMap((match) => match[1] ?? []);
  return [...new Set(names)];
}

/**
 * All texts that come of putting values in place of placeholders. Those that `valuesOf` does not know stay.
 * What is put in is not looked at again.
 * @throws SyntaxError when there would be too many
 */
export function fillPlaceholders(text: string, valuesOf: Placeholders): string[] {
  const fillers = new Map(placeholdersIn(text).map((name) => [name, valuesOf(name)]));
  let texts = [""];
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const before = text.slice(from, match.index);
    const values = fillers.get(match[1] ?? "") ?? [match[0]];
    if (texts.length * values.length > EXPANDED_VALUES_MAX) {
      throw new SyntaxError(`placeholders give more than ${EXPANDED_VALUES_MAX} values`);
    }
    texts = texts.flatMap((start) => values.map((value) => start + before + value));
    from = match.index + match[0].length;
  }
  return texts.map((start) => start + text.slice(from));
}

/**
 * The texts without any placeholder.
 * @throws MissingPlaceholder, SyntaxError
 */
export function expandPlaceholders(text: string, valuesOf: Placeholders): string[] {
  return fillPlaceholders(text, (name) => {
    const values = valuesOf(name);
    if (values !== undefined) return values;
    throw new MissingPlaceholder(`no values for the placeholder %${name}%`);
  });
}
