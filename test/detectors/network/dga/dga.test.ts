import { describe, expect, it } from "vitest";
import type { DnsActivity } from "../../../../detectors/anomaly/activity.ts";
import { openBackend } from "../../../../detectors/anomaly/backend.ts";
import { createDgaDetector } from "../../../../detectors/network/dga/dga.ts";
import { drawFamilies } from "../../../../detectors/network/dga/families.ts";
import { loadDga, trainDga } from "../../../../detectors/network/dga/model.ts";
import { parseName } from "../../../../detectors/network/dga/name.ts";
import { ownUsualNames } from "../../../../detectors/network/dga/usual-names.ts";

const HOUR_MS = 3_600_000;
const SMALL = {
  ownFamilies: 21,
  namesPerFamily: 40,
  usualMax: 3000,
  networks: 1,
  epochs: 6,
} as const;
const backend = await openBackend();
const usual = ownUsualNames();
const artefact = trainDga(usual.slice(0, 3000), { ...SMALL, backend });
const model = loadDga(artefact, backend);

function asked(name: string, time: number, over: Partial<DnsActivity> = {}): DnsActivity {
  return {
    ...{ kind: "dns", id: `q${time}-${name}`, time, source: "dns", from: "10.0.0.1", name },
    ...{ type: "A", answer: "NOERROR" },
    ...over,
  };
}

/** Quiet hours: forty hosts, each with a few new names of usual kind. */
function quietHours(count: number, firstName = 3000): DnsActivity[] {
  return Array.from({ length: count * 40 }, (_, place) => {
    const time = Math.floor(place / 40) * HOUR_MS + (place % 40) * 1000;
    const name = usual[(firstName + place) % usual.length] ?? "";
    return asked(name, time, { from: `10.0.1.${place % 40}` });
  });
}

describe("the model of made names", () => {
  it("scores names of unknown families above usual names that it never saw", () => {
    const others = drawFamilies(4, 50, [], 77).flatMap(({ names }) => names);
    const middle = (values: Float64Array) => values.sort()[values.length >> 1] ?? 0;
    expect(middle(model.score(others))).toBeGreaterThan(0.9);
    expect(middle(model.score(usual.slice(6000, 6400)))).toBeLessThan(0.5);
  });

  it("gives the same artefact for the same names and seed", () => {
    const again = trainDga(usual.slice(0, 3000), { ...SMALL, backend });
    expect(Buffer.from(again).equals(Buffer.from(artefact))).toBe(true);
  });

  it("leaves no tensor behind, neither in training nor over thousands of calls", () => {
    const before = backend.tf.memory().numTensors;
    const short = { ...SMALL, backend, epochs: 1, networks: 2 };
    const other = loadDga(trainDga(usual.slice(0, 500), short), backend);
    const opened = backend.tf.memory().numTensors;
    for (let call = 0; call < 2000; call += 1) other.score(["verwaltung.de", "xkqzvwpjhbtr.com"]);
    expect(backend.tf.memory().numTensors).toBe(opened);
    other.dispose();
    expect(backend.tf.memory().numTensors).toBe(before);
  });

  it("goes on from an earlier model in half of the epochs, and is as good", () => {
    const names = usual.slice(1000, 4000);
    const others = drawFamilies(4, 50, [], 77).flatMap((family) => family.names);
    const mean = (values: Float64Array) =>
      values.reduce((sum, one) => sum + one, 0) / values.length;
    const apart = (bytes: Uint8Array) => {
      const one = loadDga(bytes, backend);
      const distance = mean(one.score(others)) - mean(one.score(usual.slice(6000, 6400)));
      one.dispose();
      return distance;
    };
    const again = trainDga(names, { ...SMALL, backend, start: artefact });
    expect(apart(again)).toBeGreaterThan(apart(trainDga(names, { ...SMALL, backend, epochs: 3 })));
    expect(apart(again)).toBeGreaterThan(0.95 * apart(artefact));
  });

  it("begins anew where the earlier one knows other features, and ends when its time is over", () => {
    const start = Uint8Array.from(artefact);
    start[0] = 99;
    const again = trainDga(usual.slice(0, 3000), { ...SMALL, backend, start });
    expect(Buffer.from(again).equals(Buffer.from(artefact))).toBe(true);
    let asks = 0;
    trainDga(usual.slice(0, 3000), { ...SMALL, backend, isOver: () => ++asks > 3 });
    expect(asks).toBeLessThanOrEqual(3 + SMALL.epochs);
  });

  it("scores a name alike in any company", () => {
    const names = usual.slice(0, 300);
    const together = model.score(names);
    expect(names.slice(0, 5).map((name) => model.score([name])[0])).toEqual([
      ...together.slice(0, 5),
    ]);
  });

  it.each([
    ["nothing", ""],
    ["dots", "....."],
    ["a megabyte", "x".repeat(1_000_000)],
    ["a megabyte of dots", ".".repeat(1_000_000)],
    ["punycode", "xn--mnchen-3ya.de"],
    ["other scripts", "münchen.例え.テスト"],
    ["half a surrogate pair", "\ud800.com"],
    ["control characters", "\u0000\u0007.com"],
    ["the marks of the table", "^$^$.com"],
    ["names of objects", "__proto__.constructor"],
  ])("survives %s", (_, name) => {
    const [score] = model.score([name]);
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(1);
  });

  it.each([
    ["cut", artefact.subarray(0, 1000)],
    ["empty", new Uint8Array(0)],
    ["spoiled", artefact.map((byte, at) => (at === 999 ? byte ^ 1 : byte))],
  ])("refuses an artefact that is %s", (_, bytes) => {
    expect(() => loadDga(bytes, backend)).toThrow(
      expect.objectContaining({ code: "HW_STORE_CORRUPT" }),
    );
  });
});

