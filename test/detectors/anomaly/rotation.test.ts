// Pseudonyms rotate while detectors learn: what they say is the same as if nothing had happened, under the new
// names, and once the overlap is over nothing in their state remembers the old ones.
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Activity } from "../../../detectors/anomaly/activity.ts";
import type { AnomalyDetector } from "../../../detectors/anomaly/anomaly.ts";
import {
  createKeyedAnomalies,
  type KeyedAnomalies,
  observationOfActivity,
  observationOfLine,
} from "../../../detectors/anomaly/keyed-anomalies.ts";
import { createLogons } from "../../../detectors/anomaly/logons/logons.ts";
import { createRarity } from "../../../detectors/anomaly/rarity/rarity.ts";
import { createVolume } from "../../../detectors/anomaly/volume/volume.ts";
import type { Observation, Raised } from "../../../detectors/keyed.ts";
import { createBeaconDetector } from "../../../detectors/network/beacon/beacon.ts";
import { createDgaDetector } from "../../../detectors/network/dga/dga.ts";
import { createExfiltrationDetector } from "../../../detectors/network/exfiltration/exfiltration.ts";
import { createScanDetector } from "../../../detectors/network/scan/scan.ts";
import { createTunnelDetector } from "../../../detectors/network/tunnel/tunnel.ts";
import { createLogStream } from "../../../detectors/templates/stream/log-stream.ts";
import { withFormerNames } from "../../../services/detect/former-names.ts";
import { drawCounty } from "./behaviour/county-days.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const BEGIN = Date.UTC(2026, 1, 2);
const ROTATION = BEGIN + 17 * DAY_MS;
const END = ROTATION + 5 * DAY_MS;
const LAST = BEGIN + 26 * DAY_MS;
const GENEROUS = { startTail: 1, findingsPerDay: 500 };
const ALPHABET = "0123456789bcdfghjkmnpqrstvwxyzel";

type Name = (label: string) => string;

/** A pseudonym as privacy makes them. */
function pseudonymOf(name: string, epoch: number): string {
  const bytes = createHash("sha256").update(`${epoch}\n${name}`).digest().subarray(0, 10);
  return [...bytes].map((byte) => ALPHABET[byte % 32]).join("");
}

const NAMES = new Map<string, string>();
/** Present → former, of all names. */
const FORMER = new Map<string, string>();
const token = (label: string, epoch: number): string => {
  const key = `${label}\n${epoch}`;
  const known = NAMES.get(key) ?? pseudonymOf(label, epoch);
  NAMES.set(key, known);
  return known;
};
const nameIn =
  (epoch: number) =>
  (prefix: string): Name =>
  (label) => {
    FORMER.set(`${prefix}-${token(label, 2)}`, `${prefix}-${token(label, 1)}`);
    return `${prefix}-${token(label, epoch)}`;
  };

/** Makes the same observations under the names of an epoch. */
type Made = (epoch: number) => readonly Observation[];

function isSeen(time: number): boolean {
  return time >= ROTATION && time < END;
}

