import { beforeAll, describe, expect, it } from "vitest";
import type { AnomalyDetector } from "../../../../detectors/anomaly/anomaly.ts";
import { openBackend } from "../../../../detectors/anomaly/backend.ts";
import type {
  LiveSequences,
  SequenceRow,
} from "../../../../detectors/templates/sequence/live-sequences.ts";
import {
  loadSequences,
  ROW_SIGNS,
  type SequenceModel,
  trainSequences,
} from "../../../../detectors/templates/sequence/model.ts";
import {
  createLogStream,
  type LogLine,
} from "../../../../detectors/templates/stream/log-stream.ts";

const STEP_MS = 10_000;
const QUICK = { warmupLines: 100, warmupMs: 0 };
const HOSTS = ["srv1", "srv2", "srv3"];

/** Runs of a job, day and night in turn as it comes; what ends a run is what began it. */
function runs(count: number, from = 0, oddRun = -1): LogLine[] {
  return Array.from({ length: count }, (_, run) => {
    const number = from + run;
    const host = HOSTS[number % HOSTS.length] ?? "";
    // A sequence without a short period, the same on all machines.
    const isDay = (Math.imul(number, 0x9e3779b1) >>> 16) % 2 === 0;
    const endsDay = run === oddRun ? !isDay : isDay;
    const [begin, end] = [isDay ? "day" : "night", endsDay ? "day" : "night"];
    return [`${begin} run begins`, `copied ${number} files`, `${end} run ends`].map((message, at) =>
      line(`${number}.${at}`, (number * 3 + at) * STEP_MS, message, host),
    );
  }).flat();
}

function line(id: string, time: number, message: string, host = "srv1"): LogLine {
  return { id, time, source: "backup", host, message };
}

function live(model?: SequenceModel, state: LiveSequences["state"] = "active") {
  const rows: SequenceRow[] = [];
  const face: LiveSequences = { state, model, keep: (row) => void rows.push(row) };
  return { face, rows };
}

function say(detector: AnomalyDetector<LogLine>, lines: readonly LogLine[]) {
  return lines.flatMap((one) => detector.observe(one));
}

let artefact: Uint8Array;
let model: SequenceModel;
beforeAll(async () => {
  const { face, rows } = live(undefined, "none");
  say(createLogStream(QUICK, face), runs(900));
  const backend = await openBackend("wasm");
  artefact = trainSequences(
    rows.map(({ signs }) => signs),
    { backend, steps: 100, batch: 24 },
  );
  model = loadSequences(artefact);
}, 60_000);

const quiet = runs(700);
const after = runs(30, 700, 20);

describe("the order of sentences on a host", () => {
  it("is said where it depends on what came before the last sentence", () => {
    const detector = createLogStream(QUICK, live(model).face);
    expect(say(detector, quiet).filter(({ kind }) => kind === "rare_order").length).toBeLessThan(3);
    const found = say(detector, after).filter(({ kind }) => kind === "rare_order");
    const [first, ...others] = found;
    expect(first).toMatchObject({ entity: { type: "host" }, source: "backup" });
    expect(first?.events).toMatchObject([{ id: "720.2" }]);
    expect(others.length).toBeLessThan(2);
    const [driver] = found[0]?.drivers ?? [];
    expect(driver?.feature).toBe("templates.order");
    const expected = String(driver?.seen).startsWith("day") ? "night run ends" : "day run ends";
    expect(driver?.expected).toContain(expected);
    expect(found[0]?.from).toBeLessThan(found[0]?.time ?? 0);
  });

  it.each([
    ["there is no model", undefined, "none"],
    ["the model is in the shadow", "loaded", "shadow"],
  ] as const)("is not said while %s, and all else is said as ever", (_, asked, state) => {
    const plain = createLogStream(QUICK);
    const other = createLogStream(QUICK, live(asked && model, state).face);
    const lines = [...quiet, ...after, line("x", 1e8, "never said before")];
    expect(say(other, lines)).toEqual(say(plain, lines));
  });

  it("is kept as rows of each host, for the next training", () => {
    const { face, rows } = live(undefined, "none");
    say(createLogStream(QUICK, face), quiet);
    expect(rows.length).toBeGreaterThan(100);
    expect(new Set(rows.map(({ host }) => host))).toEqual(new Set(HOSTS));
    expect(rows.every(({ signs, isUsual }) => signs.length === ROW_SIGNS && isUsual)).toBe(true);
    expect(new Set(rows.flatMap(({ signs }) => signs)).size).toBe(5);
  });

  it("is not called usual in rows that were odd", () => {
    const { face, rows } = live(model);
    const detector = createLogStream(QUICK, face);
    say(detector, quiet);
    rows.length = 0;
    say(detector, runs(90, 700, 20));
    expect(rows.filter(({ isUsual }) => !isUsual).map(({ host }) => host)).toEqual(["srv1"]);
  });
});

