import { describe, expect, it } from "vitest";
import type { Activity, LogonActivity } from "../../../../detectors/anomaly/activity.ts";
import type { Anomaly, AnomalyDetector } from "../../../../detectors/anomaly/anomaly.ts";
import { createAutoencoder } from "../../../../detectors/anomaly/autoencoder/autoencoder.ts";
import {
  alwaysInForce,
  type LiveAutoencoder,
} from "../../../../detectors/anomaly/autoencoder/live-autoencoder.ts";
import { FEATURES } from "../../../../detectors/anomaly/autoencoder/measures.ts";
import {
  loadAutoencoder,
  quietRows,
  trainAutoencoder,
} from "../../../../detectors/anomaly/autoencoder/model.ts";
import { openBackend } from "../../../../detectors/anomaly/backend.ts";
import { drawCounty } from "../behaviour/county-days.ts";

const DAY_MS = 86_400_000;
const OPTIONS = { accounts: 80, days: 26, attackDays: 5, attacksOfKind: 2 };
const COUNTY = drawCounty(7, OPTIONS);
const BEGIN = COUNTY.activities[0]?.time ?? 0;
/** What was before the attacks. */
const QUIET = COUNTY.activities.filter(({ time }) => time < BEGIN + 20 * DAY_MS);
const backend = await openBackend("wasm");
const ROWS = quietRows(QUIET);
const TRAINING = { backend, seed: 3, epochs: 12 };
const ARTEFACT = trainAutoencoder(ROWS, TRAINING);
const model = loadAutoencoder(ARTEFACT, backend);
const live = alwaysInForce(model);

function runOf(detector: AnomalyDetector<Activity>, activities: readonly Activity[]): Anomaly[] {
  const last = activities.at(-1)?.time ?? 0;
  return [
    ...activities.flatMap((activity) => detector.observe(activity)),
    ...detector.advance(last + DAY_MS),
  ];
}

const logon = (more: Partial<LogonActivity>): LogonActivity => ({
  ...{ kind: "logon", id: "1", time: Date.UTC(2026, 1, 2, 9), source: "s", account: "a" },
  ...{ peers: "p", host: "h", from: "w", succeeded: true, method: "kerberos", country: undefined },
  ...more,
});

/** The code of the error that this throws. */
function codeOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return Object(error).code;
  }
}

describe("the model", () => {
  it("is the same for the same rows and seed, and another for another seed", () => {
    expect(trainAutoencoder(ROWS, TRAINING)).toEqual(ARTEFACT);
    expect(trainAutoencoder(ROWS, { ...TRAINING, seed: 4 })).not.toEqual(ARTEFACT);
  });

  it("gives quiet days back better than days with shuffled measures", () => {
    const rows = ROWS.slice(0, 200);
    const errorOf = (of: readonly Float32Array[]) => {
      const expected = model.expected(Float32Array.from(of.flatMap((row) => [...row])), of.length);
      const flat = of.flatMap((row) => [...row]);
      return flat.reduce((sum, value, at) => sum + (value - (expected[at] ?? 0)) ** 2, 0);
    };
    const shuffled = rows.map((_, place) =>
      Float32Array.from({ length: FEATURES }, (__, at) => rows[(place + at * 7) % 200]?.[at] ?? 0),
    );
    expect(errorOf(rows)).toBeLessThan(0.8 * errorOf(shuffled));
  });

  it("leaves no tensor behind but the weights of what is open", () => {
    const before = backend.tf.memory().numTensors;
    loadAutoencoder(trainAutoencoder(ROWS, { ...TRAINING, epochs: 2 }), backend).dispose();
    expect(backend.tf.memory().numTensors).toBe(before);
  });

  it("holds as many tensors after thousands of days as before", () => {
    const block = Float32Array.from(ROWS.slice(0, 64).flatMap((row) => [...row]));
    const before = backend.tf.memory().numTensors;
    for (let call = 0; call < 2000; call += 1) model.expected(block, 64);
    expect(backend.tf.memory().numTensors).toBe(before);
  });

  it("goes on from an earlier one in half of the epochs, and is as good", () => {
    const again = loadAutoencoder(
      trainAutoencoder(ROWS, { ...TRAINING, start: ARTEFACT }),
      backend,
    );
    const halved = loadAutoencoder(trainAutoencoder(ROWS, { ...TRAINING, epochs: 6 }), backend);
    const missed = ({ residuals }: typeof model) => residuals.reduce((sum, one) => sum + one, 0);
    expect(missed(again)).toBeLessThan(missed(halved));
    expect(missed(again)).toBeLessThan(1.02 * missed(model));
    again.dispose();
    halved.dispose();
  });

  it("begins anew where the earlier one knows other features", () => {
    const start = Uint8Array.of(99, ...ARTEFACT.subarray(1));
    expect(trainAutoencoder(ROWS, { ...TRAINING, start })).toEqual(ARTEFACT);
  });

  it("ends with what there is when its time is over", () => {
    let steps = 0;
    const isOver = () => {
      steps += 1;
      return steps > 10;
    };
    const short = loadAutoencoder(trainAutoencoder(ROWS, { ...TRAINING, isOver }), backend);
    expect(steps).toBeLessThan(20);
    expect(short.limit).toBeGreaterThan(0);
    short.dispose();
  });

  const damaged = Uint8Array.from(ARTEFACT);
  damaged[500] = (damaged[500] ?? 0) ^ 0xff;
  it.each([
    ["a damaged", damaged, "HW_STORE_CORRUPT"],
    ["an empty", new Uint8Array(), "HW_STORE_CORRUPT"],
    ["a cut", ARTEFACT.subarray(0, 1000), "HW_STORE_CORRUPT"],
    ["a newer", Uint8Array.of(99, ...ARTEFACT.subarray(1)), "HW_STORE_VERSION"],
  ])("refuses %s artefact", (_, artefact, code) => {
    expect(codeOf(() => loadAutoencoder(artefact, backend))).toBe(code);
  });

  it.each([
    ["too few rows", ROWS.slice(0, 99)],
    ["rows of another width", ROWS.map((row) => row.subarray(1))],
    ["rows that are no numbers", ROWS.map(() => new Float32Array(FEATURES).fill(Number.NaN))],
  ])("refuses to learn from %s", (_, rows) => {
    expect(() => trainAutoencoder(rows, TRAINING)).toThrow(RangeError);
  });
});