/** Logons, programs and, of each logon, a mail: accounts that nobody sees in the overlap stay away after it. */
function accountDays(): Made {
  const { activities } = drawCounty(11, {
    accounts: 90,
    days: 26,
    attackDays: 8,
    attacksOfKind: 4,
  });
  const seen = new Set(activities.flatMap(({ time, account }) => (isSeen(time) ? [account] : [])));
  const kept = activities.filter(({ time, account }) => time < END || seen.has(account));
  return (epoch) => {
    const [account, peers] = [nameIn(epoch)("konto"), nameIn(epoch)("gruppe")];
    return kept.map((activity) =>
      observationOfActivity({
        ...activity,
        account: account(activity.account ?? ""),
        peers: peers(activity.peers ?? ""),
      }),
    );
  };
}

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Machines that bear the names of their people; some go astray behind the rotation. */
function machineDays(): Made {
  const next = randomOf(5);
  const acts: { time: number; host: string; make: (host: string) => Partial<Activity> }[] = [];
  const flow = (time: number, host: string, to: string, bytesOut: number, port = 443) =>
    acts.push({
      ...{ time, host },
      make: (from) => ({
        ...{ kind: "flow", from, to, port, protocol: "tcp", bytesOut, bytesIn: 500 },
        ...{ durationMs: 900, allowed: true },
      }),
    });
  const ask = (time: number, host: string, name: string, answer: string) =>
    acts.push({ time, host, make: (from) => ({ kind: "dns", from, name, type: "A", answer }) });
  for (let day = BEGIN; day < LAST; day += DAY_MS)
    for (let host = 0; host < 24; host += 1) {
      // Each machine is busy for ten minutes of its day.
      const begin = day + (8 + (host % 9)) * HOUR_MS;
      const moment = () => begin + Math.floor(next() * 590_000);
      for (let count = 10 + Math.floor(next() * 5); count > 0; count -= 1) {
        const to = `192.0.2.${Math.floor(next() * 200)}`;
        flow(moment(), `h${host}`, to, Math.floor(100_000 + next() * 90_000));
        ask(moment(), `h${host}`, `n${Math.floor(next() * 1000)}.kreis.example`, "NOERROR");
      }
      ask(moment(), `h${host}`, `neu${Math.floor(next() * 1e6)}.example`, "NOERROR");
    }
  for (let hour = BEGIN; hour < LAST; hour += HOUR_MS)
    for (let host = 0; host < 24; host += 2) {
      const to = `198.51.100.${Math.floor(next() * 20)}`;
      flow(hour + Math.floor(next() * HOUR_MS), `h${host}`, to, Math.floor(2000 + next() * 9000));
    }
  for (let at = 0; at < 300; at += 1) {
    const time = ROTATION + DAY_MS + at * 300_000;
    flow(time + Math.floor(next() * 4000), "h3", "203.0.113.66", 740);
    flow(ROTATION + 3 * DAY_MS + at * 1900, "h4", `10.9.${at % 200}.${at}`, 60, 1000 + at);
    flow(ROTATION + 4 * DAY_MS + at * 9000, "h5", "203.0.113.9", 90_000_000);
    const label = Array.from({ length: 40 }, () => ALPHABET[Math.floor(next() * 32)]).join("");
    ask(ROTATION + 2 * DAY_MS + at * 9000, "h6", `${label}.weg.example`, "NOERROR");
    ask(ROTATION + 2 * DAY_MS + at * 8000, "h7", `${label.slice(0, 14)}.info`, "NXDOMAIN");
  }
  acts.sort((a, b) => a.time - b.time);
  return (epoch) => {
    const machine = nameIn(epoch)("konto");
    return acts.map(({ time, host, make }, at) =>
      observationOfActivity({
        ...{ id: String(at).padStart(9, "0"), time, source: "firewall" },
        // Each of the kinds above is whole with these three.
        ...(make(`pc-${machine(host)}`) as Activity),
      }),
    );
  };
}

/** What programs write, with names in it; and news of two hosts behind the rotation. */
function lineDays(): Made {
  const next = randomOf(9);
  const lines: { time: number; host: string; account: string; message: string }[] = [];
  for (let time = BEGIN; time < LAST; time += HOUR_MS / 4) {
    const account = `a${Math.floor(next() * 20)}`;
    const host = `web${Math.floor(next() * 4)}`;
    lines.push({ time, host, account, message: "sshd: session opened for user" });
    lines.push({ time: time + 2000, host, account, message: "sshd: session closed for user" });
  }
  for (const [at, word] of ["reboots the kernel", "loads a module", "stops the guard"].entries())
    lines.push({
      ...{ time: ROTATION + (at + 1) * DAY_MS + 1, host: "web1", account: `a${at}` },
      message: `systemd: ${word} because of`,
    });
  lines.sort((a, b) => a.time - b.time);
  return (epoch) => {
    const name = nameIn(epoch)("konto");
    return lines.map(({ time, host, account, message }, at) =>
      observationOfLine({
        ...{ id: String(at).padStart(9, "0"), time, source: "web", host: `${name(host)}-1` },
        message: `${message} ${name(account)} S-1-5-21-${name(account).slice(6)}`,
      }),
    );
  };
}

const ACCOUNTS = accountDays();
const MACHINES = machineDays();
const LINES = lineDays();
const MODEL = { score: (names: readonly string[]) => Float64Array.from(names, madeUp) };
function madeUp(name: string): number {
  return name.endsWith(".info") ? 0.99 : 0.01;
}

const of = (name: string, create: () => AnomalyDetector<Activity>) => (): KeyedAnomalies =>
  createKeyedAnomalies({ [name]: create() }, GENEROUS);

