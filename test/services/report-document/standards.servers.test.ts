// The PDF against the rules of their standards, asked of veraPDF; the metadata of the hand-over against
// their schema, asked of Java's validator. Long, empty and hostile documents alike.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReportDocument } from "../../../services/report-document/document.ts";
import { handOverFiles, writeHandOver } from "../../../services/report-document/hand-over.ts";
import { type ReportPdfs, renderPdfs } from "../../../services/report-document/pdf.ts";
import { hostileDocument, sampleDocument } from "./sample-document.ts";

const run = promisify(execFile);
const never = new AbortController().signal;
const servers = join(import.meta.dirname, "../../servers");
const verapdf = process.env.TEST_VERAPDF ?? "";

const DOCUMENTS: Readonly<Record<string, ReportDocument>> = {
  long: sampleDocument({ tables: 4, rows: 200 }),
  empty: { ...sampleDocument(), meta: [], sections: [], attachments: [] },
  hostile: hostileDocument(),
};

let folder: string;
let pdfs: Readonly<Record<string, ReportPdfs>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "heidewacht-standards-"));
  const made: Record<string, ReportPdfs> = {};
  for (const [name, document] of Object.entries(DOCUMENTS)) {
    const both = await renderPdfs(document, never);
    made[name] = both;
    writeFileSync(join(folder, `${name}-archive.pdf`), both.archive);
    writeFileSync(join(folder, `${name}-accessible.pdf`), both.accessible);
  }
  pdfs = made;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** veraPDF's verdicts, a line for each file. */
async function verdicts(flavour: string, names: readonly string[]): Promise<string[]> {
  const files = names.map((name) => join(folder, name));
  const args = [join(servers, "verapdf.sh"), "check", verapdf, flavour, ...files];
  const outcome = await run("bash", args).catch((error: unknown) => error);
  const text = String(Reflect.get(Object(outcome), "stdout"));
  return text.split("\n").filter((line) => /^(PASS|FAIL|ERROR) /.test(line));
}

describe("veraPDF", () => {
  it.each([
    ["PDF/A-3a", "3a", "archive"],
    ["PDF/UA-1", "ua1", "accessible"],
  ])("finds no rule of %s broken", async (_, flavour, kind) => {
    const names = Object.keys(DOCUMENTS).map((name) => `${name}-${kind}.pdf`);
    const expected = names.map((name) => `PASS ${join(folder, name)} ${flavour}`);
    expect(await verdicts(flavour, names)).toEqual(expected);
  });

  it("would find one: the archive's file does not say that it is PDF/UA-1", async () => {
    const name = "empty-archive.pdf";
    expect(await verdicts("ua1", [name])).toEqual([`FAIL ${join(folder, name)} ua1`]);
  });
});

describe("the hand-over", () => {
  it.each(Object.entries(DOCUMENTS))(
    "is as its schema says and its sums hold, document %s",
    async (name, document) => {
      const files = await handOverFiles(document, pdfs[name]?.archive ?? Buffer.alloc(0));
      const place = join(folder, `uebergabe-${name}`);
      await writeHandOver(place, files);
      const [schema, metadata] = ["heidewacht-uebergabe-1.xsd", "metadaten.xml"].map((file) =>
        join(place, file),
      );
      const check = join(servers, "XmlSchemaCheck.java");
      const { stdout } = await run("java", [check, schema ?? "", metadata ?? ""]);
      expect(stdout).toBe("valid\n");
      await run("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: place });
    },
  );
});
