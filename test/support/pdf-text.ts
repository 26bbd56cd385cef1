// What a reader's program finds in a PDF: text in the order of reading without heads and feet of pages,
// bookmarks, metadata, embedded files, and the kinds of its structure. Read with pdf.js, a program that has
// nothing to do with the one that writes.
import assert from "node:assert/strict";
import { getDocument, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";

export interface ReadPdf {
  /** Text of each page, runs parted by a blank. */
  readonly pages: readonly string[];
  /** What is only ornament: heads and feet. */
  readonly ornaments: readonly string[];
  readonly bookmarks: readonly string[];
  readonly title: string;
  readonly language: string;
  readonly metadata: string;
  readonly attachments: ReadonlyMap<string, string>;
  /** How often each kind of structure occurs. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Texts in place of pictures. */
  readonly alternatives: readonly string[];
}

export async function readPdf(bytes: Buffer): Promise<ReadPdf> {
  const task = getDocument({
    data: Uint8Array.from(bytes),
    useSystemFonts: false,
    disableFontFace: true,
    verbosity: VerbosityLevel.ERRORS,
  });
  const pdf = await task.promise;
  try {
    const pages: string[] = [];
    const ornaments: string[] = [];
    const kinds = new Map<string, number>();
    const alternatives: string[] = [];
    for (let number = 1; number <= pdf.numPages; number += 1) {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent({ includeMarkedContent: true });
      const { content, ornament } = partText(items);
      pages.push(content);
      ornaments.push(ornament);
      count(await page.getStructTree(), kinds, alternatives);
    }
    const { info, metadata } = await pdf.getMetadata();
    const attachments = new Map<string, string>();
    for (const [id, { filename }] of (await pdf.getAttachments()) ?? [])
      attachments.set(filename, await attachmentText(pdf, id));
    const outline = (await pdf.getOutline()) ?? [];
    return {
      ...{ pages, ornaments, kinds, alternatives },
      bookmarks: outline.flatMap((one) => [one.title, ...one.items.map((below) => below.title)]),
      title: String(Reflect.get(info, "Title")),
      language: String(Reflect.get(info, "Language")),
      metadata: metadata?.getRaw() ?? "",
      attachments,
    };
  } finally {
    await task.destroy();
  }
}

type Pdf = Awaited<ReturnType<typeof getDocument>["promise"]>;
type Page = Awaited<ReturnType<Pdf["getPage"]>>;
type Items = Awaited<ReturnType<Page["getTextContent"]>>["items"];

async function attachmentText(pdf: Pdf, id: string): Promise<string> {
  const content: unknown = await pdf.getAttachmentContent(id);
  assert(content instanceof Uint8Array, `content of the attachment ${id}`);
  return Buffer.from(content).toString("utf8");
}

function partText(items: Items): { content: string; ornament: string } {
  const open: boolean[] = [];
  const parts = { content: "", ornament: "" };
  let end = { x: 0, y: 0 };
  for (const item of items) {
    if ("str" in item) {
      const [x, y] = [Number(item.transform[4]), Number(item.transform[5])];
      // Cells of a table are parted by nothing but their places; a break allowed in a word parts nothing.
      const follows =
        Math.abs(x - end.x) < TOUCHING_POINTS && Math.abs(y - end.y) < TOUCHING_POINTS;
      const part = open.includes(true) ? "ornament" : "content";
      parts[part] += (follows ? "" : " ") + item.str;
      end = { x: x + item.width, y };
    } else if (item.type.startsWith("begin")) open.push(Reflect.get(item, "tag") === "Artifact");
    else open.pop();
  }
  return { content: squeezed(parts.content), ornament: squeezed(parts.ornament) };
}

const TOUCHING_POINTS = 0.4;

function squeezed(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function count(node: unknown, kinds: Map<string, number>, alternatives: string[]): void {
  if (typeof node !== "object" || node === null) return;
  const role: unknown = Reflect.get(node, "role");
  const alternative: unknown = Reflect.get(node, "alt");
  if (typeof role === "string") kinds.set(role, (kinds.get(role) ?? 0) + 1);
  if (typeof alternative === "string") alternatives.push(alternative);
  const children: unknown = Reflect.get(node, "children");
  if (Array.isArray(children)) for (const child of children) count(child, kinds, alternatives);
}
