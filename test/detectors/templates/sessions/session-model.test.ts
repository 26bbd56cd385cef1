import { describe, expect, it } from "vitest";
import { learnSessions } from "../../../../detectors/templates/sessions/session-model.ts";

/** Normal sessions: three copies are made and stored, maybe read, and deleted now and then. */
function normal(count: number): string[][] {
  let state = 7;
  const draw = (most: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1;
    return (state >>> 8) % most;
  };
  return Array.from({ length: count }, () => {
    const session = ["allocate"];
    for (let copy = 0; copy < 3; copy += 1) session.push("receive", "stored");
    for (let read = draw(4); read > 0; read -= 1) session.push("read");
    for (let check = draw(3); check > 0; check -= 1) session.push("verify");
    if (draw(5) > 0) session.push("delete", "delete", "delete");
    return session;
  });
}

const model = learnSessions(normal(4_000));
const start = ["allocate", "receive", "stored", "receive", "stored", "receive", "stored"];

describe("a session", () => {
  it.each([
    ["as always", start],
    ["with the end that most have", [...start, "read", "delete", "delete", "delete"]],
    [
      "with counts that vary, never seen together",
      [...start, "read", "read", "read", "read", "verify"],
    ],
  ])("%s is usual", (_, session) => {
    expect(model.score(session)).toBeLessThan(1);
  });

  it.each([
    ["with an event that is new", [...start, "exception"], "exception"],
    ["with a copy too few", start.slice(0, -2), "receive"],
    ["with a copy too many", [...start, "receive", "stored"], "receive"],
    ["that lacks its begin", start.slice(1), "allocate"],
    [
      "with far too many of what varies",
      [...start, ...new Array<string>(400).fill("read")],
      "read",
    ],
    ["with one deletion of three", [...start, "delete"], "delete"],
    ["of nothing", [], "receive"],
  ])("%s is reported, and why", (_, session, event) => {
    expect(model.score(session)).toBeGreaterThanOrEqual(1);
    expect(model.deviations(session).map((one) => one.event)).toContain(event);
  });

  it("in an order that is never seen is reported where the order is strict", () => {
    const strict = learnSessions(
      Array.from({ length: 500 }, (_, at) => [
        "open",
        "check",
        ...(at % 2 ? ["read"] : []),
        "close",
      ]),
    );
    expect(strict.score(["open", "check", "read", "close"])).toBeLessThan(1);
    expect(strict.score(["check", "open", "read", "close"])).toBeGreaterThanOrEqual(1);
    expect(strict.transition(["check", "open", "read", "close"])).toContain("check");
  });
});

describe("the model", () => {
  it("reports hardly more normal sessions than it is told, also of those that it never saw", () => {
    const [, ...rest] = normal(12_000);
    const unseen = rest.slice(6_000);
    const reported = unseen.filter((session) => model.score(session) >= 1).length;
    expect(reported / unseen.length).toBeLessThanOrEqual(0.002);
  });

  it("is the same from the same sessions", () => {
    const again = learnSessions(normal(4_000));
    for (const session of [start, [...start, "delete"], ["x"]]) {
      expect(again.score(session)).toBe(model.score(session));
    }
  });

  it.each([
    ["names of properties", ["__proto__", "constructor", "toString"]],
    ["1 MB names", ["x".repeat(1_000_000)]],
    ["the signs that keys are made with", ["\u0000", "a\u00001", "\u0001"]],
    ["100,000 different events", Array.from({ length: 100_000 }, (_, at) => `event ${at}`)],
  ])("takes %s", (_, session) => {
    expect(model.score(session)).toBeGreaterThanOrEqual(1);
    expect(Number.isFinite(model.score(session))).toBe(true);
    expect(Number.isNaN(learnSessions([session]).score(session))).toBe(false);
    expect(learnSessions([]).score(session)).toBeGreaterThanOrEqual(0);
  });
});
