// Rules reach the events of other applications by the log source that their mapping file names.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { runScan } from "../../../services/cli/scan-run.ts";
import { listInputFiles } from "../../../services/ingest/input-files.ts";

const MAPPINGS = fileURLToPath(new URL("../../../config/mappings-examples/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "hw-scan-mappings-"));
afterAll(() => rmSync(folder, { recursive: true }));

const RULE = `title: Dokument ohne Berechtigung gelöscht
id: 3b0f4f55-6d6f-4a53-9a6b-0b8c8a1f7d21
status: stable
level: high
logsource: { product: dms, service: audit }
detection:
  selection: { event.action: LOESCHEN, event.outcome: failure, source.ip|cidr: 10.0.0.0/8 }
  condition: selection
`;

it("finds what a rule for a mapped application looks for", async () => {
  writeFileSync(join(folder, "rule.yml"), RULE);
  writeFileSync(
    join(folder, "audit.csv"),
    [
      "Datum;Uhrzeit;Benutzer;Rechner;Aktion;Akte;Dokument;Ergebnis",
      "21.11.2026;05:38:16;emustermann;10.1.2.3;ANZEIGEN;32-1/26;a.pdf;OK",
      "21.11.2026;05:38:17;emustermann;10.1.2.3;LOESCHEN;32-1/26;a.pdf;OK",
      "21.11.2026;05:38:18;emustermann;10.1.2.3;LOESCHEN;32-1/26;a.pdf;VERWEIGERT",
    ].join("\n"),
  );
  const lines: number[] = [];
  const input = await listInputFiles([join(folder, "audit.csv")]);
  const summary = await runScan({
    settings: {
      rulePaths: [join(folder, "rule.yml")],
      minLevel: "low",
      timeZone: "Europe/Berlin",
      key: "07".repeat(32),
      format: "dms-audit",
      mappings: { paths: [MAPPINGS], language: "de" },
      hitsOnly: false,
    },
    files: input.files,
    jobs: 1,
    language: "de",
    onHit: ({ line }) => lines.push(line),
    onProgress: () => undefined,
  });
  expect(lines).toEqual([4]);
  expect(summary.unparsed).toBe(0);
  expect(summary.findings.map(({ detector }) => detector.title)).toEqual([
    "Dokument ohne Berechtigung gelöscht",
  ]);
});
