// The circuit breaker by a clock of its own: when it opens, whom it lets in, and how long it waits.
import { describe, expect, it } from "vitest";
import { Circuit } from "../../../services/llm/circuit.ts";

function circuit() {
  const states: string[] = [];
  const clock = { now: 0 };
  const one = new Circuit(
    () => clock.now,
    (state) => states.push(state),
  );
  const fail = (times: number) => {
    for (let at = 0; at < times; at += 1) one.failed();
  };
  return { one, clock, states, fail };
}

describe("a circuit", () => {
  it("stays closed while successes come between failures", () => {
    const { one, fail } = circuit();
    for (let round = 0; round < 5; round += 1) {
      fail(2);
      one.succeeded();
    }
    expect([one.state, one.admit()]).toEqual(["closed", true]);
  });

  it("lets one in after its pause, and closes when that goes well", () => {
    const { one, clock, states, fail } = circuit();
    fail(3);
    expect(one.admit()).toBe(false);
    clock.now = 5000;
    expect([one.admit(), one.admit()]).toEqual([true, false]);
    one.succeeded();
    expect(one.admit()).toBe(true);
    expect(states).toEqual(["open", "half_open", "closed"]);
  });

  it("waits twice as long each time the one fails, up to two minutes", () => {
    const { one, clock, fail } = circuit();
    fail(3);
    const pauses: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const from = clock.now;
      while (!one.admit()) clock.now += 1000;
      pauses.push(clock.now - from);
      one.failed();
    }
    expect(pauses).toEqual([5000, 10_000, 20_000, 40_000, 80_000, 120_000, 120_000]);
  });

  it("lets another one in when the one was cancelled", () => {
    const { one, clock, fail } = circuit();
    fail(3);
    clock.now = 5000;
    expect(one.admit()).toBe(true);
    one.undecided();
    expect([one.state, one.admit()]).toEqual(["open", true]);
  });
});
