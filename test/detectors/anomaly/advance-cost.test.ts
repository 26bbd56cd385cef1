// A stage tells its detectors before each observation how far time is: that must not cost a walk over all that
// is remembered each time.
import { expect, it, vi } from "vitest";
import { createMetricDetector } from "../../../detectors/metrics/metrics.ts";
import { RecencyMap } from "../../../detectors/recency-map.ts";
import { createLogStream } from "../../../detectors/templates/stream/log-stream.ts";

const START = Date.parse("2026-06-01T08:00:00Z");
const HOSTS = 50;
const SECONDS = 20;
const ASKED_PER_SECOND = 100;

interface Asked {
  advance(time: number): readonly unknown[];
}

function metricsOf(hosts: number): Asked {
  const detector = createMetricDetector();
  for (let at = 0; at < hosts; at += 1) {
    const about = { id: `m${at}`, time: START, source: "beats", metric: "load", value: 1 };
    detector.observe({ ...about, entity: { type: "host", value: `host${at}` } });
  }
  return detector;
}

function linesOf(hosts: number): Asked {
  const detector = createLogStream();
  for (let at = 0; at < hosts; at += 1)
    detector.observe({
      ...{ id: `l${at}`, time: START, source: "syslog", host: `host${at}`, message: "it begins" },
    });
  return detector;
}

it.each([
  // Silence is looked for once, in all of it.
  ["metrics", metricsOf, 2],
  ["lines", linesOf, SECONDS + 1],
] as const)("%s are walked over so seldom as something can be due", (_, make, walksMax) => {
  const detector = make(HOSTS);
  // Every walk over a table begins with one of these; they do what they always do.
  const walks = [
    vi.spyOn(RecencyMap.prototype, "entries"),
    vi.spyOn(RecencyMap.prototype, "keys"),
    vi.spyOn(RecencyMap.prototype, "values"),
  ];
  for (let at = 0; at < SECONDS * ASKED_PER_SECOND; at += 1)
    detector.advance(START + 1000 + Math.floor((at * 1000) / ASKED_PER_SECOND));
  const count = walks.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  for (const walk of walks) walk.mockRestore();
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThanOrEqual(walksMax);
});