describe("days of an invented county", () => {
  const said = runOf(createAutoencoder(live, { tailMax: 0.01 }), COUNTY.activities);

  it("are told where hours or places do not go together with the rest", () => {
    const found = new Set(
      said.map(({ from, entity }) => `${Math.round((from - BEGIN) / DAY_MS)}:${entity.value}`),
    );
    for (const kind of ["odd_hour", "impossible_travel"]) {
      const ids = [...COUNTY.attacks].filter(([, of]) => of === kind).map(([id]) => id);
      expect(ids.length).toBeGreaterThan(0);
      expect(ids.filter((id) => found.has(id))).not.toEqual([]);
    }
  });

  it("name what drove them, with events in the order of time, and few of them", () => {
    for (const anomaly of said) {
      expect(anomaly.tail).toBeGreaterThan(0);
      expect(anomaly.tail).toBeLessThanOrEqual(0.01);
      expect(anomaly.time).toBe(anomaly.from + DAY_MS - 1);
      const shares = anomaly.drivers.map(({ share }) => share);
      expect(shares).toEqual([...shares].sort((a, b) => b - a));
      expect(shares[0]).toBeGreaterThan(1 / FEATURES);
      const times = anomaly.events.map(({ time }) => time);
      expect(times.length).toBeGreaterThan(0);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
    const days = new Set(said.map(({ from }) => from)).size;
    expect(said.length).toBeLessThan(5 * days);
  });

  it("are told the same by another run, and by one with a restart in the middle", () => {
    expect(runOf(createAutoencoder(live, { tailMax: 0.01 }), COUNTY.activities)).toEqual(said);
    const half = Math.floor(COUNTY.activities.length * 0.83);
    const first = createAutoencoder(live, { tailMax: 0.01 });
    const before = COUNTY.activities.slice(0, half).flatMap((activity) => first.observe(activity));
    const pieces = first.store();
    for (const piece of pieces) expect(piece.length).toBeLessThan(1_048_576);
    const second = createAutoencoder(live, { tailMax: 0.01 });
    second.restore(pieces);
    expect(second.store()).toEqual(pieces);
    expect([...before, ...runOf(second, COUNTY.activities.slice(half))]).toEqual(said);
  });

  it("stay silent while too little is known", () => {
    expect(Math.min(...said.map(({ from }) => from))).toBeGreaterThan(BEGIN + 4 * DAY_MS);
  });
});

describe("a model that comes and goes", () => {
  /** Of a county without a model until this day, and with one in this state from then on. */
  function runWith(state: LiveAutoencoder["state"], fromDay: number) {
    const now: { state: LiveAutoencoder["state"] } = { state: "none" };
    let kept = 0;
    const detector = createAutoencoder(
      {
        get state() {
          return now.state;
        },
        expect: (rows, days) => (now.state === "none" ? undefined : live.expect(rows, days)),
        keep: ({ length }) => {
          kept += length;
        },
      },
      { tailMax: 0.01 },
    );
    const said = COUNTY.activities.flatMap((activity) => {
      if (activity.time >= BEGIN + fromDay * DAY_MS) now.state = state;
      return detector.observe(activity);
    });
    return { said, kept };
  }

  it("finds days cut and their past known when it comes", () => {
    expect(runWith("active", 10).said.length).toBeGreaterThan(0);
  });

  it("is not heard in the shadow, nor asked before it is there; days are kept all the same", () => {
    const [shadow, none] = [runWith("shadow", 10), runWith("none", 10)];
    expect([shadow.said, none.said]).toEqual([[], []]);
    expect(none.kept).toBe(shadow.kept);
    expect(none.kept).toBeGreaterThan(ROWS.length);
  });
});

describe("hostile values", () => {
  const texts = ["", "x".repeat(1_000_000), "__proto__", "\u0000", "\ud800"];
  const numbers = [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e308];

  it("neither crash it nor make it blind", () => {
    const detector = createAutoencoder(live, { tailMax: 0.01 });
    const hostile = (day: number): Activity[] => {
      const time = BEGIN + day * DAY_MS + 9 * 3_600_000;
      const logons = texts.map((text) =>
        logon({ time, account: text, host: text, from: text, method: text, peers: text }),
      );
      const flows = numbers.map((number): Activity => {
        const flow = { ...logon({ time }), kind: "flow", to: "b", port: number } as const;
        const bytes = { bytesOut: number, bytesIn: number, durationMs: number };
        return { ...flow, ...bytes, from: "a", protocol: undefined, allowed: true };
      });
      return [...logons, ...flows];
    };
    const mixed = COUNTY.activities.concat();
    const all: Activity[] = [
      ...mixed,
      ...Array.from({ length: 26 }, (_, day) => hostile(day)).flat(),
    ];
    all.sort((a, b) => a.time - b.time);
    const attacked = [...COUNTY.attacks].filter(([, kind]) => kind === "odd_hour");
    const said = runOf(detector, all);
    const accounts = said.map(({ entity }) => entity.value);
    expect(attacked.some(([id]) => accounts.includes(id.split(":")[1] ?? ""))).toBe(true);
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(detector.observe(logon({ time }))).toEqual([]);
      expect(detector.advance(time)).toEqual([]);
    }
  });

  it("keeps a flood of new names within its bounds", () => {
    const bounds = { keysMax: 4_096, entitiesMax: 500 };
    const detector = createAutoencoder(live, bounds);
    for (let at = 0; at < 20_000; at += 1)
      detector.observe(logon({ time: BEGIN + at * 1000, account: `f-${at}`, host: `h-${at}` }));
    detector.advance(BEGIN + 2 * DAY_MS);
    expect(detector.keys).toBeLessThan(6_000);
    expect(detector.evicted).toBeGreaterThan(30_000);
  });

  it.each([
    ["a damaged", (bytes: Uint8Array) => bytes.map((byte, at) => (at === 40 ? byte ^ 0xff : byte))],
    ["a cut", (bytes: Uint8Array) => bytes.subarray(0, -3)],
  ])("refuses %s state", (_, spoil) => {
    const [piece = new Uint8Array()] = createAutoencoder(live).store();
    expect(codeOf(() => createAutoencoder(live).restore([spoil(piece)]))).toBe("HW_STORE_CORRUPT");
  });
});

