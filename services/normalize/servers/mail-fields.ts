// `key=<value>, key=value` as Postfix and Dovecot write it behind their messages.
import { setField } from "../field-table.ts";

/** Pairs of one message that are read. */
const PAIRS_MAX = 60;
const PAIR = /([A-Za-z][\w-]{0,39})=(?:<([^<>]{0,1000})>|([^,;\s<]{0,1000}))(?=[,;\s)]|$)/g;

/** Puts the pairs of a text into a record; `names` maps a key to the record's own name. Empty ones too. */
export function readMailFields(
  text: string,
  record: Record<string, unknown>,
  names: ReadonlyMap<string, string> = new Map(),
): void {
  let count = 0;
  for (const match of text.matchAll(PAIR)) {
    if (++count > PAIRS_MAX) break;
    const key = match[1] ?? "";
    const name = names.get(key) ?? key;
    if (!Object.hasOwn(record, name)) setField(record, name, match[2] ?? match[3] ?? "");
  }
}