describe("parts of a name", () => {
  it.each([
    ["example.com", "example", "com"],
    ["www.example.co.uk", "example", "co.uk"],
    ["qxvkzmwp.duckdns.org", "qxvkzmwp", "duckdns.org"],
    ["EXAMPLE.DE", "example", "de"],
    ["localhost", "localhost", ""],
  ])("%s is chosen as %s under %s", (text, label, suffix) => {
    expect(parseName(text)).toMatchObject({ label, suffix });
  });
});

describe("the detector of made names", () => {
  const made = drawFamilies(1, 40, [], 5).flatMap(({ names }) => names);
  const attack = made.map((name, place) =>
    asked(name, 30 * HOUR_MS + place * 1000, { from: "10.0.1.7", answer: "NXDOMAIN" }),
  );

  it("names the host that asks for many made names, once, and stays quiet before", () => {
    const detector = createDgaDetector(model);
    const quiet = quietHours(30);
    expect(quiet.flatMap((one) => detector.observe(one)).length).toBeLessThanOrEqual(2);
    for (const one of attack) detector.observe(one);
    const said = detector.advance(31 * HOUR_MS);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ kind: "made_names", entity: { value: "10.0.1.7" } });
    expect(said[0]?.drivers[0]?.feature).toBe("dga.evidence");
    expect(said[0]?.events.length).toBeGreaterThan(0);
  });

  it("goes on after a snapshot as if nothing had happened", () => {
    const whole = createDgaDetector(model);
    let part = createDgaDetector(model);
    const all = [...quietHours(30), ...attack];
    all.forEach((one, place) => {
      if (place === 1190) {
        const pieces = part.store();
        part = createDgaDetector(model);
        part.restore(pieces);
        expect(part.store()).toEqual(pieces);
      }
      expect(part.observe(one)).toEqual(whole.observe(one));
    });
    expect(part.advance(32 * HOUR_MS)).toEqual(whole.advance(32 * HOUR_MS));
  });

  it("keeps its memory bounded in a flood of names and hosts", () => {
    const detector = createDgaDetector(model, { namesMax: 500, hostsMax: 100 });
    for (let place = 0; place < 3000; place += 1)
      detector.observe(asked(`n${place}.com`, place, { from: `10.9.${place}` }));
    detector.store();
    expect(detector.keys).toBeLessThanOrEqual(600);
    expect(detector.evicted).toBeGreaterThan(2000);
  });

  it.each([
    ["a time that is no number", asked("a.com", Number.NaN)],
    ["an endless time", asked("a.com", Number.POSITIVE_INFINITY)],
    ["no name", asked("", 1)],
    ["a name of a megabyte", asked("a.".repeat(500_000), 1)],
  ])("survives %s", (_, hostile) => {
    const detector = createDgaDetector(model);
    detector.observe(hostile);
    detector.advance(2 * HOUR_MS);
    expect(detector.store().every((piece) => piece.length < 1_048_576)).toBe(true);
  });
});
