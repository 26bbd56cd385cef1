// A scan with pipelines: rules written for one kind of log find what another kind says under its own names,
// with one thread as with two.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runScan } from "../../../services/cli/scan-run.ts";
import { listInputFiles } from "../../../services/ingest/input-files.ts";
import { ruleText } from "../../support/rule-text.ts";

const folder = mkdtempSync(join(tmpdir(), "hw-scan-pipelines-"));
afterAll(() => rmSync(folder, { recursive: true }));

const PIPELINE = `
transformations:
  - { type: field_name_mapping, mapping: { Image: programm } }
  - { type: change_logsource, product: heidewacht }
`;

it.each([1, 2])("finds what it should with %i threads", async (jobs) => {
  writeFileSync(join(folder, "rule.yml"), ruleText());
  writeFileSync(join(folder, "site.yml"), PIPELINE);
  const line = (programm: string) =>
    JSON.stringify({ time: "2026-11-21T10:00:00Z", product: "heidewacht", programm });
  const names = ["a.ndjson", "b.ndjson"].map((name) => join(folder, name));
  for (const name of names) {
    writeFileSync(name, [line("C:\\x\\other.exe"), line("C:\\x\\tool.exe"), ""].join("\n"));
  }
  const lines: number[] = [];
  const input = await listInputFiles(names);
  await runScan({
    settings: {
      rulePaths: [join(folder, "rule.yml")],
      minLevel: "low",
      timeZone: "Europe/Berlin",
      key: "07".repeat(32),
      format: "json",
      pipelines: { paths: [join(folder, "site.yml")], language: "de" },
      hitsOnly: true,
    },
    files: input.files,
    jobs,
    language: "de",
    onHit: (hit) => lines.push(hit.line),
    onProgress: () => undefined,
  });
  expect(lines).toEqual([2, 2]);
});
