// What ends in the same moment is judged by what was before, and not by each other: whoever attacks a hundred
// machines at once must not make himself the usual while the first of them are looked at.
import { describe, expect, it } from "vitest";
import type { DnsActivity, ProcessActivity } from "../../../detectors/anomaly/activity.ts";
import {
  createWindows,
  type FinishedWindow,
} from "../../../detectors/anomaly/autoencoder/windows.ts";
import { createDgaDetector } from "../../../detectors/network/dga/dga.ts";
import { createWindowJudge } from "../../../detectors/network/window-judge.ts";
import { drawn } from "../../support/dense-layers.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGIN = Date.UTC(2026, 1, 2);
const HOSTS = 60;

describe("machines that are attacked at once", () => {
  it("are as unusual in their windows as the first of them", () => {
    const judge = createWindowJudge({ windowMs: HOUR_MS, keysMax: 1000, tailMax: 1e-3 });
    const windows = (hour: number, more: number) =>
      [...drawn(hour + 1, HOSTS)].map(
        (value, host) => judge.judge(`host${host}`, more + value, BEGIN + hour * HOUR_MS).tail,
      );
    for (let hour = 0; hour < 24 * 14; hour += 1) {
      windows(hour, 3);
      judge.learn();
    }
    const alone = judge.judge("host7", 6.5, BEGIN + 14 * DAY_MS).tail;
    const tails = Array.from(
      { length: HOSTS },
      () => judge.judge("host7", 6.5, BEGIN + 14 * DAY_MS).tail,
    );
    expect(alone).toBeLessThan(0.05);
    expect(new Set([alone, ...tails]).size).toBe(1);
  });

  it("are as unusual by the made names they ask for as the first of them", () => {
    const score = (names: readonly string[]) =>
      Float64Array.from(names, (name) => (name.startsWith("made") ? 0.95 : 0.1));
    const detector = createDgaDetector({ score }, { tailMax: 1 });
    const ask = (hour: number, host: number, at: number, word: string): DnsActivity => {
      const time = BEGIN + hour * HOUR_MS + host * 1000 + at;
      const name = `${word}${hour}-${host}-${at}.com`;
      const about = { id: `${time}`, time, source: "dns", type: "A", answer: "NOERROR" };
      return { ...about, kind: "dns", from: `10.0.0.${host}`, name };
    };
    const hours = 10;
    for (let hour = 0; hour < hours; hour += 1)
      for (let host = 0; host < HOSTS; host += 1) detector.observe(ask(hour, host, 0, "usual"));
    detector.advance(BEGIN + hours * HOUR_MS);
    for (let host = 0; host < HOSTS; host += 1) detector.observe(ask(hours, host, 0, "made"));
    const said = detector.advance(BEGIN + (hours + 1) * HOUR_MS);
    expect(said).toHaveLength(HOSTS);
    expect(new Set(said.map(({ tail }) => tail)).size).toBe(1);
  });

  it("leave the features of a peer as they are, whatever they do on the same day", () => {
    const start = (day: number, host: number, at: number): ProcessActivity => {
      const time = BEGIN + day * DAY_MS + 9 * HOUR_MS + at * 60_000;
      const about = { id: `${time}-${host}-${at}`, time, source: "edr", peers: undefined };
      return {
        ...{ ...about, kind: "process", host: `pc${host}`, account: undefined },
        ...{ process: "p.exe", parent: undefined },
      };
    };
    const rowOf = (starts: number) => {
      const windows = createWindows();
      const finished: FinishedWindow[] = [];
      for (let day = 0; day < 7; day += 1)
        for (const host of [2, 1, 0])
          for (let at = 0; at < (day === 6 && host > 0 ? starts : 1 + host); at += 1)
            finished.push(...windows.observe(start(day, host, at)));
      finished.push(...windows.advance(BEGIN + 7 * DAY_MS));
      const last = finished.filter(({ from }) => from === BEGIN + 6 * DAY_MS);
      expect(last).toHaveLength(3);
      return last.find(({ entity }) => entity.value === "pc0")?.row;
    };
    expect(rowOf(400)).toEqual(rowOf(2));
  });
});
