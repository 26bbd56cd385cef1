// How fast records become events, for each format, in CPU time of this process: events and megabytes per
// CPU-second, and the cost beside the floor, `JSON.parse` of the resulting event. Finding the format counts
// as part of it. The records are the formats' samples.
import { ecsDocument } from "../../services/normalize/ecs-document.ts";
import {
  createNormalizer,
  eventOrThrow,
  type ReceivedRecord,
} from "../../services/normalize/normalizer.ts";
import { readFormatSamples } from "../support/format-samples.ts";
import { benchEvtx } from "./evtx.ts";
import { printFigure } from "./figure.ts";

const RECORDS = 10_000;
const ROUNDS = 9;
/** Most times its floor that a format may cost without a reason beside it. */
const OVER_FLOOR_MAX = 3;

const UNSURE = "no format is sure of such lines: all that may claim one look into it";
const CARRIER = "carries another log's line: two records are parsed, the floor is one event";
const MARKUP =
  "XML is read element by element in JavaScript, the floor is native and without markup";
const NEAR = "within the noise of the limit: 2.6 to 2.9 when the machine is quiet";
const REASONS: Readonly<Record<string, string>> = {
  syslog: UNSURE,
  "key-value": UNSURE,
  ecs: CARRIER,
  journald: CARRIER,
  docker: CARRIER,
  "azure-syslog": CARRIER,
  "nxlog-syslog": "each field is read as structured data of the header and again as the event's",
  "windows-xml": MARKUP,
  "sysmon-linux": MARKUP,
  "apache-error": NEAR,
  "fortigate-cef": NEAR,
  "linux-system": NEAR,
  snare: NEAR,
  "sophos-sfos": NEAR,
  "windows-nested": NEAR,
};

const only = process.argv.slice(2);
if (only.length === 0 || only.includes("evtx")) await benchEvtx();
for (const [format, samples] of Map.groupBy(readFormatSamples(), (one) => one.format)) {
  if (only.length > 0 && !only.includes(format)) continue;
  benchFormat(
    format,
    samples.map(({ text }) => text),
  );
}

function benchFormat(format: string, samples: readonly string[]): void {
  const records = Array.from({ length: RECORDS }, (_, n) =>
    recordOf(fresh(samples[n % samples.length] ?? ""), n),
  );
  const megabytes = records.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1e6;
  const documents = documentsOf(records).map((document) => JSON.stringify(document));
  let [parse, floor, write] = [Infinity, Infinity, Infinity];
  let checksum = 0;
  for (let round = 0; round < ROUNDS; round++) {
    floor = Math.min(
      floor,
      cpuSeconds(() => {
        for (const text of documents) checksum += Object.keys(JSON.parse(text)).length;
      }),
    );
    parse = Math.min(
      parse,
      cpuSeconds(() => {
        const normalizer = createNormalizer({ mappings: [] });
        for (const record of records) {
          if ("event" in normalizer.normalize(record, "bench")) checksum++;
        }
      }),
    );
    write = Math.min(
      write,
      cpuSeconds(() => {
        checksum += documentsOf(records).length;
      }),
    );
  }
  const over = parse / floor;
  const why = over > OVER_FLOOR_MAX ? (REASONS[format] ?? "not known yet") : undefined;
  printFigure("parse.events_per_cpu_s", RECORDS / parse, "events/s", { format });
  printFigure("parse.mb_per_cpu_s", megabytes / parse, "MB/s", { format });
  printFigure("parse.over_floor", over, "ratio", { format, why, checksum });
  printFigure("parse.documents_per_cpu_s", RECORDS / write, "events/s", { format });
}

function documentsOf(records: readonly ReceivedRecord[]): ReturnType<typeof ecsDocument>[] {
  const normalizer = createNormalizer({ mappings: [] });
  return records.map((record) => {
    const { event, format } = eventOrThrow(normalizer.normalize(record, "bench"));
    return ecsDocument(event, format);
  });
}

// A string of its own, as it comes off the bus, so that nothing is found by identity.
function fresh(text: string): string {
  return Buffer.from(text).toString("utf8");
}

function cpuSeconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function recordOf(text: string, n: number): ReceivedRecord {
  return {
    id: String(n),
    idFromSender: false,
    source: "bench",
    timeZone: "Europe/Berlin",
    receivedAt: Date.UTC(2026, 10, 21, 5),
    text,
  };
}