describe("a slow ramp", () => {
  it("does not raise what is usual as fast as it rises", () => {
    const detector = createAutoencoder(live, { tailMax: 1 });
    const usual = COUNTY.activities.find(({ kind, id }) => kind === "logon" && id.endsWith("9"));
    const [account, peers] = usual?.kind === "logon" ? [usual.account, usual.peers] : [];
    const ramp: Activity[] = [];
    for (let day = 8; day < 26; day += 1) {
      // Doubles every other day, at hours and on a host that are usual.
      const count = Math.round(2 * 2 ** ((day - 8) / 2));
      const time = BEGIN + (day * 24 + 4) * 3_600_000;
      for (let at = 0; at < count; at += 1) {
        const more = { account: account ?? "", peers, host: "ablage-1", from: "platz-5" };
        ramp.push(logon({ ...more, id: `r${day}-${at}`, time: time + at * 1000 }));
      }
    }
    const all = [...COUNTY.activities, ...ramp].sort((a, b) => a.time - b.time);
    const said = runOf(detector, all).filter(({ entity }) => entity.value === account);
    const late = said.filter(({ from }) => from > BEGIN + 17 * DAY_MS);
    expect(late.length).toBeGreaterThan(5);
    for (const { drivers } of late) {
      const logons = drivers.find(({ feature }) => feature === "autoencoder.logons");
      expect(Number(logons?.seen)).toBeGreaterThan(3 * Number(logons?.expected));
    }
  });
});
