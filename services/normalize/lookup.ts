// Tables that are asked with words from logs: `constructor` is a word like any other there.

/** The table's own entry; what every object inherits counts for nothing. */
export function lookup<Value>(
  table: Readonly<Record<string, Value>>,
  key: string,
): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
