// Who failed to log on from where lately, and whose source it is: a source from which many accounts fail that
// do not belong there is guessing, and the one that then gets in was guessed.
import { createFairTable } from "../../fair-table.ts";
import type { StateReader, StateWriter } from "../../network/state.ts";
import { restoreTable, storeTable } from "../../network/table-state.ts";
import { DAY_MS } from "../behaviour/day-evidence.ts";
import { createDecayedCounts } from "../rarity/decayed-counts.ts";

/** Failures are remembered so long: a spray takes minutes, a careful one hours. */
const WINDOW_MS = DAY_MS / 6;
/** Accounts remembered per source; more make nothing worse. */
const FAILED_MAX = 64;
/** A source with more accounts of its own is shared: terminal server, jump host, gateway. */
const OWNERS_MAX = 3;

/** What a successful logon from a source means. */
export interface Arrival {
  /** The account has logged on from there on an earlier day. */
  readonly isHome: boolean;
  /** The source is at home with nobody. */
  readonly isNobodys: boolean;
  /** Other accounts that failed from there lately and are not at home there. */
  readonly failed: number;
  /** The account is new at a source that belongs to others. */
  readonly isForeign: boolean;
}

/** Who failed from somewhere lately. */
interface Failures {
  /** Name of the source whose events tell of them first. */
  readonly source: string;
  /** Accounts and when they failed last. */
  readonly accounts: Map<string, number>;
}

export interface SprayWatch {
  /** @param teller name of the source whose event it is */
  failed(account: string, source: string, time: number, teller: string): void;
  succeeded(account: string, source: string, time: number): Arrival;
  readonly keys: number;
  readonly evicted: number;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

/** Watches at most so many sources, and remembers so many pairs of an account and its source. */
export function createSprayWatch(
  sourcesMax: number,
  pairsMax: number,
  halfLifeMs: number,
): SprayWatch {
  const homes = createDecayedCounts({ keysMax: pairsMax, halfLifeMs });
  // One that tells of ever new addresses pushes out its own, and no spray that another one tells of.
  const failures = createFairTable<Failures>(sourcesMax);
  const recent = (source: string, time: number, teller: string): Failures => {
    const found = failures.get(source) ?? { source: teller, accounts: new Map<string, number>() };
    const { accounts } = found;
    for (const [account, at] of accounts) if (time - at > WINDOW_MS) accounts.delete(account);
    return found;
  };
  const pairOf = (account: string, source: string) => `${account}\u0000${source}`;
  return {
    failed(account, source, time, teller) {
      const found = recent(source, time, teller);
      const { accounts } = found;
      if (accounts.size >= FAILED_MAX && !accounts.has(account)) return;
      // Who works there mistypes there.
      if (homes.get(pairOf(account, source), time) >= 2) return;
      accounts.set(account, time);
      failures.set(source, found);
    },
    succeeded(account, source, time) {
      const pair = homes.add(pairOf(account, source), time);
      const isHome = pair.first !== undefined && time - pair.first >= DAY_MS && pair.before >= 1;
      const owners = homes.get(`#${source}`, time);
      if (isHome) {
        // An owner counts once, as fresh as it was seen last.
        const { last } = homes.add(`!${pairOf(account, source)}`, time);
        const amount = last === undefined ? 1 : 1 - 2 ** (-(time - last) / halfLifeMs);
        if (amount > 0) homes.add(`#${source}`, time, amount);
        return { isHome, isNobodys: false, failed: 0, isForeign: false };
      }
      const { accounts } = recent(source, time, "");
      if (accounts.size === 0) failures.delete(source);
      const failed = accounts.size - (accounts.has(account) ? 1 : 0);
      const isNobodys = owners < 0.5;
      return { isHome, isNobodys, failed, isForeign: !isNobodys && owners <= OWNERS_MAX };
    },
    get keys() {
      return homes.keys + failures.size;
    },
    get evicted() {
      return failures.evicted + homes.evicted;
    },
    write(writer) {
      homes.write(writer);
      storeTable(writer, failures, ({ source, accounts }) => {
        writer.text(source);
        writer.count(accounts.size);
        for (const [account, time] of accounts) {
          writer.text(account);
          writer.float(time);
        }
      });
    },
    read(reader) {
      homes.read(reader);
      restoreTable(reader, failures, () => {
        const source = reader.text();
        const accounts = new Map<string, number>();
        for (let left = reader.count(); left > 0; left -= 1)
          accounts.set(reader.text(), reader.float());
        return { source, accounts };
      });
    },
  };
}