const CASES: readonly (readonly [string, Made, () => KeyedAnomalies])[] = [
  ["rarity", ACCOUNTS, of("rarity", () => createRarity({ tailMax: 0.02 }))],
  ["volume", ACCOUNTS, of("volume", () => createVolume({ tailMax: 0.02 }))],
  ["logons", ACCOUNTS, of("logons", () => createLogons({ tailMax: 0.02 }))],
  ["beacon", MACHINES, of("beacon", () => createBeaconDetector())],
  ["exfiltration", MACHINES, of("exfiltration", () => createExfiltrationDetector())],
  ["scan", MACHINES, of("scan", () => createScanDetector())],
  ["tunnel", MACHINES, of("tunnel", () => createTunnelDetector())],
  ["dga", MACHINES, of("dga", () => createDgaDetector(MODEL))],
  [
    "templates",
    LINES,
    () => createKeyedAnomalies({}, GENEROUS, { templates: createLogStream({ tailMax: 0.05 }) }),
  ],
];

interface Run {
  readonly raised: readonly Raised[];
  /** Bytes of the state in the middle of the overlap and behind it. */
  readonly during: string;
  readonly after: string;
}

function bytesOf(anomalies: KeyedAnomalies): string {
  return anomalies
    .store()
    .map((piece) => Buffer.from(piece).toString("latin1"))
    .join("");
}

function run(anomalies: KeyedAnomalies, observations: readonly Observation[]): Run {
  const raised: Raised[] = [];
  let [during, after] = ["", ""];
  for (const observation of observations) {
    const { time } = observation;
    if (during === "" && time >= ROTATION + 2 * DAY_MS) during = bytesOf(anomalies);
    raised.push(...anomalies.advance(time));
    if (after === "" && time >= END) after = bytesOf(anomalies);
    raised.push(...anomalies.observe(observation));
  }
  return { raised, during, after };
}

function rotated(make: Made): readonly Observation[] {
  const [before, present] = [make(1), make(2)];
  const former = { begin: ROTATION, end: END, names: FORMER };
  return before.map((one, at) => {
    const other = present[at] ?? one;
    if (one.time < ROTATION) return one;
    return one.time < END ? withFormerNames(other, former) : other;
  });
}

/** Under the names of the epoch before. */
function formerly(raised: readonly Raised[]): unknown[] {
  const tokens = new Map([...FORMER].map(([now, before]) => [now.slice(-10), before.slice(-10)]));
  const text = JSON.stringify(raised).replace(
    /(?<=-)[0-9a-z]{10}\b/g,
    (one) => tokens.get(one) ?? one,
  );
  return JSON.parse(text);
}

describe("a rotation of pseudonyms", () => {
  it.each(CASES)(
    "changes nothing in what %s says, and leaves no name behind",
    (_, make, create) => {
      const still = run(create(), make(1));
      const turned = run(create(), rotated(make));
      const late = still.raised.filter(({ time }) => time >= ROTATION);
      expect(late.length).toBeGreaterThan(0);
      expect(formerly(turned.raised)).toEqual(formerly(still.raised));
      const before = [...new Set([...FORMER.values()].map((name) => name.slice(-10)))];
      expect(before.some((name) => turned.during.includes(name))).toBe(true);
      expect(before.filter((name) => turned.after.includes(name))).toEqual([]);
    },
  );

  it("names what is raised as people know it now, and nobody by a name of its own", () => {
    const [, make, create] = CASES[0] ?? ["", ACCOUNTS, () => createKeyedAnomalies({})];
    const { raised } = run(create(), rotated(make));
    const named = (time: (time: number) => boolean) =>
      new Set(raised.filter((one) => time(one.time)).flatMap(({ group }) => group));
    const former = new Set(FORMER.values());
    expect([...named((time) => time >= ROTATION)].filter((name) => former.has(name))).toEqual([]);
    expect([...named(() => true)].filter((name) => name.startsWith("konto-o"))).toEqual([]);
  });

  it("goes on over a snapshot in the middle of the overlap", () => {
    const [, make, create] = CASES[2] ?? ["", ACCOUNTS, () => createKeyedAnomalies({})];
    const observations = rotated(make);
    const half = observations.findIndex(({ time }) => time >= ROTATION + 2 * DAY_MS);
    const whole = create();
    run(whole, observations.slice(0, half));
    const restored = create();
    restored.restore(whole.store());
    expect(restored.store()).toEqual(whole.store());
    const rest = observations.slice(half);
    expect(run(restored, rest)).toEqual(run(whole, rest));
  });
});
