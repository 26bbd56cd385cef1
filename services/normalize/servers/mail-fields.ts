// `key=<value>, key=value` as Postfix and Dovecot write it behind their messages.
import { setField } from "../field-table.ts";

/** Pairs of one message that are read, and `=` that are looked at for them. */
const PAIRS_MAX = 60;
const SIGNS_MAX = 500;
const KEY_CHARACTERS_MAX = 40;
const VALUE_CHARACTERS_MAX = 1000;

const KEY = /(?:^|[^\w-])([A-Za-z][\w-]*)$/;
const BRACKETED = /^<([^<>]*)>(?=[,;\s)]|$)/;
const BARE = /^([^,;\s<]*)(?=[,;\s)]|$)/;

/** Puts the pairs of a text into a record; `names` maps a key to the record's own name. Empty ones too. */
export function readMailFields(
  text: string,
  record: Record<string, unknown>,
  names: ReadonlyMap<string, string> = new Map(),
): void {
  let count = 0;
  let from = 0;
  for (let signs = 0; signs < SIGNS_MAX && count < PAIRS_MAX; signs++) {
    const sign = text.indexOf("=", from);
    if (sign === -1) return;
    const key = KEY.exec(text.slice(Math.max(from, sign - KEY_CHARACTERS_MAX - 1), sign))?.[1];
    const rest = text.slice(sign + 1, sign + VALUE_CHARACTERS_MAX + 2);
    const value = BRACKETED.exec(rest) ?? BARE.exec(rest);
    from = sign + 1;
    if (key === undefined || value === null) continue;
    count++;
    from += value[0].length;
    const name = names.get(key) ?? key;
    if (!Object.hasOwn(record, name)) setField(record, name, value[1] ?? "");
  }
}
