// From the report's data to the neutral document that becomes PDF, HTML, CSV and a hand-over: the whole
// report, the page for the management by itself, or what concerns the staff council. The same data and
// edition give the same document.
import type { KeyValue, ReportDocument, Section } from "../../report-document/document.ts";
import { periodWords } from "../../store/kpi-words.ts";
import { shortIds } from "../../store/short-id.ts";
import { dataHashOf, type ReportData, reportJson } from "../report.ts";
import { aiSection } from "./ai.ts";
import { annexSection } from "./annex.ts";
import { controlsSection } from "./controls.ts";
import { detectionSection } from "./detection.ts";
import type { DocumentParts, Edition, ReportExtract } from "./edition.ts";
import { integritySection } from "./integrity.ts";
import { kpiSection } from "./kpi.ts";
import { legalSection } from "./legal.ts";
import { managementSection } from "./management.ts";
import { measuresSection } from "./measures.ts";
import { privacySection } from "./privacy.ts";
import { responseSection } from "./response.ts";
import { COVER } from "./section-messages.ts";
import { situationSection } from "./situation.ts";
import { sourcesSection } from "./sources.ts";
import { countWords, dayWords, timeWords } from "./words.ts";

const PARTS: Readonly<Record<ReportExtract, readonly ((parts: DocumentParts) => Section)[]>> = {
  full: [
    managementSection,
    situationSection,
    kpiSection,
    detectionSection,
    sourcesSection,
    responseSection,
    legalSection,
    privacySection,
    aiSection,
    controlsSection,
    measuresSection,
    integritySection,
    annexSection,
  ],
  management: [managementSection],
  "works-council": [privacySection, aiSection],
};

const SUBTITLES: Readonly<Record<ReportExtract, string>> = {
  full: COVER.subtitle,
  management: COVER.management,
  "works-council": COVER.worksCouncil,
};

export function documentOf(
  data: ReportData,
  edition: Edition,
  extract: ReportExtract,
): ReportDocument {
  const { tenant, period } = data;
  const command = (section: string) =>
    `heidewacht report show ${period.name} --tenant ${tenant.id} --section ${section}`;
  const shorts = shortIds(incidentsIn(data));
  const shortOf = (incident: string) => shorts.get(incident) ?? incident;
  const tenantCommand = (words: string) => `heidewacht ${words} --tenant ${tenant.id}`;
  const parts: DocumentParts = { data, edition, command, tenantCommand, shortOf };
  const mark = markOf(parts);
  return {
    title: COVER.title,
    subtitle: SUBTITLES[extract],
    language: "de",
    tenant: { id: tenant.id, name: tenant.name },
    period: { label: periodLabel(data), fromMs: period.from, untilMs: period.to },
    createdAt: edition.published?.publishedAt ?? data.at,
    author: edition.author,
    fileName: fileName(data, edition, extract),
    ...(mark === "" ? {} : { mark }),
    meta: metaOf(parts),
    sections: PARTS[extract].map((section) => section(parts)),
    attachments:
      extract === "full"
        ? [
            {
              name: "bericht.json",
              mediaType: "application/json",
              content: reportJson(data),
              relationship: "Source",
              description: COVER.json,
            },
          ]
        : [],
    filing: {
      documentType: COVER.documentType,
      retention: COVER.retention,
      ...(edition.reference === undefined ? {} : { reference: edition.reference }),
    },
  };
}

function incidentsIn({ sections }: ReportData): string[] {
  const { situation, kpi, legal, measures } = sections;
  return [
    ...situation.incidents.rows.map(({ id }) => id),
    ...kpi.figures.recovery.open.cases.map(({ id }) => id),
    ...legal.rows.map(({ incident }) => incident),
    ...measures.open.map(({ incident }) => incident),
  ];
}

/** Whether anything in it was made up for a demonstration. */
export function isSimulatedReport({ sections }: ReportData): boolean {
  const { incidents, findings } = sections.situation;
  return incidents.simulated + findings.simulated > 0;
}

function markOf({ data, edition }: DocumentParts): string {
  return [
    ...(edition.published === undefined ? [COVER.draft] : []),
    ...(isSimulatedReport(data) ? [COVER.simulatedMark] : []),
  ].join(" · ");
}

/** `4. Quartal 2026 (1. Oktober 2026 bis 31. Dezember 2026)` */
function periodLabel({ period }: ReportData): string {
  const last = dayWords(period.to - 1, period.timeZone);
  return `${periodWords(period, "de")} (${dayWords(period.from, period.timeZone)} bis ${last})`;
}

function fileName({ tenant, period }: ReportData, { published }: Edition, extract: ReportExtract) {
  const parts = [
    ...["isb-bericht", tenant.id, period.name.toLowerCase()],
    ...(extract === "full" ? [] : [extract === "management" ? "kurzfassung" : "personalrat"]),
    published === undefined ? "entwurf" : `fassung-${published.revision}`,
  ];
  return parts.join("-");
}

function metaOf({ data, edition }: DocumentParts): KeyValue[] {
  const { published } = edition;
  const { timeZone } = data.period;
  const { incidents, findings } = data.sections.situation;
  return [
    {
      key: COVER.edition,
      value:
        published === undefined
          ? COVER.draftNote
          : COVER.editionOf(published.revision, dayWords(published.publishedAt, timeZone)),
    },
    { key: COVER.state, value: timeWords(data.at, timeZone) },
    { key: COVER.definitions, value: countWords(data.sections.kpi.definitionVersion) },
    { key: COVER.hash, value: [{ text: dataHashOf(data), style: "code" }] },
    ...(published === undefined ? [] : [{ key: COVER.previous, value: previous(published) }]),
    { key: COVER.product, value: `Heidewacht ${data.product}` },
    { key: COVER.ai, value: COVER.aiShare },
    { key: COVER.persons, value: COVER.noPersons },
    ...(isSimulatedReport(data)
      ? [
          {
            key: COVER.simulated,
            value: COVER.simulatedIn(
              countWords(incidents.simulated),
              countWords(findings.simulated),
            ),
          },
        ]
      : []),
  ];
}

function previous({
  sequence,
  previousHash,
}: NonNullable<Edition["published"]>): KeyValue["value"] {
  return sequence === 1 ? COVER.first : [{ text: previousHash, style: "code" }];
}
