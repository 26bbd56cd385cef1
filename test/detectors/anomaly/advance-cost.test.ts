// A stage tells its detectors before each observation how far time is: that must not cost more where more is
// remembered. Compared are runs of one machine in the same minute, the fastest of three.
import { expect, it } from "vitest";
import { createMetricDetector } from "../../../detectors/metrics/metrics.ts";
import { createLogStream } from "../../../detectors/templates/stream/log-stream.ts";

const START = Date.parse("2026-06-01T08:00:00Z");
const FEW = 50;
const MANY = 5000;
const ASKED = 2000;

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

function millisecondsOf(detector: Asked): number {
  const [begin, step] = [START + 1000, 10];
  detector.advance(begin);
  const runs = [0, 1, 2].map((run) => {
    const before = process.cpuUsage().user;
    // Within seconds in which something may be due.
    for (let at = 1; at <= ASKED; at += 1) detector.advance(begin + run * ASKED * step + at * step);
    return (process.cpuUsage().user - before) / 1000;
  });
  return Math.max(0.5, Math.min(...runs));
}

it.each([
  ["metrics", metricsOf],
  ["lines", linesOf],
] as const)("a hundred times as many hosts cost %s no more to be asked", (_, make) => {
  const few = millisecondsOf(make(FEW));
  expect(millisecondsOf(make(MANY)) / few).toBeLessThan(MANY / FEW / 2);
});
