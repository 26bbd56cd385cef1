// What detectors remember is fair to sources: one that floods them with new names pushes out its own. The same
// with a million names: flood.slow.test.ts.
import { describe, expect, it } from "vitest";
import { createAccountBook } from "../../../../detectors/anomaly/logons/account-book.ts";
import { createSprayWatch } from "../../../../detectors/anomaly/logons/spray-watch.ts";
import { createDgaDetector } from "../../../../detectors/network/dga/dga.ts";
import { createScanDetector } from "../../../../detectors/network/scan/scan.ts";
import { createLogStream } from "../../../../detectors/templates/stream/log-stream.ts";
import { FLOOD_SOURCE } from "./flood.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MADE = 500;
const KEYS_MAX = 100;

/** The numbers of what is made. */
const made = Array.from({ length: MADE }, (_, at) => at);

describe("a flood through another source leaves", () => {
  it("the page of an account, and where it was last", () => {
    const book = createAccountBook(KEYS_MAX);
    book.open("konto", "dc", 1).place = "DE";
    for (const at of made) book.open(`made-${at}`, FLOOD_SOURCE, 2);
    expect(book.find("konto")).toMatchObject({ first: 1, place: "DE" });
    expect([book.keys, book.evicted]).toEqual([KEYS_MAX, MADE + 1 - KEYS_MAX]);
  });

  it("who failed from where", () => {
    const watch = createSprayWatch(KEYS_MAX, 4096, 30 * DAY_MS);
    for (let at = 0; at < 9; at += 1) watch.failed(`konto-${at}`, "platz", at, "dc");
    for (const at of made) watch.failed(`made-${at}`, `w-${at}`, 10, FLOOD_SOURCE);
    expect(watch.succeeded("konto-3", "platz", 11).failed).toBe(8);
  });

  it("the sentence that a host said last", () => {
    const detector = createLogStream({ warmupLines: 100, warmupMs: 0, keysMax: KEYS_MAX });
    const line = (time: number, message: string) =>
      detector.observe({ id: `${time}`, time, source: "backup", host: "srv1", message });
    for (let run = 0; run < 400; run += 1)
      for (const [at, message] of ["backup begins", "files copied", "backup ends"].entries())
        line((run * 3 + at) * MINUTE_MS, message);
    const end = 1200 * MINUTE_MS;
    line(end, "backup begins");
    for (const at of made)
      detector.observe({
        ...{ id: `made-${at}`, time: end + at, source: FLOOD_SOURCE, host: `h-${at}` },
        message: `service w${at} has begun`,
      });
    expect(line(end + MINUTE_MS, "backup ends")).toMatchObject([{ kind: "rare_transition" }]);
  });
});

describe.each([
  ["another source", FLOOD_SOURCE],
  ["the source that tells of the attack", "own"],
])("a flood through %s leaves", (_, source) => {
  it("the window of a host that scans", () => {
    const detector = createScanDetector({ keysMax: KEYS_MAX });
    const flow = (time: number, from: string, port: number, of: string) =>
      detector.observe({
        ...{ kind: "flow", id: `${from}-${time}`, time, source: of, from, to: "10.0.2.1", port },
        ...{ protocol: "tcp", bytesOut: 60, bytesIn: 0, durationMs: 1, allowed: false },
      });
    for (let window = 0; window < 20; window += 1)
      for (let host = 0; host < 20; host += 1)
        for (let at = 0; at < 10 + host; at += 1)
          flow(window * 10 * MINUTE_MS + at, `10.0.1.${host}`, at, "own");
    const begin = 200 * MINUTE_MS;
    for (let at = 0; at < 200; at += 1) flow(begin + at, "10.0.1.5", at, "own");
    for (const at of made) flow(begin + 300, `100.64.${at >> 8}.${at & 255}`, 80, source);
    const said = detector.advance(begin + 10 * MINUTE_MS);
    expect(said.map(({ entity }) => entity.value)).toEqual(["10.0.1.5"]);
  });

  it("the hour of a host that asks for made names", () => {
    const score = (names: readonly string[]) =>
      Float64Array.from(names, (name) => (name.startsWith("gemacht") ? 0.99 : 0.1));
    const detector = createDgaDetector({ score }, { hostsMax: KEYS_MAX });
    let count = 0;
    const ask = (time: number, from: string, word: string, of: string) => {
      count += 1;
      const about = { id: `${count}`, time, source: of, type: "A", answer: "NXDOMAIN" };
      detector.observe({ ...about, kind: "dns", from, name: `${word}${count}.example` });
    };
    for (let hour = 0; hour < 20; hour += 1)
      for (let host = 0; host < 20; host += 1)
        ask(hour * HOUR_MS, `10.0.1.${host}`, "usual", "own");
    const begin = 20 * HOUR_MS;
    for (let at = 0; at < 40; at += 1) ask(begin + at, "10.0.1.5", "gemacht", "own");
    for (const at of made) ask(begin + 100, `100.64.${at >> 8}.${at & 255}`, "neu", source);
    const said = detector.advance(begin + HOUR_MS);
    expect(said.map(({ entity }) => entity.value)).toEqual(["10.0.1.5"]);
  });
});
