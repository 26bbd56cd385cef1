// What is handed over to a document management system: a folder with the PDF/A-3a, the figures and tables
// beside it, metadata as XML with their schema, and the sums that say nothing was changed on the way.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError, messageOf } from "../../config/errors.ts";
import { csvFiles } from "./csv.ts";
import type { ReportDocument } from "./document.ts";
import { escaped } from "./markup.ts";
import { DOCUMENT_MESSAGES } from "./messages.ts";
import { LINE_CHARACTERS_MAX, visibleText } from "./visible-text.ts";

export interface HandOverFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly content: Buffer;
}

interface Described extends HandOverFile {
  readonly role: "hauptdokument" | "anlage" | "tabelle" | "schema";
  readonly mediaType: string;
  readonly description: string;
}

const SCHEMA = "heidewacht-uebergabe-1.xsd";
const SUMS = "SHA256SUMS";
const METADATA = "metadaten.xml";

/** The files of the hand-over; the same bytes for the same document. `archive` is its PDF/A-3a. */
export async function handOverFiles(
  document: ReportDocument,
  archive: Buffer,
): Promise<HandOverFile[]> {
  const described: Described[] = [
    {
      ...{ path: `${document.fileName}.pdf`, content: archive, role: "hauptdokument" as const },
      ...{ mediaType: "application/pdf", description: `${document.title} (PDF/A-3a)` },
    },
    ...document.attachments.map((one) => ({
      ...{
        path: `anlagen/${one.name}`,
        content: Buffer.from(one.content),
        role: "anlage" as const,
      },
      ...{ mediaType: one.mediaType, description: one.description },
    })),
    ...csvFiles(document).map((one) => ({
      ...{ path: `tabellen/${one.name}`, content: Buffer.from(one.content) },
      ...{ role: "tabelle" as const, mediaType: "text/csv", description: one.caption },
    })),
    {
      ...{ path: SCHEMA, content: await readFile(new URL(SCHEMA, import.meta.url)) },
      ...{ role: "schema" as const, mediaType: "application/xml" },
      description: DOCUMENT_MESSAGES[document.language].schema,
    },
  ];
  const metadata = { path: METADATA, content: Buffer.from(metadataXml(document, described)) };
  const files = [...described.map(({ path, content }) => ({ path, content })), metadata];
  const sums = files.map(({ path, content }) => `${sha256(content)}  ${path}\n`).sort(byPath);
  return [...files, { path: SUMS, content: Buffer.from(sums.join("")) }];
}

/**
 * Writes the files into a folder of their own, which is there whole or not at all.
 * @throws AppError HW_EXISTS when there is something of that name
 */
export async function writeHandOver(folder: string, files: readonly HandOverFile[]): Promise<void> {
  const unready = `${folder}.part`;
  await rm(unready, { recursive: true, force: true });
  for (const { path, content } of files) {
    await mkdir(dirname(join(unready, path)), { recursive: true });
    await writeFile(join(unready, path), content);
  }
  try {
    await rename(unready, folder);
  } catch (cause) {
    await rm(unready, { recursive: true, force: true });
    const isTaken = ["ENOTEMPTY", "EEXIST", "ENOTDIR"].some((code) =>
      messageOf(cause).startsWith(code),
    );
    if (!isTaken) throw cause;
    throw new AppError("HW_EXISTS", "the folder of the hand-over is there already", {
      ...{ place: folder, cause },
      mend: "Name another folder, or remove this one.",
    });
  }
}

function metadataXml(document: ReportDocument, files: readonly Described[]): string {
  const { filing, period, tenant } = document;
  const moment = (ms: number) => new Date(ms).toISOString();
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<uebergabe xmlns="urn:heidewacht:uebergabe:1" fassung="1">',
    "  <dokument>",
    element("titel", document.title),
    element("untertitel", document.subtitle),
    element("dokumentart", filing.documentType),
    ...(filing.reference === undefined ? [] : [element("aktenzeichen", filing.reference)]),
    `    <mandant kennung="${shown(tenant.id)}">${shown(tenant.name)}</mandant>`,
    `    <zeitraum von="${moment(period.fromMs)}" bis="${moment(period.untilMs)}">${shown(period.label)}</zeitraum>`,
    element("erstellt", moment(document.createdAt)),
    element("ersteller", document.author),
    element("sprache", document.language),
    element("aufbewahrung", filing.retention),
    ...(document.mark === undefined ? [] : [element("kennzeichnung", document.mark)]),
    "  </dokument>",
    "  <dateien>",
    ...files.map(fileElement),
    "  </dateien>",
    "</uebergabe>\n",
  ].join("\n");
}

function fileElement({ path, content, role, mediaType, description }: Described): string {
  const attributes = [
    `pfad="${shown(path)}"`,
    `rolle="${role}"`,
    `medientyp="${shown(mediaType)}"`,
    `bytes="${content.length}"`,
    `sha256="${sha256(content)}"`,
  ];
  return `    <datei ${attributes.join(" ")}>${shown(description)}</datei>`;
}

function element(name: string, text: string): string {
  return `    <${name}>${shown(text)}</${name}>`;
}

function shown(text: string): string {
  return escaped(visibleText(text, { charactersMax: LINE_CHARACTERS_MAX }));
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Of lines of sums: behind 64 digits and two blanks. */
function byPath(a: string, b: string): number {
  return a.slice(66) < b.slice(66) ? -1 : 1;
}
