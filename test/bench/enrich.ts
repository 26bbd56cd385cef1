// What enrichment costs for an event: nothing where no rule asks, the view where one does, and the
// document with everything on. Beside `JSON.parse` of the same lines, on a mixed lane of recorded logs and
// on lines of firewalls and web servers, of which each has something to enrich.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enrichmentSchema } from "../../config/enrichment.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import { type Enricher, openEnricher } from "../../services/enrich/enricher.ts";
import { ecsDocument } from "../../services/normalize/ecs-document.ts";
import { parseOutsideJson } from "../../services/normalize/json-nesting.ts";
import { createNormalizer, eventOrThrow } from "../../services/normalize/normalizer.ts";
import { writeMmdb } from "../support/mmdb.ts";
import { readLinesOf } from "../support/recordings.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { cpuSeconds, spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";

const ROUNDS = 5;
const MADE_LINES = 40_000;
const LANE = "sigma/lanes/mix_dev.ndjson.zst";
const ASKED = new Set(["source.geo.country_iso_code"]);

const folder = mkdtempSync(join(tmpdir(), "heidewacht-bench-enrich-"));
try {
  writeLists();
  await bench("made", madeLines());
  const lane = sharedDataOrSkip("bench:enrich", LANE);
  if (lane !== undefined) await bench("lane", readLinesOf(lane));
} finally {
  rmSync(folder, { recursive: true });
}

function writeLists(): void {
  const networks = Array.from({ length: 250 }, (_, index) => `10.${index}.0.0/16;Netz ${index}`);
  writeFileSync(join(folder, "netze.csv"), networks.join("\n"));
  const assets = Array.from(
    { length: 20_000 },
    (_, index) => `pc${index};10.${index % 250}.${index % 200}.${index % 251};FD ${index % 30}`,
  );
  writeFileSync(join(folder, "rechner.csv"), assets.join("\n"));
  const places: Record<string, { country: { iso_code: string } }> = {};
  for (let index = 1; index < 224; index += 1)
    places[`${index}.0.0.0/8`] = { country: { iso_code: "DE" } };
  writeFileSync(join(folder, "geo.mmdb"), writeMmdb(places));
}

function open(isOn: boolean, asked: ReadonlySet<string>): Promise<Enricher> {
  const files = {
    assets: [{ tenant: "bench", file: "rechner.csv" }],
    networks: [{ tenant: "bench", file: "netze.csv" }],
    geoFiles: ["geo.mmdb"],
  };
  const off = { registeredDomain: false, userAgent: false, communityId: false };
  return openEnricher({
    config: enrichmentSchema.parse(isOn ? files : off),
    at: (path) => join(folder, path),
    asked,
    now: Date.now,
    parseJson: parseOutsideJson,
    onThreatList: () => undefined,
    onFileFault: ({ message }) => {
      throw new Error(message);
    },
    onFault: (_id, error) => {
      throw error;
    },
  });
}

/** Half firewall, half web server, with addresses and user agents that repeat as real ones do. */
function madeLines(): string[] {
  return Array.from({ length: MADE_LINES }, (_, index) => {
    const address = `${1 + (index % 220)}.${index % 50}.3.4`;
    return index % 2 === 0
      ? `date=2026-11-20 time=09:00:00 devname="fw" devid="FGT" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=${address} srcport=${1024 + (index % 60_000)} dstip=10.1.2.3 dstport=443 proto=6 action="accept"`
      : `${address} - - [20/Nov/2026:09:00:00 +0100] "GET https://www.kreis${index % 500}.example/amt HTTP/1.1" 200 512 "-" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${index % 130}.0.0.0 Safari/537.36"`;
  });
}

async function bench(name: string, lines: readonly string[]): Promise<void> {
  const normalizer = createNormalizer({ mappings: [] });
  const parsed = lines.map((text, index) => {
    const receivedAt = Date.UTC(2026, 10, 21, 5);
    const id = { id: String(index), idFromSender: true, source: "bench", timeZone: "UTC" };
    return eventOrThrow(normalizer.normalize({ ...id, receivedAt, text }, "bench"));
  });
  const off = await open(false, new Set());
  const on = await open(true, ASKED);
  const documents = () => parsed.map(({ event, format }) => ecsDocument(event, format));
  let added = 0;
  const write = (enricher: Enricher, all: readonly EcsDocument[]) => {
    added = 0;
    for (const document of all) {
      const before = Object.keys(document).length;
      enricher.document(document, "bench");
      added += Object.keys(document).length - before;
    }
  };
  const view = (enricher: Enricher) => {
    for (const { event } of parsed) enricher.view(event);
  };
  const texts = documents().map((document) => JSON.stringify(document));
  const floor = await measured(
    () => undefined,
    () => {
      for (const text of texts) JSON.parse(text);
    },
  );
  const counting = await measured(documents, (all) => write(off, all));
  const figures: readonly (readonly [string, number])[] = [
    ["document_ns", (await measured(documents, (all) => write(on, all))) - counting],
    [
      "view_asked_ns",
      await measured(
        () => undefined,
        () => view(on),
      ),
    ],
    [
      "view_unasked_ns",
      await measured(
        () => undefined,
        () => view(off),
      ),
    ],
  ];
  for (const [figure, seconds] of figures) {
    printFigure(`enrich.${name}.${figure}`, (seconds * 1e9) / lines.length, "ns/event", {
      events: lines.length,
      fieldsAdded: Math.round((100 * added) / lines.length) / 100,
      overJsonParse: Math.round((1000 * seconds) / floor) / 1000,
    });
  }
}

/** Median CPU seconds; the first round warms up. */
async function measured<T>(prepare: () => T, work: (given: T) => void): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const given = prepare();
    const seconds = await cpuSeconds(() => work(given));
    if (round > 0) rounds.push(seconds);
  }
  return spread(rounds).median;
}
