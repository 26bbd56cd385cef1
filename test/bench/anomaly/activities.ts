// What looking for anomalies costs detection: an activity and its record of each event's document, beside
// parsing the line and writing out the document, which detection does anyway (and more).
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EcsDocument } from "../../../detectors/event.ts";
import { activityOf } from "../../../services/detect/unusual.ts";
import { activityRecord } from "../../../services/detect/unusual-record.ts";
import { ecsDocument } from "../../../services/normalize/ecs-document.ts";
import { createNormalizer } from "../../../services/normalize/normalizer.ts";
import { SOURCES } from "../../../services/simulator/record.ts";
import { writeSimulation } from "../../../services/simulator/write-simulation.ts";
import { cpuSeconds, spread } from "../cpu-time.ts";
import type { Figure } from "../figure.ts";

const REPETITIONS = 5;
const LINES_PER_SOURCE = 4000;
const HEAD = { idFromSender: true, timeZone: "Europe/Berlin", receivedAt: Date.UTC(2026, 0, 1) };

export async function benchActivities(): Promise<readonly Figure[]> {
  const records = recordsOfDay();
  const documents: { document: EcsDocument; id: string; time: number; source: string }[] = [];
  const read: number[] = [];
  const made: number[] = [];
  let activities = 0;
  for (let run = 0; run <= REPETITIONS; run += 1) {
    documents.length = 0;
    const normalizer = createNormalizer({ mappings: [], formats: [] });
    const reading = await cpuSeconds(() => {
      for (const record of records) {
        const parsed = normalizer.normalize({ ...HEAD, ...record }, "bench");
        if (!("event" in parsed)) continue;
        const { id, time, source } = parsed.event;
        documents.push({ document: ecsDocument(parsed.event, parsed.format), id, time, source });
      }
    });
    activities = 0;
    const count = { index: 0 };
    const making = await cpuSeconds(() => {
      for (const { document, ...about } of documents) {
        const activity = activityOf(document, about);
        if (activity === undefined) continue;
        activities += 1;
        activityRecord(activity, { partition: 0, offset: 1, appendedAt: 0, clock: 0 }, count);
      }
    });
    // The first run warms up.
    if (run === 0) continue;
    read.push((reading / documents.length) * 1e6);
    made.push((making / documents.length) * 1e6);
  }
  const { median, range } = spread(made);
  const more = { range, events: documents.length, activities, readingUs: spread(read).median };
  return [{ figure: "anomaly.activity_us_per_event", value: median, unit: "µs", more }];
}

/** Lines of all sources of a simulated day, in clear, as shippers send them. */
function recordsOfDay(): { id: string; source: string; format: string; text: string }[] {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-bench-"));
  try {
    writeSimulation(folder, { seed: "bench-activities", intrusion: false });
    return Object.entries(SOURCES).flatMap(([source, { format, file }]) => {
      const lines = readFileSync(join(folder, file), "utf8").split("\n").slice(0, LINES_PER_SOURCE);
      const texts = lines.filter((text) => text !== "");
      return texts.map((text, at) => ({ id: `${source}-${at}`, source, format, text }));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
