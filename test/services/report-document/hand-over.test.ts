// The set that a document management system is given.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { handOverFiles, writeHandOver } from "../../../services/report-document/hand-over.ts";
import { HOSTILE_TEXTS, sampleDocument } from "./sample-document.ts";

const pdf = Buffer.from("%PDF-1.7 sample");
const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");

/** Elements by name, with attributes and text; fails where it is not well formed. */
function elements(xml: string) {
  const found: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => found.push({ name, attributes, text: "" }));
  parser.on("text", (text) => {
    const last = found.at(-1);
    if (last !== undefined) last.text += text;
  });
  parser.write(xml).close();
  return found.map((one) => ({ ...one, text: one.text.trim() }));
}

describe("the hand-over", () => {
  it("holds the PDF, attachments, tables, metadata, their schema and the sums", async () => {
    const files = await handOverFiles(sampleDocument(), pdf);
    expect(files.map((one) => one.path)).toEqual([
      "isb-bericht-lk-2026-q4.pdf",
      "anlagen/bericht.json",
      ...["schwere", "wochen", "monate", "leer", "vorfaelle-1"].map((id) => `tabellen/${id}.csv`),
      "heidewacht-uebergabe-1.xsd",
      "metadaten.xml",
      "SHA256SUMS",
    ]);
  });

  it("names the sum of every other file, as sha256sum checks them", async () => {
    const files = await handOverFiles(sampleDocument(), pdf);
    const sums = files.at(-1)?.content.toString("utf8") ?? "";
    const lines = files
      .slice(0, -1)
      .map((one) => `${sha256(one.content)}  ${one.path}`)
      .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
    expect(sums).toBe(`${lines.join("\n")}\n`);
  });

  it("tells in its metadata what a registry asks for", async () => {
    const files = await handOverFiles(sampleDocument(), pdf);
    const xml = files.find((one) => one.path === "metadaten.xml")?.content.toString("utf8") ?? "";
    const found = elements(xml);
    const text = (name: string) => found.find((one) => one.name === name)?.text;
    expect(text("dokumentart")).toBe("Bericht an den ISB");
    expect(text("aktenzeichen")).toBe("FD 03 – 14.2/2026");
    expect(text("mandant")).toBe("Landkreis Musterheide");
    expect(text("erstellt")).toBe("2027-01-04T06:30:00.000Z");
    expect(text("aufbewahrung")).toMatch(/^10 Jahre/);
    const [main] = found.filter((one) => one.name === "datei");
    expect(main?.attributes).toEqual({
      ...{ pfad: "isb-bericht-lk-2026-q4.pdf", rolle: "hauptdokument" },
      ...{ medientyp: "application/pdf", bytes: "15", sha256: sha256(pdf) },
    });
  });

  it.each(HOSTILE_TEXTS.map((text, index) => [index, text] as const))(
    "stays well-formed XML with hostile text %i",
    async (_, text) => {
      const tenant = { id: text, name: text };
      const filing = { documentType: text, retention: text, reference: text };
      const hostile = { ...sampleDocument(), title: text, mark: text, tenant, filing };
      const files = await handOverFiles(hostile, pdf);
      const xml = files.find((one) => one.path === "metadaten.xml")?.content.toString("utf8");
      const names = elements(xml ?? "").map((one) => one.name);
      expect(names.filter((name) => name !== "datei")).toEqual([
        ...["uebergabe", "dokument", "titel", "untertitel", "dokumentart", "aktenzeichen"],
        ...["mandant", "zeitraum", "erstellt", "ersteller", "sprache", "aufbewahrung"],
        ...["kennzeichnung", "dateien"],
      ]);
    },
  );

  it("is written whole into a folder of its own, and never over another", async () => {
    const root = mkdtempSync(join(tmpdir(), "heidewacht-hand-over-"));
    try {
      const files = await handOverFiles(sampleDocument(), pdf);
      const folder = join(root, "uebergabe");
      await writeHandOver(folder, files);
      const found = readdirSync(folder, { recursive: true, encoding: "utf8" });
      for (const { path, content } of files)
        expect(readFileSync(join(folder, path)).equals(content)).toBe(true);
      expect(found.filter((name) => name.includes("."))).toHaveLength(files.length - 1);
      await expect(writeHandOver(folder, files)).rejects.toMatchObject({ code: "HW_EXISTS" });
      expect(readdirSync(root)).toEqual(["uebergabe"]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
