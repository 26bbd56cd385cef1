// The hours at which each account was active today: learnt when the day is over, so that a day is judged by
// the past and not by itself.
import type { StateReader, StateWriter } from "../../network/state.ts";
import { DAY_MS } from "../behaviour/day-evidence.ts";
import { isDayOff } from "../calendar.ts";

/** An account's day. */
interface AccountDay {
  readonly account: string;
  readonly peers: string;
  readonly hours: number[];
  readonly isOff: boolean;
  /** The most surprising of them, nats. */
  most: number;
}

export interface Today {
  has(account: string): boolean;
  of(account: string, peers: string, time: number): AccountDay;
  isOver(time: number): boolean;
  /** The days of all accounts; the day of `time` begins. */
  close(time: number): readonly AccountDay[];
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

/** Days of at most so many accounts at once: those that come later today are judged, not learnt. */
export function createToday(accountsMax: number): Today {
  const accounts = new Map<string, AccountDay>();
  let day = Number.NEGATIVE_INFINITY;
  return {
    has: (account) => accounts.has(account),
    of(account, peers, time) {
      const found = accounts.get(account) ?? {
        ...{ account, peers, hours: [], isOff: isDayOff(time), most: 0 },
      };
      if (accounts.size < accountsMax) accounts.set(account, found);
      return found;
    },
    isOver: (time) => Math.floor(time / DAY_MS) > day,
    close(time) {
      const closed = [...accounts.values()];
      accounts.clear();
      day = Math.floor(time / DAY_MS);
      return closed;
    },
    write(writer) {
      writer.float(day);
      writer.count(accounts.size);
      for (const { account, peers, hours, isOff, most } of accounts.values()) {
        writer.text(account);
        writer.text(peers);
        writer.float(most);
        writer.count(isOff ? 1 : 0);
        writer.count(hours.length);
        for (const hour of hours) writer.count(hour);
      }
    },
    read(reader) {
      day = reader.float();
      accounts.clear();
      for (let left = reader.count(); left > 0; left -= 1) {
        const account = reader.text();
        const peers = reader.text();
        const most = reader.float();
        const isOff = reader.count() === 1;
        const hours: number[] = [];
        for (let more = reader.count(); more > 0; more -= 1) hours.push(reader.count());
        accounts.set(account, { account, peers, hours, isOff, most });
      }
    },
  };
}
