// What hostile and broken records come to: the outcome that docs/feindliche-eingaben.md states for each.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readLines } from "../../../services/ingest/file-read.ts";
import { ecsDocument } from "../../../services/normalize/ecs-document.ts";
import { createNormalizer } from "../../../services/normalize/normalizer.ts";

const RECEIVED_AT = Date.UTC(2026, 10, 21, 5);
const SSH = "Nov 21 05:38:16 web01 sshd[1]: Failed password for root from 192.0.2.7 port 22 ssh2";
const folder = mkdtempSync(join(tmpdir(), "hw-hostile-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function normalize(text: string) {
  const raw = { id: "h", idFromSender: false, source: "hostile", timeZone: "UTC", text };
  return createNormalizer({ mappings: [] }).normalize({ ...raw, receivedAt: RECEIVED_AT }, "kreis");
}

function documentOf(text: string) {
  const made = normalize(text);
  if (!("event" in made)) throw new Error("no event");
  return ecsDocument(made.event, made.format);
}

async function linesOf(bytes: Buffer) {
  const path = join(folder, `${Math.random()}.log`);
  writeFileSync(path, bytes);
  const lines: string[] = [];
  const faults: string[] = [];
  for await (const batch of readLines(path, { lineBytesMax: 1024 * 1024 })) {
    lines.push(...batch.lines.map(({ text }) => text));
    faults.push(...batch.faults.map(({ code, place }) => `${code} ${place?.split(":").at(-1)}`));
  }
  return { lines, faults };
}

describe("a hostile record", () => {
  it.each([
    ["cut JSON", '{"a":{"b":[1,2', "HW_PARSE_FAILED"],
    [
      "JSON nested 10,000 deep",
      `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`,
      "HW_PARSE_FAILED",
    ],
    [
      "lists nested 10,000 deep",
      `{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
      "HW_PARSE_FAILED",
    ],
    ["10 MB of text", "x".repeat(10_000_000), "HW_INPUT_TOO_LARGE"],
    ["10 MB of JSON", `{"a":"${"x".repeat(10_000_000)}"}`, "HW_INPUT_TOO_LARGE"],
    ["binary", "\u0000\u0001\u0002\ufffd\ufffd", "HW_PARSE_FAILED"],
    [
      "XML with entities",
      `<!DOCTYPE a [<!ENTITY b "c">]><Event><System><EventID>&b;</EventID></System></Event>`,
      "HW_PARSE_FAILED",
    ],
    [
      "an Event with a DOCTYPE",
      `<?xml version="1.0"?><Event><!DOCTYPE a><System><EventID>1</EventID></System></Event>`,
      "HW_PARSE_FAILED",
    ],
  ])("of %s goes to the dead letters with its code", (_what, text, code) => {
    expect(normalize(text)).toMatchObject({ fault: { code } });
  });

  it("with prototype keys changes no prototype, and its other fields count", () => {
    const text =
      '{"timestamp":"2026-11-21T04:38:16Z","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":"b"}';
    expect(documentOf(text)["json.a"]).toBe("b");
    expect("polluted" in {}).toBe(false);
  });

  it("with a key twice keeps the last value", () => {
    expect(documentOf('{"a":"first","a":"last"}')["json.a"]).toBe("last");
  });

  it("with NUL and direction characters keeps them as they came", () => {
    const message = "Nov 21 05:38:16 web01 app[1]: a\u0000b\u202ec";
    expect(documentOf(message).message).toBe("a\u0000b\u202ec");
  });

  it.each([
    ["1970", "1970-01-01T00:00:00Z"],
    ["2106", "2106-02-07T06:28:16Z"],
  ])("of %s counts as received now and keeps the time that it claims", (_year, time) => {
    const document = documentOf(`{"timestamp":"${time}","a":"b"}`);
    expect(document["@timestamp"]).toBe(new Date(RECEIVED_AT).toISOString());
    expect(document["labels.time_claimed"]).toBe(new Date(time).toISOString());
  });

  it("with 100,000 fields gives a document within its limit", () => {
    const fields = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`f${n}`, n]));
    expect(Object.keys(documentOf(JSON.stringify(fields))).length).toBeLessThan(1000);
  });
});

describe("a hostile file", () => {
  it("with a line of 10 MB gives its beginning, names the place, and goes on", async () => {
    const bytes = Buffer.from(`${SSH}\n${"x".repeat(10_000_000)}\n${SSH}\n`);
    const { lines, faults } = await linesOf(bytes);
    expect(lines.map((line) => line.length)).toEqual([SSH.length, 1024 * 1024, SSH.length]);
    expect(faults).toEqual(["HW_INPUT_TOO_LARGE 2"]);
  });

  it("with broken UTF-8 is read as Windows-1252, so that nothing of the line is lost", async () => {
    const bytes = Buffer.concat([
      Buffer.from("a "),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from("\nb\n"),
    ]);
    expect((await linesOf(bytes)).lines).toEqual(["a Ã(ÿ", "b"]);
  });

  it("in UTF-16 with half a pair at its end is read to the end", async () => {
    const bytes = Buffer.concat([Buffer.from("\ufeffa\nb\ud83d", "utf16le")]);
    expect((await linesOf(bytes)).lines).toEqual(["a", "b\ud83d"]);
  });

  it("of NUL bytes is one line and no event", async () => {
    const { lines } = await linesOf(Buffer.alloc(5000));
    expect(lines).toHaveLength(1);
    expect(normalize(lines[0] ?? "")).toMatchObject({ fault: { code: "HW_PARSE_FAILED" } });
  });

  it("that ends in the middle of a line gives that line too", async () => {
    expect((await linesOf(Buffer.from(`${SSH}\nNov 21 05:3`))).lines).toEqual([SSH, "Nov 21 05:3"]);
  });
});
