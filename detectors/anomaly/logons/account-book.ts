// What is remembered of each account between its logons: when it was active last, where it was, and
// whether anybody ever sat before it.
import { createFairTable } from "../../fair-table.ts";
import type { StateReader, StateWriter } from "../../network/state.ts";
import { restoreTable, storeTable } from "../../network/table-state.ts";

/** An account's page; times in milliseconds since 1970 UTC, NaN: never. */
export interface Page {
  /** The one that spoke of the account first. */
  readonly source: string;
  first: number;
  last: number;
  /** Country of the last logon that named one, and its time. */
  place: string;
  placeTime: number;
  /** Logons of persons (interactive, remote, VPN), and all. */
  personal: number;
  all: number;
}

export interface AccountBook {
  /** The account's page, moved to the fresh end; undefined: not known. */
  find(account: string): Page | undefined;
  open(account: string, source: string, time: number): Page;
  readonly keys: number;
  readonly evicted: number;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

/** Pages of at most so many accounts; of the source with most of them the one not seen for longest is torn out. */
export function createAccountBook(accountsMax: number): AccountBook {
  const pages = createFairTable<Page>(accountsMax);
  return {
    find(account) {
      pages.touch(account);
      return pages.get(account);
    },
    open(account, source, time) {
      const page = {
        ...{ source, first: time, last: time, place: "", placeTime: Number.NaN },
        ...{ personal: 0, all: 0 },
      };
      pages.set(account, page);
      return page;
    },
    get keys() {
      return pages.size;
    },
    get evicted() {
      return pages.evicted;
    },
    write(writer) {
      storeTable(writer, pages, ({ source, place, first, last, placeTime, personal, all }) => {
        writer.text(source);
        writer.text(place);
        for (const number of [first, last, placeTime, personal, all]) writer.float(number);
      });
    },
    read(reader) {
      restoreTable(reader, pages, () => {
        const [source, place] = [reader.text(), reader.text()];
        const [first, last, placeTime] = [reader.float(), reader.float(), reader.float()];
        const [personal, all] = [reader.float(), reader.float()];
        return { source, first, last, place, placeTime, personal, all };
      });
    },
  };
}
