// The files that a report is handed out as. Each is made of the document alone, so that the same report gives
// the same bytes; what has several files comes as one tar archive.
import tar from "tar-stream";
import { AppError } from "../../config/errors.ts";
import { csvFiles } from "../report-document/csv.ts";
import type { ReportDocument } from "../report-document/document.ts";
import { handOverFiles } from "../report-document/hand-over.ts";
import { renderHtml } from "../report-document/html.ts";
import { renderPdfs } from "../report-document/pdf.ts";

/** `pdf-a`: for the archive, with the data embedded; `pdf-ua`: readable by everybody; `dms`: the hand-over. */
const REPORT_FORMS = ["json", "html", "pdf-a", "pdf-ua", "csv", "dms"] as const;
export type ReportForm = (typeof REPORT_FORMS)[number];

export interface ReportFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/**
 * @param table of a CSV by its id; without one all tables come in an archive
 * @throws AppError HW_NOT_FOUND for a table that is not there; what setting a PDF throws
 */
export async function reportFile(
  document: ReportDocument,
  json: string,
  form: ReportForm,
  { table, signal }: { readonly table?: string | undefined; readonly signal: AbortSignal },
): Promise<ReportFile> {
  const { fileName } = document;
  const file = (ending: string, mediaType: string, content: Buffer): ReportFile => ({
    ...{ name: `${fileName}${ending}`, mediaType, content },
  });
  switch (form) {
    case "json":
      return file(".json", "application/json", Buffer.from(json));
    case "html":
      return file(".html", "text/html; charset=utf-8", Buffer.from(renderHtml(document)));
    case "pdf-a":
      return file("-a.pdf", "application/pdf", (await renderPdfs(document, signal)).archive);
    case "pdf-ua":
      return file("-ua.pdf", "application/pdf", (await renderPdfs(document, signal)).accessible);
    case "csv":
      return table === undefined ? csvArchive(document) : csvTable(document, table);
    case "dms": {
      const { archive } = await renderPdfs(document, signal);
      const files = await handOverFiles(document, archive);
      return file("-dms.tar", "application/x-tar", await archiveOf(document, files));
    }
  }
}

function csvTable(document: ReportDocument, table: string): ReportFile {
  const found = csvFiles(document).find(({ name }) => name === `${table}.csv`);
  if (found === undefined) {
    throw new AppError("HW_NOT_FOUND", "the report has no such table", { place: table });
  }
  const mediaType = "text/csv; charset=utf-8";
  return { name: found.name, mediaType, content: Buffer.from(found.content) };
}

async function csvArchive(document: ReportDocument): Promise<ReportFile> {
  const files = csvFiles(document).map(({ name, content }) => ({
    ...{ path: name, content: Buffer.from(content) },
  }));
  const content = await archiveOf(document, files);
  return { name: `${document.fileName}-csv.tar`, mediaType: "application/x-tar", content };
}

/** In the document's order, dated as the document is. */
async function archiveOf(
  { createdAt, fileName }: ReportDocument,
  files: readonly { readonly path: string; readonly content: Buffer }[],
): Promise<Buffer> {
  const pack = tar.pack();
  const chunks: Uint8Array[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    pack.on("data", (chunk) => {
      if (chunk instanceof Uint8Array) chunks.push(chunk);
    });
    pack.on("end", () => resolve(Buffer.concat(chunks)));
    pack.on("error", reject);
  });
  const mtime = new Date(createdAt);
  for (const { path, content } of files) {
    pack.entry({ name: `${fileName}/${path}`, mtime, mode: 0o644 }, content);
  }
  pack.finalize();
  return whole;
}
