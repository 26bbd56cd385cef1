// What taking identities out of documents costs beside reading the same records (UTF-8 and JSON.parse), on
// the mixed lane, with no names known and with 10,000 of a directory. CPU time of the process.
import { join } from "node:path";
import { ecsDocument } from "../../services/normalize/ecs-document.ts";
import { createNormalizer, eventOrThrow } from "../../services/normalize/normalizer.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { createKnownNames } from "../../services/privacy/known-names.ts";
import { createPrivacy } from "../../services/privacy/protect.ts";
import { canaryOf } from "../support/identities.ts";
import { readLinesOf } from "../support/recordings.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { cpuSeconds, spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";

const ROUNDS = 9;
const NAMES = 10_000;
const TENANT = "bench";

const data = sharedDataOrSkip("bench:privacy", "sigma");
if (data !== undefined) {
  const lines = readLinesOf(join(data, "lanes/mix_dev.ndjson.zst"));
  const documents = documentsOf(lines);
  for (const names of [0, NAMES]) await benchmark(lines, documents, names);
}

async function benchmark(
  lines: readonly string[],
  documents: readonly string[],
  count: number,
): Promise<void> {
  const bytes = lines.map((line) => Buffer.from(line));
  const names = createKnownNames();
  names.setDirectory(
    TENANT,
    Array.from({ length: count }, (_, number) => canaryOf(number)),
  );
  const privacy = createPrivacy(createKeyRing(Buffer.alloc(32, 7)), { names });
  const ratios: number[] = [];
  let checksum = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const read = await cpuSeconds(() => {
      for (const line of bytes) checksum += Object.keys(JSON.parse(line.toString("utf8"))).length;
    });
    const copies = documents.map((document) => JSON.parse(document));
    const protect = await cpuSeconds(() => {
      for (const document of copies) checksum += privacy.protectDocument(TENANT, document).size;
    });
    ratios.push(protect / read);
  }
  const ratio = spread(ratios);
  printFigure(
    count === 0 ? "privacy.over_parse_no_names" : "privacy.over_parse",
    ratio.median,
    "ratio",
    {
      range: ratio.range,
      names: count,
      events: lines.length,
      checksum,
    },
  );
}

function documentsOf(lines: readonly string[]): string[] {
  const normalizer = createNormalizer({ mappings: [] });
  return lines.map((text, number) => {
    const record = {
      id: String(number),
      idFromSender: false,
      source: "bench",
      timeZone: "Europe/Berlin",
      receivedAt: Date.UTC(2026, 10, 21, 5),
      text,
    };
    const { event, format } = eventOrThrow(normalizer.normalize(record, TENANT));
    return JSON.stringify(ecsDocument(event, format));
  });
}
