// How long the report of a quarter with 10,000 incidents takes: gathered out of the embedded store with as
// many findings and an audit chain, made a document, and set as HTML and as both PDF.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSchema } from "../../config/schema.ts";
import { LEVELS } from "../../detectors/detector.ts";
import { collectReport } from "../../services/report/collect.ts";
import { documentOf } from "../../services/report/document/report-document.ts";
import { reportJson } from "../../services/report/report.ts";
import { renderHtml } from "../../services/report-document/html.ts";
import { renderPdfs } from "../../services/report-document/pdf.ts";
import { type ReportLinkParts, reportContext } from "../../services/report-link.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import type { Finding } from "../../services/store/finding.ts";
import { INCIDENT_CATEGORIES, type Incident } from "../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../services/store/kinds.ts";
import type { Store } from "../../services/store/store.ts";
import { randomOf } from "../services/kpi/histories.ts";
import { actionOf, findingOf, impactOf, incidentOf, TENANT } from "../services/kpi/incidents.ts";
import { printFigure } from "./figure.ts";

const INCIDENTS = 10_000;
const FINDINGS = 30_000;
const AUDIT_ENTRIES = 30_000;
const BATCH = 1000;
const ROUNDS = 3;
const FROM = Date.UTC(2026, 9, 1);
const TO = Date.UTC(2027, 0, 1);
const NOW = Date.UTC(2027, 0, 5);
const HOUR_MS = 3_600_000;

const random = randomOf(1);
const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-bench-report-"));
const store = openEmbeddedStore({ dataDir });
try {
  await fill(store);
  const parts: ReportLinkParts = {
    ...{ store, at: (path) => path, sources: async () => [] },
    config: configSchema.parse({ tenants: [{ id: TENANT, name: "Landkreis Beispiel" }] }),
    rules: () => ({ rules: [], faults: 0, leftOut: 0 }),
  };
  const edition = { author: "Landkreis Beispiel", reference: undefined };
  const whole: number[] = [];
  const gathering: number[] = [];
  let [bytes, pdfBytes] = [0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    const data = await collectReport(reportContext(parts, TENANT, "2026-Q4", NOW));
    gathering.push((performance.now() - startedAt) / 1000);
    const document = documentOf(data, edition, "full");
    bytes = reportJson(data).length;
    renderHtml(document);
    const pdfs = await renderPdfs(document, new AbortController().signal);
    pdfBytes = pdfs.archive.length;
    whole.push((performance.now() - startedAt) / 1000);
  }
  const more = { incidents: INCIDENTS, findings: FINDINGS, auditEntries: AUDIT_ENTRIES, seed: 1 };
  const megabytes = process.memoryUsage.rss() / 1_000_000;
  printFigure("report.quarter_10k_s", median(whole), "s", {
    ...{ ...more, rounds: ROUNDS, slowest: Math.max(...whole), jsonBytes: bytes, pdfBytes },
    rssMb: Math.round(megabytes),
  });
  printFigure("report.quarter_10k_gather_s", median(gathering), "s", more);
} finally {
  await store.close();
  rmSync(dataDir, { recursive: true });
}

async function fill(into: Store): Promise<void> {
  const inBatches = async (count: number, put: (index: number) => Promise<void>) => {
    for (let first = 0; first < count; first += BATCH) {
      await Promise.all(Array.from({ length: BATCH }, (_, index) => put(first + index)));
    }
  };
  await inBatches(INCIDENTS, (index) => {
    const incident = madeIncident(index);
    return into.put(TENANT, INCIDENT_KIND, incident.id, incident);
  });
  await inBatches(FINDINGS, (index) => {
    const finding = madeFinding(index);
    return into.put(TENANT, FINDING_KIND, finding.id, finding);
  });
  await inBatches(AUDIT_ENTRIES, async (index) => {
    const at = FROM + Math.floor((index / AUDIT_ENTRIES) * (TO - FROM));
    const entry = { at, actor: "account-1", action: "finding.verdict", subject: `f${index}` };
    await into.appendAudit(TENANT, { ...entry, payload: { verdict: "false_positive" } });
  });
}

function madeIncident(index: number): Incident {
  const identifiedAt = FROM + Math.floor((index / INCIDENTS) * (TO - FROM));
  const hours = (most: number) => Math.floor(random() * most * HOUR_MS);
  const evidence = { method: "evidence" as const, evidenceIds: ["event-1"] };
  const done = new Date(identifiedAt + hours(200)).toISOString().slice(0, 19);
  return incidentOf(`incident-${index}`, {
    severity: LEVELS[index % LEVELS.length] ?? "high",
    category: INCIDENT_CATEGORIES[index % INCIDENT_CATEGORIES.length] ?? "other",
    createdAt: identifiedAt,
    changedAt: identifiedAt,
    firstCompromise: { ...evidence, at: identifiedAt - hours(200) },
    ...{ detectedAt: identifiedAt - hours(8), identifiedAt },
    contained: { ...evidence, at: identifiedAt + hours(5) },
    ...(random() < 0.95 ? { recovered: { ...evidence, at: identifiedAt + hours(100) } } : {}),
    impact: impactOf(random() < 0.7 ? "none" : "limited"),
    actions: [random() < 0.9 ? actionOf("a1", done) : actionOf("a1")],
  });
}

function madeFinding(index: number): Finding {
  const raisedAt = FROM + Math.floor((index / FINDINGS) * (TO - FROM));
  const verdict = random() < 0.6 ? ("false_positive" as const) : ("true_positive" as const);
  const judgedAt = raisedAt + Math.floor(random() * 4 * HOUR_MS);
  const base = findingOf(`finding-${index}`);
  return {
    ...base,
    detector: { ...base.detector, id: `rule-${index % 200}` },
    ...{ raisedAt, firstEventAt: raisedAt, lastEventAt: raisedAt },
    ...{ status: "closed", verdict: { verdict, at: judgedAt, by: "account-1" } },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