describe("its state", () => {
  it("goes on in the middle as if nothing had been", () => {
    const whole = createLogStream(QUICK, live(model).face);
    const first = createLogStream(QUICK, live(model).face);
    const begin = quiet.slice(0, 1_500);
    expect(say(first, begin)).toEqual(say(whole, begin));
    const resumed = createLogStream(QUICK, live(loadSequences(artefact)).face);
    resumed.restore(first.store());
    expect(resumed.store()).toEqual(whole.store());
    const rest = [...quiet.slice(1_500), ...after];
    const said = say(whole, rest);
    expect(said.some(({ kind }) => kind === "rare_order")).toBe(true);
    expect(say(resumed, rest)).toEqual(said);
    expect(resumed.store()).toEqual(whole.store());
  });

  it("learns what is usual anew when another model comes", () => {
    const changing = { ...live(model).face };
    const detector = createLogStream(QUICK, changing);
    say(detector, quiet);
    Object.assign(changing, { model: { ...model, mark: model.mark + 1 } });
    expect(say(detector, after).filter(({ kind }) => kind === "rare_order")).toEqual([]);
  });

  it("is bounded in a flood of hosts and sources, and evicts with notice", () => {
    const detector = createLogStream({ ...QUICK, keysMax: 50 }, live(model).face);
    for (let at = 0; at < 3_000; at += 1)
      detector.observe({ ...line(String(at), at, "day run begins", `h${at}`), source: `s${at}` });
    expect(detector.keys).toBeLessThan(3_000);
    expect(detector.evicted).toBeGreaterThan(5_000);
  });

  it.each([
    ["no end of time", line("a", Number.POSITIVE_INFINITY, "day run begins")],
    ["an absurd time", line("a", 1e308, "day run begins")],
    ["an empty line", line("", 0, "", "")],
    ["1 MB", line("a", 0, "x y ".repeat(250_000), "h".repeat(1_000_000))],
    ["names of properties", line("__proto__", 0, "__proto__", "constructor")],
  ])("takes %s", (_, hostile) => {
    const detector = createLogStream(QUICK, live(model).face);
    for (let time = 0; time < 6; time += 1) detector.observe(hostile);
    const again = createLogStream(QUICK, live(model).face);
    again.restore(detector.store());
    expect(again.store()).toEqual(detector.store());
  });
});

describe("a model of sequences", () => {
  const rows = Array.from({ length: 120 }, (_, at) => [1 + (at % 3), 7, 1 + (at % 3)]);

  it("is the same bytes for the same rows, seed and backend, and leaves no tensor", async () => {
    const backend = await openBackend("wasm");
    const before = backend.tf.memory().numTensors;
    const train = (seed: number) => trainSequences(rows, { backend, seed, steps: 3, batch: 8 });
    expect(Buffer.compare(train(1), train(1))).toBe(0);
    expect(Buffer.compare(train(1), train(2))).not.toBe(0);
    expect(backend.tf.memory().numTensors).toBe(before);
    for (let at = 0; at < 1_000; at += 1) model.oddness(model.start(), 1, 2);
    expect(backend.tf.memory().numTensors).toBe(before);
  });

  it("tells a bounded number of sentences apart, the most frequent ones", async () => {
    const backend = await openBackend("wasm");
    const flood = Array.from({ length: 4_000 }, (_, at) => [3, 1_000 + (at >> 3), 3]);
    const bounded = loadSequences(
      trainSequences(flood, { backend, steps: 2, batch: 8, knownMax: 50 }),
    );
    expect(bounded.isKnown(3)).toBe(true);
    const known = flood.filter(([, sign = 0]) => bounded.isKnown(sign)).length / 8;
    expect(known).toBe(49);
  });

  it("is not trained on too little", async () => {
    const backend = await openBackend("wasm");
    expect(() => trainSequences(rows.slice(0, 99), { backend })).toThrow(RangeError);
    expect(() => trainSequences(Array(200).fill([1]), { backend })).toThrow(RangeError);
  });

  it.each([
    ["cut", (bytes: Uint8Array) => bytes.slice(0, -9), "HW_STORE_CORRUPT"],
    ["changed", (bytes: Uint8Array) => bytes.with(900, 1 + (bytes[900] ?? 0)), "HW_STORE_CORRUPT"],
    ["empty", () => new Uint8Array(), "HW_STORE_CORRUPT"],
    ["of another version", (bytes: Uint8Array) => bytes.with(0, 99), "HW_STORE_VERSION"],
  ])("is refused where its bytes are %s", (_, spoil, code) => {
    expect(() => loadSequences(spoil(artefact))).toThrow(expect.objectContaining({ code }));
  });
});
