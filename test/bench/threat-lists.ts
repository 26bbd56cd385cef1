// What a million indicators cost: reading them from plain lists, memory, and the look-ups of an event that
// has addresses and names, and of one that has none.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enrichmentSchema } from "../../config/enrichment.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import { openEnricher } from "../../services/enrich/enricher.ts";
import { parseOutsideJson } from "../../services/normalize/json-nesting.ts";
import { cpuSeconds, spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";

const INDICATORS = 1_000_000;
const EVENTS = 200_000;
const ROUNDS = 5;
const MIB = 1024 * 1024;

const WITH: readonly EcsDocument[] = Array.from({ length: EVENTS }, (_, at) => ({
  "source.ip": `10.1.${at % 250}.7`,
  "destination.ip": `81.${at % 200}.${at % 251}.9`,
  "url.domain": `www.amt${at % 5000}.kreis.example`,
  "dns.question.name": `host${at}.kreis.example`,
}));
const WITHOUT: readonly EcsDocument[] = Array.from({ length: EVENTS }, (_, at) => ({
  "host.name": `pc${at}`,
  "event.code": "4624",
}));

const folder = mkdtempSync(join(tmpdir(), "heidewacht-bench-threat-"));
try {
  await bench();
} finally {
  rmSync(folder, { recursive: true });
}

async function bench(): Promise<void> {
  writeFileSync(join(folder, "liste.txt"), list());
  globalThis.gc?.();
  const before = process.memoryUsage();
  let enricher: Awaited<ReturnType<typeof open>> | undefined;
  const readSeconds = await cpuSeconds(async () => {
    enricher = await open();
  });
  globalThis.gc?.();
  const after = process.memoryUsage();
  // All that is kept of an indicator lies in typed arrays.
  const kept = after.arrayBuffers - before.arrayBuffers;
  printFigure("threat.read_s", readSeconds, "s", { indicators: INDICATORS });
  printFigure("threat.memory_mib", kept / MIB, "MiB", { indicators: INDICATORS });
  for (const [name, documents] of [["with", WITH] as const, ["without", WITHOUT] as const]) {
    const rounds: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const seconds = await cpuSeconds(() => {
        for (const document of documents) enricher?.document(document, "bench");
      });
      if (round > 0) rounds.push(seconds);
    }
    const nanoseconds = (spread(rounds).median * 1e9) / EVENTS;
    printFigure(`threat.event_${name}_ns`, nanoseconds, "ns/event", { events: EVENTS });
  }
}

// A quarter each of addresses, names, URLs and hashes.
function list(): string {
  const lines: string[] = [];
  for (let at = 0; at < INDICATORS / 4; at += 1) {
    lines.push(`${20 + (at % 60)}.${(at >> 14) & 255}.${(at >> 6) & 255}.${1 + (at % 250)}`);
    lines.push(`n${at}.boese.example`, `http://n${at}.boese.example/x`);
    lines.push(at.toString(16).padStart(64, "0"));
  }
  return lines.join("\n");
}

function open() {
  const off = { registeredDomain: false, userAgent: false, communityId: false };
  return openEnricher({
    config: enrichmentSchema.parse({
      ...off,
      threatLists: [{ path: "liste.txt", provider: "Bench" }],
    }),
    at: (path) => join(folder, path),
    asked: new Set(),
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
