// Scanning event logs: a folder, its zip and its tar give the same findings, damage is told of and the
// rest is read.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScan } from "../../../services/cli/scan-run.ts";
import { queueOrder } from "../../../services/cli/scan-summary.ts";
import type { ScanHit } from "../../../services/cli/scan-thread.ts";
import { listInputFiles } from "../../../services/ingest/input-files.ts";
import { tarOf, zipOf } from "../../support/archives.ts";
import { processCreation, windowsEvent } from "../../support/evtx-events.ts";
import { evtxFile, VALUE } from "../../support/evtx-writer.ts";

const folder = mkdtempSync(join(tmpdir(), "hw-scan-archives-"));
afterAll(() => rmSync(folder, { recursive: true }));

const RULE = `title: Schattenkopien gelöscht
id: 6f2f5a3e-3c7c-4a0e-9a3d-2f6f1f6b0c11
status: stable
level: critical
tags: [attack.impact, attack.t1490]
logsource: { product: windows, category: process_creation }
detection:
  selection: { Image|endswith: '\\vssadmin.exe', CommandLine|contains|all: [delete, shadows] }
  condition: selection
`;

function eventWith(recordId: number, commandLine: string) {
  const event = processCreation(recordId);
  const data = {
    ...event.data,
    Image: VALUE.string("C:\\Windows\\System32\\vssadmin.exe"),
    CommandLine: VALUE.string(commandLine),
  };
  return windowsEvent({ ...event, data });
}

beforeAll(async () => {
  const entries = [
    {
      name: "pc1/Sysmon.evtx",
      text: evtxFile([
        [eventWith(1, "vssadmin list shadows"), eventWith(2, "vssadmin delete shadows /all")],
        [eventWith(3, "vssadmin delete shadows")],
      ]),
    },
    {
      name: "pc2/Sysmon.evtx.gz",
      text: gzipSync(evtxFile([[eventWith(901, "vssadmin Delete Shadows")]])),
    },
  ];
  writeFileSync(join(folder, "rule.yml"), RULE);
  writeFileSync(join(folder, "logs.zip"), zipOf(entries));
  writeFileSync(join(folder, "logs.tar.gz"), gzipSync(await tarOf(entries)));
  for (const { name, text } of entries) {
    mkdirSync(join(folder, "logs", name, ".."), { recursive: true });
    writeFileSync(join(folder, "logs", name), text);
  }
  const damaged = Buffer.from(entries[0]?.text ?? "");
  damaged.writeUInt8(1, 4096 + 600);
  writeFileSync(join(folder, "damaged.evtx"), damaged);
});

async function scan(name: string) {
  const hits: ScanHit[] = [];
  const { files } = await listInputFiles([join(folder, name)]);
  const summary = await runScan({
    settings: {
      rulePaths: [join(folder, "rule.yml")],
      minLevel: "low",
      timeZone: "Europe/Berlin",
      key: "11".repeat(32),
      format: undefined,
      hitsOnly: false,
    },
    files,
    jobs: 1,
    language: "de",
    onHit: (hit) => hits.push(hit),
    onProgress: () => undefined,
  });
  const places = hits.map((hit) => `${hit.file.slice(folder.length + 1)}:${hit.line}`);
  return { summary, places, events: hits.map((hit) => hit.event) };
}

/** An event's own identity, without the file that it was found in. */
function withoutPlace(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

describe("a scan of event logs", () => {
  it.each([
    ["logs", "logs/"],
    ["logs.zip", "logs.zip!/"],
    ["logs.tar.gz", "logs.tar.gz!/"],
  ])("finds the same in %s", async (name, prefix) => {
    const [wanted, found] = [await scan("logs"), await scan(name)];
    expect(found.places).toEqual([
      `${prefix}pc1/Sysmon.evtx:2`,
      `${prefix}pc1/Sysmon.evtx:3`,
      `${prefix}pc2/Sysmon.evtx.gz:1`,
    ]);
    expect(found.events.map(withoutPlace)).toEqual(wanted.events.map(withoutPlace));
    expect(found.summary).toMatchObject({ lines: 4, events: 4, unparsed: 0, hits: 3, faults: [] });
    const idsOf = (summary: typeof wanted.summary) =>
      queueOrder(summary.findings).map((finding) => [finding.id, finding.signalCount]);
    expect(idsOf(found.summary)).toEqual(idsOf(wanted.summary));
  });

  it("goes on behind a damaged chunk and tells of it", async () => {
    const { summary, places } = await scan("damaged.evtx");
    expect(places).toEqual(["damaged.evtx:1"]);
    expect(summary.faults).toEqual([
      {
        place: join(folder, "damaged.evtx:chunk@4096"),
        reason: expect.stringContaining("checksum"),
      },
    ]);
  });
});
