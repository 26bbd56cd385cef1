// What is remembered of each account between its logons: when it was active last, where it was, and
// whether anybody ever sat before it.
import type { StateReader, StateWriter } from "../../network/state.ts";
import { RecencyMap } from "../../recency-map.ts";

/** An account's page; times in milliseconds since 1970 UTC, NaN: never. */
export interface Page {
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
  open(account: string, time: number): Page;
  readonly keys: number;
  readonly evicted: number;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

/** Pages of at most so many accounts; the one not seen for longest is torn out. */
export function createAccountBook(accountsMax: number): AccountBook {
  const pages = new RecencyMap<string, Page>();
  let evicted = 0;
  return {
    find: (account) => pages.touch(account),
    open(account, time) {
      const page = {
        ...{ first: time, last: time, place: "", placeTime: Number.NaN, personal: 0, all: 0 },
      };
      pages.set(account, page);
      if (pages.size > accountsMax) {
        const { oldest } = pages;
        if (oldest !== undefined && pages.delete(oldest)) evicted += 1;
      }
      return page;
    },
    get keys() {
      return pages.size;
    },
    get evicted() {
      return evicted;
    },
    write(writer) {
      writer.float(evicted);
      writer.count(pages.size);
      for (const [account, page] of pages) {
        writer.text(account);
        writer.text(page.place);
        const { first, last, placeTime, personal, all } = page;
        for (const number of [first, last, placeTime, personal, all]) writer.float(number);
      }
    },
    read(reader) {
      evicted = reader.float();
      pages.clear();
      for (let left = reader.count(); left > 0; left -= 1) {
        const account = reader.text();
        const place = reader.text();
        const [first, last, placeTime] = [reader.float(), reader.float(), reader.float()];
        const [personal, all] = [reader.float(), reader.float()];
        pages.set(account, { first, last, place, placeTime, personal, all });
      }
    },
  };
}
