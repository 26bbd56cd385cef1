// Three weeks of an invented county with accounts that are stolen while others flood the logs with accounts,
// hosts and addresses, and on the day after.
import type { Activity, LogonActivity } from "../../../../detectors/anomaly/activity.ts";
import type { Anomaly, AnomalyDetector } from "../../../../detectors/anomaly/anomaly.ts";
import { createAutoencoder } from "../../../../detectors/anomaly/autoencoder/autoencoder.ts";
import { alwaysInForce } from "../../../../detectors/anomaly/autoencoder/live-autoencoder.ts";
import {
  loadAutoencoder,
  quietRows,
  trainAutoencoder,
} from "../../../../detectors/anomaly/autoencoder/model.ts";
import { openBackend } from "../../../../detectors/anomaly/backend.ts";
import { createLogons } from "../../../../detectors/anomaly/logons/logons.ts";
import { createRarity } from "../../../../detectors/anomaly/rarity/rarity.ts";
import { createVolume } from "../../../../detectors/anomaly/volume/volume.ts";
import { drawCounty } from "../behaviour/county-days.ts";
import { FLOOD_MS, FLOOD_SOURCE, type Flood } from "./flood.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAYS = 23;
const QUIET = drawCounty(7, { accounts: 150, days: DAYS, attackDays: 1, attacksOfKind: 0 });
const FIRST = Math.floor((QUIET.activities[0]?.time ?? 0) / DAY_MS) * DAY_MS;
/** The flood comes on a Monday at ten, the second theft the day after. */
const BEGIN = FIRST + 21 * DAY_MS + 10 * 60 * MINUTE_MS;
const THEFTS = { during: BEGIN, after: BEGIN + DAY_MS };
/** Two accounts with an ordinary number of logons, and when each is stolen. */
const VICTIMS = new Map(
  ordinaryAccounts(2).map((account, at) => [account, at === 0 ? "during" : "after"] as const),
);

/** Which detectors are flooded with accounts; each is to find both thefts by these features. */
export const ACCOUNT_FLOODS: Readonly<Record<string, () => Promise<Flood<Activity>>>> = {
  rarity: async () => floodOf(() => createRarity({ tailMax: 0.01 }), ["rarity."]),
  volume: async () => floodOf(() => createVolume({ tailMax: 0.01 }), ["volume.logons"]),
  logons: async () =>
    floodOf(() => createLogons({ tailMax: 0.01 }), ["logons.speed_kmh", "logons.failed_others"]),
  autoencoder: async () => {
    const backend = await openBackend("wasm");
    const rows = quietRows(QUIET.activities.filter(({ time }) => time < FIRST + 20 * DAY_MS));
    const live = alwaysInForce(
      loadAutoencoder(trainAutoencoder(rows, { backend, seed: 3, epochs: 12 }), backend),
    );
    return floodOf(() => createAutoencoder(live, { tailMax: 0.01 }), ["autoencoder."]);
  },
};

function floodOf(
  create: () => AnomalyDetector<Activity>,
  features: readonly string[],
): Flood<Activity> {
  const life = [
    ...QUIET.activities,
    ...[...VICTIMS].flatMap(([account, when]) => theft(account, when)),
  ];
  life.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  const seen = new Map<string, Set<string>>();
  return {
    ...{ create, life, flood: madeLogon, begin: BEGIN, until: FIRST + (DAYS + 1) * DAY_MS },
    attacks: [...VICTIMS.values()].sort(),
    attackOf({ entity, drivers, time, from }: Anomaly) {
      const when = VICTIMS.get(entity.value);
      if (when === undefined || time < THEFTS[when] - DAY_MS / 2 || from > THEFTS[when])
        return undefined;
      // A theft is found when all that shows it was told.
      const told = seen.get(entity.value) ?? new Set();
      seen.set(entity.value, told);
      for (const { feature } of drivers)
        for (const wanted of features) if (feature.startsWith(wanted)) told.add(wanted);
      return told.size === features.length ? when : undefined;
    },
  };
}

/**
 * Somebody tries many accounts from one address, and gets in with one that has been at home an hour ago; from
 * far away he then goes through machines that it never used. The flood comes over him in the middle.
 */
function theft(account: string, when: keyof typeof THEFTS): Activity[] {
  const begin = THEFTS[when];
  const logon = (at: number, time: number, more: Partial<LogonActivity>): LogonActivity => ({
    ...{ kind: "logon", id: `theft-${when}-${at}`, time, source: "county", account, peers: "" },
    ...{ host: "vpn", from: "203.0.113.9", succeeded: true, method: "vpn", country: undefined },
    ...more,
  });
  const home = { from: "198.51.100.7", country: "DE-NI" };
  const tries = Array.from({ length: 15 }, (_, at) =>
    logon(at, begin - 5 * MINUTE_MS + at * 1000, { account: `konto-${20 + at}`, succeeded: false }),
  );
  const machines = Array.from({ length: 150 }, (_, at) =>
    logon(100 + at, begin + (at / 150) * FLOOD_MS, {
      ...{ host: `geheim-${at % 10}`, from: "vpn", method: "kerberos" },
    }),
  );
  return [
    logon(98, begin - 20 * MINUTE_MS, home),
    ...tries,
    ...machines,
    logon(99, begin + FLOOD_MS + MINUTE_MS, { country: "VN" }),
  ];
}

/** A logon in which all is new. */
function madeLogon(at: number, time: number): LogonActivity {
  return {
    ...{ kind: "logon", id: `flood-${at}`, time, source: FLOOD_SOURCE, account: `made-${at}` },
    ...{ peers: undefined, host: `h-${at}`, from: `f-${at}`, succeeded: at % 2 === 0 },
    ...{ method: `m-${at}`, country: ["US", "CN", "BR"][at % 3] },
  };
}

function ordinaryAccounts(count: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const { kind, account } of QUIET.activities)
    if (kind === "logon") counts.set(account, (counts.get(account) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
  const middle = ranked.length >> 2;
  return ranked.slice(middle, middle + count).map(([account]) => account);
}
