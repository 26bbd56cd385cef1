// The simulated day: same seed same bytes, ordered, unique ids, nothing real in it, truth that fits.
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type SimulatedRecord, SOURCES } from "../../../services/simulator/record.ts";
import { attackOnly, quietDay, simulate } from "../../../services/simulator/simulate.ts";

const SMALL = { staffAccounts: 120, eventsTarget: 4000 };

function digest(records: Iterable<SimulatedRecord>): string {
  const hash = createHash("sha256");
  for (const record of records) hash.update(`${record.id}\n${record.time}\n${record.text}\n`);
  return hash.digest("hex");
}

const day = (() => {
  const simulation = simulate({ seed: "day", intrusion: true, ...SMALL });
  return { simulation, records: [...simulation.records] };
})();

describe("a simulated day", () => {
  it("is the same, byte for byte, for the same seed", () => {
    const again = simulate({ seed: "day", intrusion: true, ...SMALL });
    expect(digest(again.records)).toBe(digest(day.records));
  });

  it("is another one for another seed", () => {
    const other = simulate({ seed: "other", intrusion: true, ...SMALL });
    expect(digest(other.records)).not.toBe(digest(day.records));
  });

  it("comes in the order of time, within its day", () => {
    const { dayStart } = day.simulation;
    let last = dayStart;
    for (const record of day.records) {
      expect(record.time).toBeGreaterThanOrEqual(last);
      last = record.time;
    }
    expect(last).toBeLessThan(dayStart + 86_400_000);
  });

  it("gives every record an id of its own", () => {
    expect(new Set(day.records.map((record) => record.id)).size).toBe(day.records.length);
  });

  it("has records of every source, in the format of the source", () => {
    for (const [source, { format }] of Object.entries(SOURCES)) {
      const own = day.records.filter((record) => record.source === source);
      expect(own.length, source).toBeGreaterThan(5);
      expect(own.every((record) => record.format === format)).toBe(true);
    }
  });

  it("has about as many records as asked for", () => {
    for (const eventsTarget of [20_000, 60_000]) {
      let count = 0;
      for (const _ of quietDay({ seed: 5, eventsTarget }).records) count += 1;
      expect(count).toBeGreaterThan(eventsTarget * 0.75);
      expect(count).toBeLessThan(eventsTarget * 1.25);
    }
  });

  it("never says in a line that the line belongs to the intrusion", () => {
    for (const record of day.records) {
      if (record.step !== undefined) expect(record.text).not.toContain(record.step);
    }
  });

  it("names outside addresses from the documentation ranges only", () => {
    const allowed = /^(10|127|192\.0\.2|198\.51\.100|203\.0\.113)\./;
    const versions = /"FileVersion":"[^"]*"|"Product Version":"[^"]*"|Chrome\/[\d.]+/g;
    for (const { text } of day.records) {
      const rest = text.replaceAll(versions, "");
      for (const [address] of rest.matchAll(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g)) {
        expect(allowed.test(address), address).toBe(true);
      }
    }
  });

  it("names hosts of reserved domains only", () => {
    for (const { text } of day.records) {
      for (const [, host] of text.matchAll(/https?:\/\/([a-z0-9.-]+)/gi)) {
        if (host === "schemas.microsoft.com" || host === "10.") continue;
        expect(/\.(example|test)$|^10\./.test(host ?? ""), host).toBe(true);
      }
    }
  });

  it("parses where its format is JSON", () => {
    for (const { format, text } of day.records) {
      expect(text).not.toContain("\n");
      if (["winlogbeat", "windows-flat", "json"].includes(format)) JSON.parse(text);
    }
  });
});

describe("the truth", () => {
  it("lists twelve steps that rules can know and five that they can't", () => {
    const { steps } = day.simulation.truth();
    expect(steps.filter((step) => step.knownToRules)).toHaveLength(12);
    expect(steps.filter((step) => !step.knownToRules)).toHaveLength(5);
    expect(steps.map((step) => step.order)).toEqual(steps.map((_, index) => index + 1));
  });

  it("points to the records of each step, and to no others", () => {
    const byId = new Map(day.records.map((record) => [record.id, record]));
    const { steps, startedAt } = day.simulation.truth();
    expect(startedAt).toBe(steps[0]?.firstEventAt);
    for (const step of steps) {
      expect(step.eventIds.length, step.id).toBeGreaterThan(0);
      const own = step.eventIds.map((id) => byId.get(id));
      expect(own.every((record) => record?.step === step.id)).toBe(true);
      expect(Math.min(...own.map((record) => record?.time ?? 0))).toBe(step.firstEventAt);
      expect(Math.max(...own.map((record) => record?.time ?? 0))).toBe(step.lastEventAt);
    }
    const noted = steps.reduce((sum, step) => sum + step.eventIds.length, 0);
    expect(day.records.filter((record) => record.step !== undefined)).toHaveLength(noted);
  });

  it("is empty on a quiet day", () => {
    const quiet = quietDay({ seed: "day", ...SMALL });
    expect([...quiet.records].every((record) => record.step === undefined)).toBe(true);
    expect(quiet.truth().steps).toEqual([]);
    expect(quiet.truth().startedAt).toBeUndefined();
  });

  it("is the same for the attack alone as inside the day", () => {
    const alone = attackOnly({ seed: "day", staffAccounts: SMALL.staffAccounts });
    expect([...alone.records].every((record) => record.step !== undefined)).toBe(true);
    const inDay = day.simulation.truth().steps.map(({ eventIds: _, ...step }) => step);
    expect(alone.truth().steps.map(({ eventIds: _, ...step }) => step)).toEqual(inDay);
  });

  it("goes through all twelve steps in every drawing, before the day ends", () => {
    for (let seed = 0; seed < 60; seed++) {
      const attack = attackOnly({ seed, staffAccounts: 40 });
      let encrypted = 0;
      for (const record of attack.records) if (record.step === "12-encryption") encrypted += 1;
      expect(attack.truth().steps, `seed ${seed}`).toHaveLength(17);
      expect(encrypted, `seed ${seed}`).toBeGreaterThan(300);
    }
  });

  it("draws every step in more than one way", () => {
    const titles = new Map<string, Set<string>>();
    for (let seed = 0; seed < 60; seed++) {
      const attack = attackOnly({ seed, staffAccounts: 20 });
      for (const _ of attack.records);
      for (const { id, title } of attack.truth().steps) {
        titles.set(id, (titles.get(id) ?? new Set()).add(title));
      }
    }
    for (const [id, drawn] of titles) {
      if (!id.startsWith("s")) expect(drawn.size, id).toBeGreaterThan(2);
    }
  });
});
