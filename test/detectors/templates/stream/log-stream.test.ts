import { describe, expect, it } from "vitest";
import { wordsOf } from "../../../../detectors/anomaly/catalogue.ts";
import {
  createLogStream,
  type LogLine,
} from "../../../../detectors/templates/stream/log-stream.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Each five minutes a backup begins, copies and ends; ten seconds between its lines. */
function backups(count: number, from = 0): LogLine[] {
  return Array.from({ length: count }, (_, run) => {
    const time = (from + run) * 5 * MINUTE_MS;
    return ["backup begins", `copied ${run * 7} files`, "backup ends"].map((message, step) =>
      line(`${from + run}.${step}`, time + step * 10_000, message),
    );
  }).flat();
}

function line(id: string, time: number, message: string, host = "srv1"): LogLine {
  return { id, time, source: "backup", host, message };
}

const learnt = 1_000;
const end = learnt * 5 * MINUTE_MS;

function taught() {
  const detector = createLogStream();
  for (const one of backups(learnt)) expect(detector.observe(one)).toEqual([]);
  return detector;
}

describe("a stream of lines", () => {
  it("is silent of what is usual, and says what was never written", () => {
    const detector = taught();
    expect(backups(5, learnt).flatMap((one) => detector.observe(one))).toEqual([]);
    const [found] = detector.observe(
      line("x", end + 40 * MINUTE_MS, "audit trail cleared by hand"),
    );
    expect(found).toMatchObject({
      ...{ detector: "templates", kind: "new_template", source: "backup" },
      entity: { type: "host", value: "srv1" },
      events: [{ id: "x" }],
    });
    expect(found?.drivers[0]).toMatchObject({ seen: "audit trail cleared by hand" });
    expect(found?.tail).toBeLessThan(1e-3);
  });

  it("says what followed something that it never followed", () => {
    const detector = taught();
    const before = detector.observe(line("a", end, "backup begins"));
    const after = detector.observe(line("b", end + 1_000, "backup ends"));
    expect(before).toEqual([]);
    expect(after).toMatchObject([{ kind: "rare_transition", from: end, events: [{ id: "b" }] }]);
    expect(after[0]?.drivers[0]?.expected).toContain("copied <*> files");
  });

  it("says what did not follow, when time is over", () => {
    const detector = taught();
    detector.observe(line("a", end, "backup begins"));
    detector.observe(line("b", end + 10_000, "copied 4 files"));
    expect(detector.advance(end + 30_000)).toEqual([]);
    const found = detector.advance(end + 2 * MINUTE_MS);
    expect(found.map(({ kind, events }) => [kind, events[0]?.id])).toEqual([
      ["missing_successor", "a"],
      ["missing_successor", "b"],
    ]);
    expect(found[0]?.drivers[0]?.expected).toEqual(["backup ends"]);
  });

  it("has words for all that it says", () => {
    for (const language of ["de", "en"] as const) {
      const { features, kinds } = wordsOf("templates", language);
      expect(Object.keys(kinds)).toEqual([
        "missing_successor",
        "new_template",
        "rare_order",
        "rare_transition",
      ]);
      expect(Object.keys(features)).toEqual([
        "templates.new",
        "templates.order",
        "templates.successor",
        "templates.transition",
      ]);
    }
  });

  it("is silent while it learns, and where new things are usual", () => {
    const fresh = createLogStream();
    fresh.observe(line("a", 0, "one"));
    expect(fresh.observe(line("b", DAY_MS * 9, "quite another thing"))).toEqual([]);
    const letters = (at: number) =>
      at.toString(26).replaceAll(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "");
    const restless = createLogStream();
    const found = Array.from({ length: 4_000 }, (_, at) =>
      restless.observe(
        line(String(at), at * MINUTE_MS, `${letters(at)} ${letters(at * 3)} is ${letters(at * 5)}`),
      ),
    );
    expect(found.slice(2_000).flat()).toEqual([]);
  });
});

describe("its state", () => {
  it("goes on as if nothing had been", () => {
    const whole = taught();
    const resumed = createLogStream();
    resumed.restore(taught().store());
    expect(resumed.store()).toEqual(whole.store());
    const rest = [
      ...backups(3, learnt),
      line("x", end + DAY_MS, "never said before"),
      ...backups(2, learnt + 400),
    ];
    const say = (detector: typeof whole) => [
      ...rest.flatMap((one) => detector.observe(one)),
      ...detector.advance(end + 9 * DAY_MS),
    ];
    const said = say(whole);
    expect(said.length).toBeGreaterThan(0);
    expect(say(resumed)).toEqual(said);
    expect(resumed.store()).toEqual(whole.store());
  });

  it("is bounded in a flood of hosts and sentences, and evicts with notice", () => {
    const detector = createLogStream({ keysMax: 100, templatesMax: 100 });
    for (let at = 0; at < 3_000; at += 1) {
      detector.observe(
        line(
          String(at),
          at,
          `${String.fromCharCode(97 + (at % 26)).repeat(1 + (at % 40))} here`,
          `h${at}`,
        ),
      );
    }
    expect(detector.keys).toBeLessThanOrEqual(100 * 6);
    expect(detector.evicted).toBeGreaterThan(1_000);
  });

  it.each([
    ["NaN as time", line("a", Number.NaN, "x")],
    ["no end of time", line("a", Number.POSITIVE_INFINITY, "x")],
    ["an absurd time", line("a", 1e308, "x")],
    ["an empty line", line("", 0, "", "")],
    ["1 MB", line("a", 0, "x y ".repeat(250_000), "h".repeat(1_000_000))],
    ["names of properties", line("__proto__", 0, "__proto__", "constructor")],
  ])("takes %s", (_, hostile) => {
    const detector = createLogStream();
    detector.observe(hostile);
    detector.observe(hostile);
    const again = createLogStream();
    again.restore(detector.store());
    expect(again.store()).toEqual(detector.store());
  });
});
