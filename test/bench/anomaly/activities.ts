// What looking for anomalies costs detection: an activity of each event's document and their records, beside
// parsing the line and writing out the document, which detection does anyway (and more).
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EcsDocument } from "../../../detectors/event.ts";
import type { OutgoingRecord } from "../../../services/bus/bus.ts";
import { unusualOf } from "../../../services/detect/unusual.ts";
import { createActivityBlocks } from "../../../services/detect/unusual-record.ts";
import { ecsDocument } from "../../../services/normalize/ecs-document.ts";
import { createNormalizer } from "../../../services/normalize/normalizer.ts";
import { SOURCES } from "../../../services/simulator/record.ts";
import { writeSimulation } from "../../../services/simulator/write-simulation.ts";
import { spread } from "../cpu-time.ts";
import type { Figure } from "../figure.ts";

const REPETITIONS = 5;
const LINES_PER_SOURCE = 4000;
const EVENTS_AT_ONCE = 500;
const HEAD = { idFromSender: true, timeZone: "Europe/Berlin", receivedAt: Date.UTC(2026, 0, 1) };

export async function benchActivities(): Promise<readonly Figure[]> {
  const records = recordsOfDay();
  const read: number[] = [];
  const made: number[] = [];
  let counts = { events: 0, activities: 0, bytes: 0 };
  for (let run = 0; run <= REPETITIONS; run += 1) {
    const { readingUs, makingUs, ...counted } = oneRun(records);
    counts = counted;
    // The first run warms up.
    if (run === 0) continue;
    read.push(readingUs / counts.events);
    made.push(makingUs / counts.events);
  }
  const { median, range } = spread(made);
  const more = { range, ...counts, readingUs: spread(read).median };
  return [{ figure: "anomaly.activity_us_per_event", value: median, unit: "µs", more }];
}

interface Written {
  readonly document: EcsDocument;
  readonly family: string;
}

/** A few events at a time, as detection has them: what was just written out is looked at while it is near. */
function oneRun(records: ReturnType<typeof recordsOfDay>) {
  const normalizer = createNormalizer({ mappings: [], formats: [] });
  const out: OutgoingRecord[] = [];
  const blocks = createActivityBlocks(0, out);
  const figures = { readingUs: 0, makingUs: 0, events: 0, activities: 0, bytes: 0 };
  for (let from = 0; from < records.length; from += EVENTS_AT_ONCE) {
    const documents: (Written & { id: string; time: number; source: string })[] = [];
    const begin = cpuUs();
    for (const record of records.slice(from, from + EVENTS_AT_ONCE)) {
      const parsed = normalizer.normalize({ ...HEAD, ...record }, "bench");
      if (!("event" in parsed)) continue;
      const { id, time, source } = parsed.event;
      const { family } = parsed.event.shape;
      const document = ecsDocument(parsed.event, parsed.format);
      documents.push({ document, family, id, time, source });
    }
    figures.events += documents.length;
    const middle = cpuUs();
    const count = { index: 0 };
    for (const { document, family, ...about } of documents) {
      const unusual = unusualOf(document, family, about);
      if (unusual === undefined) continue;
      figures.activities += 1;
      blocks.add(unusual, { partition: 0, offset: from, appendedAt: 0, clock: 0 }, count);
    }
    blocks.end();
    figures.makingUs += cpuUs() - middle;
    figures.readingUs += middle - begin;
    figures.bytes += out.splice(0).reduce((sum, { value }) => sum + value.length, 0);
  }
  return figures;
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
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
