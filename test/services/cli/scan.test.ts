// Scanning files: the same findings with one thread or several, every output, hostile values, faults.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatScan } from "../../../services/cli/scan-output.ts";
import { runScan } from "../../../services/cli/scan-run.ts";
import { queueOrder, type ScanSummary } from "../../../services/cli/scan-summary.ts";
import type { ScanHit } from "../../../services/cli/scan-thread.ts";
import { listInputFiles } from "../../../services/ingest/input-files.ts";

const folder = mkdtempSync(join(tmpdir(), "hw-scan-"));
const ZONE = "Europe/Berlin";

function processEvent(record: number, commandLine: string, time: string): string {
  return JSON.stringify({
    EventID: 4688,
    Channel: "Security",
    Provider_Name: "Microsoft-Windows-Security-Auditing",
    Computer: "fs01.lk-heide.example",
    EventRecordID: record,
    "@timestamp": time,
    NewProcessName: "C:\\Windows\\System32\\vssadmin.exe",
    CommandLine: commandLine,
    ParentProcessName: "C:\\Windows\\System32\\cmd.exe",
    SubjectUserName: "h.petersen",
    SubjectDomainName: "LKH",
  });
}

beforeAll(() => {
  const rule = `title: Schattenkopien gelöscht
id: 6f2f5a3e-3c7c-4a0e-9a3d-2f6f1f6b0c11
status: stable
level: critical
tags: [attack.impact, attack.t1490]
logsource: { product: windows, category: process_creation }
detection:
  selection: { Image|endswith: '\\vssadmin.exe', CommandLine|contains|all: [delete, shadows] }
  condition: selection
`;
  writeFileSync(join(folder, "rule.yml"), rule);
  const lines = [
    processEvent(1, "vssadmin list shadows", "2026-11-20T10:00:00Z"),
    processEvent(
      2,
      "vssadmin delete shadows /all /for=<script>alert(1)</script>",
      "2026-11-20T10:00:01Z",
    ),
    "das ist kein Protokoll",
    processEvent(3, "vssadmin Delete Shadows \u202e=cmd", "2026-11-20T10:00:02Z"),
  ];
  writeFileSync(join(folder, "a.ndjson"), `${lines.join("\n")}\n`);
  const packed = processEvent(4, "vssadmin delete shadows", "2026-11-20T12:30:00Z");
  writeFileSync(join(folder, "b.ndjson.gz"), gzipSync(packed));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function scan(jobs: number, paths = ["a.ndjson", "b.ndjson.gz"], key = "11".repeat(32)) {
  const hits: ScanHit[] = [];
  const input = await listInputFiles(paths.map((path) => join(folder, path)));
  const summary = await runScan({
    settings: {
      rulePaths: [join(folder, "rule.yml")],
      minLevel: "low",
      timeZone: ZONE,
      key,
      format: undefined,
      hitsOnly: false,
    },
    files: input.files,
    jobs,
    language: "de",
    onHit: (hit) => hits.push(hit),
    onProgress: () => undefined,
  });
  return { summary, hits };
}

function comparable(summary: ScanSummary) {
  const text = JSON.stringify({ ...summary, elapsedMs: 0, findings: queueOrder(summary.findings) });
  // The only thing that a clock decides.
  return text.replace(/"event.ingested":"[^"]+"/g, "");
}

describe("a scan", () => {
  it("finds hits with file and line, groups them by hour, and counts what it did not understand", async () => {
    const { summary, hits } = await scan(1);
    expect(hits.map((hit) => `${hit.file.slice(folder.length + 1)}:${hit.line}`)).toEqual([
      "a.ndjson:2",
      "a.ndjson:4",
      "b.ndjson.gz:1",
    ]);
    expect(summary).toMatchObject({
      files: 2,
      lines: 5,
      events: 4,
      unparsed: 1,
      hits: 3,
      rules: 1,
    });
    expect(summary.findings.map((finding) => finding.signalCount).sort()).toEqual([1, 2]);
  });

  it("gives the same findings and hits with several threads", async () => {
    const [one, two] = [await scan(1), await scan(2)];
    expect(comparable(two.summary)).toBe(comparable(one.summary));
    const places = ({ hits }: typeof one) =>
      hits.map((hit) => `${hit.file} ${hit.line} ${hit.rule}`);
    expect(places(two).sort()).toEqual(places(one).sort());
    expect(one.hits.length).toBe(3);
  });

  it("ends with the fault when its threads can't start", async () => {
    await expect(scan(2, ["a.ndjson", "b.ndjson.gz"], "no key")).rejects.toThrow();
  });

  it("goes on after a file that can't be read, and says which", async () => {
    writeFileSync(
      join(folder, "broken.gz"),
      Buffer.concat([gzipSync("x").subarray(0, 12), Buffer.alloc(9)]),
    );
    const { summary } = await scan(1, ["broken.gz", "a.ndjson"]);
    expect(summary.faults[0]?.place).toContain("broken.gz");
    expect(summary.hits).toBe(2);
  });

  it("writes every format without names in clear and without live markup", async () => {
    const { summary } = await scan(1);
    for (const format of ["table", "json", "jsonl", "csv", "html"] as const) {
      const text = formatScan(summary, format, "de", ZONE, 0);
      expect(text).toContain("Schattenkopien");
      expect(text).not.toContain("petersen");
    }
    const html = formatScan(summary, "html", "de", ZONE, 0);
    expect(html).not.toContain("<script");
    expect(html).not.toContain("\u202e");
    expect(html).toContain("<mark>");
    expect(html).toMatch(/<svg role="group" aria-label="[^"]+"/);
    expect(html).not.toMatch(/(?:src|href)="http/);
    expect(formatScan(summary, "table", "de", ZONE, 0)).not.toContain("\u202e");
    const [head, first] = formatScan(summary, "csv", "en", ZONE, 0).split("\r\n");
    expect(head?.split(",").length).toBe(first?.split(",").length);
    expect(JSON.parse(formatScan(summary, "json", "de", ZONE, 0))).toMatchObject({ hits: 3 });
  });
});
