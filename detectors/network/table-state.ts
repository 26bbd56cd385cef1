// A table of remembered keys in the state of a detector, in the order in which keys would be forgotten.
import type { RecentTable } from "./recent-table.ts";
import type { StateReader, StateWriter } from "./state.ts";

/** Writes a table, oldest key first. */
export function storeTable<V>(
  writer: StateWriter,
  table: RecentTable<V>,
  write: (value: V, writer: StateWriter) => void,
): void {
  writer.count(table.evicted);
  writer.count(table.size);
  for (const [key, value] of table.entries()) {
    writer.text(key);
    write(value, writer);
  }
}

/** Puts back what `storeTable` wrote. */
export function restoreTable<V>(reader: StateReader, table: RecentTable<V>, read: () => V): void {
  table.clear();
  table.evicted = reader.count();
  for (let left = reader.count(); left > 0; left -= 1) table.set(reader.text(), read());
}
