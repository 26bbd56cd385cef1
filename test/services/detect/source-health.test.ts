// The health of a source on a clock of its own: notices once each, over restarts, and never because
// Heidewacht itself did not listen.
import { describe, expect, it } from "vitest";
import {
  countSeen,
  dueNotices,
  newHealth,
  type RunningHealth,
  readHealth,
  resumeHealth,
  type SourceHealth,
} from "../../../services/detect/source-health.ts";

import { oneSeen } from "../../support/source-counts.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 2);

type Parsed = { readonly format: string; readonly receivedAt: number; readonly eventAt: number };
const countParsed = (running: RunningHealth, record: Parsed) =>
  countSeen(running, oneSeen(running.health.source, record));
const countFailed = (running: RunningHealth, reason: string, receivedAt: number) =>
  countSeen(running, oneSeen(running.health.source, { receivedAt, reason }));
const countHost = (running: RunningHealth, host: string, receivedAt: number) =>
  countSeen(running, {
    ...oneSeen(running.health.source, { receivedAt, hosts: [host] }),
    ...{ records: 0, formats: {} },
  });

class Source {
  running: RunningHealth;
  now = START;
  watchedFrom = START;
  readonly told: string[] = [];
  configuredMs: number | undefined;

  constructor(configuredMs?: number) {
    this.running = resumeHealth(newHealth("firewall", START), START);
    this.configuredMs = configuredMs;
  }

  get health(): SourceHealth {
    return this.running.health;
  }

  /** Sends a record every `step` for so long, or nothing. */
  pass(span: number, step?: number, failing = 0): void {
    const end = this.now + span;
    let next = this.now;
    while (this.now < end) {
      if (step !== undefined && this.now >= next) {
        const isFailed = failing > 0 && (this.health.records % 100) / 100 < failing;
        if (isFailed) countFailed(this.running, "HW_PARSE_FAILED", this.now);
        else {
          const record = { format: "fortigate", receivedAt: this.now, eventAt: this.now - 500 };
          countParsed(this.running, record);
        }
        next += step;
      }
      this.now += Math.min(step ?? MINUTE, MINUTE);
      this.tick();
    }
  }

  tick(): void {
    for (const { action } of dueNotices(
      this.running,
      this.now,
      this.watchedFrom,
      this.configuredMs,
    ))
      this.told.push(action);
  }

  /** The process is off for so long; what is stored is read again. */
  restart(off: number): void {
    this.now += off;
    const stored: SourceHealth = JSON.parse(JSON.stringify(this.health));
    this.running = resumeHealth(stored, this.now);
    this.watchedFrom = this.now;
  }
}

describe("silence", () => {
  it("is told once, and once more when the source is back", () => {
    const source = new Source();
    source.pass(2 * DAY, MINUTE);
    source.pass(3 * HOUR);
    source.pass(HOUR, MINUTE);
    expect(source.told).toEqual(["source.silent", "source.resumed"]);
  });

  it("is never told of a source that keeps its pace", () => {
    const source = new Source();
    source.pass(9 * DAY, 5 * MINUTE);
    expect(source.told).toEqual([]);
  });

  it("is not told again after a restart", () => {
    const source = new Source();
    source.pass(2 * DAY, MINUTE);
    source.pass(HOUR);
    source.restart(HOUR);
    source.pass(6 * HOUR);
    source.pass(HOUR, MINUTE);
    expect(source.told).toEqual(["source.silent", "source.resumed"]);
  });

  it("is not told because the process was off", () => {
    const source = new Source();
    source.pass(2 * DAY, MINUTE);
    source.restart(6 * HOUR);
    source.tick();
    source.pass(HOUR, MINUTE);
    expect(source.told).toEqual([]);
  });

  it("is told after a restart too, when the source does not come back", () => {
    const source = new Source();
    source.pass(2 * DAY, MINUTE);
    source.restart(6 * HOUR);
    source.pass(HOUR);
    expect(source.told).toEqual(["source.silent"]);
  });

  it("begins where the configuration says, from the first hour on", () => {
    const source = new Source(10 * MINUTE);
    source.pass(HOUR, MINUTE);
    source.pass(8 * MINUTE);
    expect(source.told).toEqual([]);
    source.pass(3 * MINUTE);
    expect(source.told).toEqual(["source.silent"]);
  });

  it("bears the time at which it was due, whenever it is looked at", () => {
    const source = new Source(10 * MINUTE);
    source.pass(HOUR, MINUTE);
    const [notice] = dueNotices(source.running, source.now + DAY, START, 10 * MINUTE);
    expect(notice?.at).toBe(source.health.lastSeenAt + 10 * MINUTE);
  });

  it("does not learn from records that are replayed", () => {
    const source = new Source();
    source.pass(2 * DAY, MINUTE);
    const before = JSON.stringify(source.health.gaps);
    countParsed(source.running, { format: "x", receivedAt: START, eventAt: START });
    expect(JSON.stringify(source.health.gaps)).toBe(before);
    expect(source.health.lastSeenAt).toBeGreaterThan(START + DAY);
  });
});

describe("the parse share", () => {
  it("is told when it falls, and when it is back", () => {
    const source = new Source();
    source.pass(2 * HOUR, SECOND);
    source.pass(30 * MINUTE, SECOND, 0.5);
    source.pass(HOUR, SECOND);
    expect(source.told).toEqual(["dead_letter.flood", "dead_letter.over"]);
    expect(source.health.reasons.HW_PARSE_FAILED).toBeGreaterThan(500);
  });

  it("gets used to a few unreadable records", () => {
    const source = new Source();
    source.pass(6 * HOUR, SECOND, 0.1);
    expect(source.told).toEqual([]);
    expect(source.health.usualShare).toBeCloseTo(0.9, 1);
  });

  it("says nothing about a handful of records", () => {
    const source = new Source();
    source.pass(HOUR, 5 * MINUTE, 1);
    expect(source.told).toEqual([]);
  });
});

describe("a reading", () => {
  it("knows rate, lag and share", () => {
    const source = new Source();
    source.pass(8 * DAY, 10 * SECOND);
    const reading = readHealth(source.running, source.now, undefined);
    expect(reading.usualPerSecond).toBeCloseTo(0.1, 2);
    expect(reading.lags).toMatchObject({ medianMs: 500, clock: "right" });
    expect(reading.parseShare).toBe(1);
    expect(reading.silenceAfterMs).toBe(5 * MINUTE);
  });

  it("forgets the last minutes when nothing comes", () => {
    const source = new Source();
    source.pass(HOUR, SECOND);
    source.pass(HOUR);
    expect(readHealth(source.running, source.now, undefined).parseShare).toBeUndefined();
  });
});

describe("names that a sender invents", () => {
  it("do not grow the state", () => {
    const { running, health } = new Source();
    for (let index = 0; index < 1000; index += 1) {
      countParsed(running, { format: `f${index}`, receivedAt: START, eventAt: START });
      countFailed(running, `r${index}`, START);
      countHost(running, `h${index}`, START);
    }
    countFailed(running, "__proto__", START);
    countHost(running, "__proto__", START);
    expect(Object.keys(health.formats).length).toBeLessThanOrEqual(17);
    expect(Object.keys(health.reasons).length).toBeLessThanOrEqual(17);
    expect(Object.keys(health.hosts).length).toBe(200);
    expect(Object.values(health.formats).reduce((sum, count) => sum + count)).toBe(1000);
  });
});
