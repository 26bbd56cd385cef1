// What the fuzzer tries of requests' bodies and of mapping files: OTLP, the HTTP Event Collector, the bulk
// protocol, patterns, and the proposals for unknown lines.
import assert from "node:assert/strict";
import { join } from "node:path";
import { PbfWriter } from "pbf";
import { isAppError } from "../../config/errors.ts";
import { createBulkParser } from "../../services/ingest/bulk-parse.ts";
import { createAckBook } from "../../services/ingest/hec-acks.ts";
import { createHecReader } from "../../services/ingest/hec-events.ts";
import { createLineSplitter } from "../../services/ingest/line-splitter.ts";
import { readOtlpProtobuf } from "../../services/ingest/otlp-protobuf.ts";
import { type OtlpGroup, readOtlpJson } from "../../services/ingest/otlp-record.ts";
import { usableMappings } from "../../services/normalize/mapping/mapping-folder.ts";
import { compilePattern } from "../../services/normalize/mapping/pattern.ts";
import { PIECES } from "../../services/normalize/mapping/pieces.ts";
import { proposeMapping } from "../../services/normalize/mapping/propose.ts";
import { type Chance, chanceOf, spoil, spoilBytes } from "./mutate.ts";
import type { FuzzTarget } from "./targets.ts";

/** What most bodies' pieces stay below: longer ones would only measure the comparison. */
const INPUT_BYTES_MAX = 32 * 1024;
const LIMITS = { recordBytesMax: 2000, recordsPerRequestMax: 500, bodyBytesMax: 100_000 };
const CONTEXT = { timeZone: "Europe/Berlin", receivedAt: Date.UTC(2026, 10, 21, 5) };

const BULK =
  '{"create":{"_index":"a","_id":"1"}}\n{"a":1}\n{"index":{}}\n{"b":2}\n{"delete":{"_id":"2"}}\n';
const HEC =
  '{"event":"eins","time":1795238400.5,"host":"a"}{"event":{"a":[1]},"fields":{"b":"c"}}\n\n{"event":2}';
const OTLP_VALUE =
  '{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{"values":[{"intValue":"7"}]}}}]}}';
const OTLP_JSON = `{"resourceLogs":[{"resource":{"attributes":[{"key":"host","value":{"stringValue":"a"}}]},
  "scopeLogs":[{"scope":{"name":"s"},"logRecords":[{"timeUnixNano":"1795238400123456789","body":${OTLP_VALUE},
  "attributes":[{"key":"__proto__","value":{"boolValue":true}}]}]}]}]}`;
const LINES = [
  "2026-11-21 05:00:00 [INFO] user=emustermann ip=192.0.2.7 port=443",
  "21.11.2026;05:00:00;lesen;10.0.0.1;ok",
  "<34>Nov 21 05:00:00 host app[7]: zugriff /a/b?c=d 200 12ms",
  '{"zeit":"2026-11-21T05:00:00Z","konto":{"name":"a"},"ok":true}',
  'x "q\\"u" S-1-5-21-1 a@b.example 00:11:22:33:44:55 fe80::1%eth0 C:\\a\\b',
];

/** All targets of documents. */
export function documentTargets(): FuzzTarget[] {
  return [
    textTarget("bulk-parse", [BULK], readBulk),
    textTarget("hec-event", [HEC], (input) => readHec(input, "event")),
    textTarget("hec-raw", LINES, (input) => readHec(input, "raw")),
    textTarget("hec-acks", ['{"acks":[0,1,2]}'], (input) => {
      createAckBook().read(input.toString("utf8"));
    }),
    textTarget("otlp-json", [OTLP_JSON], (input) => readOtlp(readOtlpJson(input.toString("utf8")))),
    {
      name: "otlp-protobuf",
      make(chance) {
        const bytes = otlpMessage(chance);
        if (chance(8) > 0) spoilBytes(bytes, 0, bytes.length, chance);
        return bytes;
      },
      run: (input) => expected(() => readOtlp(readOtlpProtobuf(input, LIMITS.recordBytesMax))),
    },
    patternTarget(),
    mappingTarget(),
    // A command that a person calls on a whole file; it holds up no stream.
    { ...textTarget("propose", LINES, propose), stallMs: 2000 },
  ];
}

function textTarget(
  name: string,
  samples: readonly string[],
  run: (input: Buffer) => void,
): FuzzTarget {
  return {
    name,
    make(chance) {
      const [one, other] = [samples[chance(samples.length)], samples[chance(samples.length)]];
      return Buffer.from(spoil(one ?? "", other ?? "", chance)).subarray(0, INPUT_BYTES_MAX);
    },
    run(input) {
      expected(() => run(input));
      assert(!("polluted" in {}), "the prototype of all objects was changed");
    },
  };
}

// Errors of ours are what is promised for hostile input.
function expected(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}

function readBulk(input: Buffer): void {
  const found = (chunkBytes: number): unknown[] => {
    const items: unknown[] = [];
    const parser = createBulkParser("logs", ({ fault, ...item }) => {
      assert((item.text === undefined) !== (fault === undefined), "neither text nor fault");
      items.push({ ...item, code: fault?.code });
    });
    const splitter = createLineSplitter({
      pieceBytesMax: LIMITS.recordBytesMax,
      encoding: "utf-8",
      firstOffset: 0,
      firstLine: 1,
    });
    for (let at = 0; at < input.length; at += chunkBytes) {
      for (const piece of splitter.push(input.subarray(at, at + chunkBytes))) parser.line(piece);
    }
    const rest = splitter.rest();
    if (rest !== undefined) parser.line(rest);
    parser.end();
    return items;
  };
  assert.deepEqual(found(97), found(input.length + 1));
}

function readHec(input: Buffer, kind: "event" | "raw"): void {
  const reader = createHecReader(kind, { host: "a", channel: "b" }, LIMITS, (text) => {
    if (kind === "event") assert.equal(typeof JSON.parse(text), "object");
  });
  for (let at = 0; at < input.length; at += 101) reader.push(input.subarray(at, at + 101));
  reader.end();
}

function readOtlp(groups: Iterable<OtlpGroup>): void {
  for (const { resource, scope, records } of groups) {
    JSON.stringify([resource, scope]);
    for (const record of records) JSON.stringify(record);
  }
}

// A request with nested values, written as an exporter would.
function otlpMessage(chance: Chance): Buffer {
  const value =
    (depth: number) =>
    (_one: unknown, pbf: PbfWriter): void => {
      if (depth === 0 || chance(3) === 0) pbf.writeStringField(1, "text");
      else if (chance(2) === 0) pbf.writeMessage(5, list(depth), undefined);
      else pbf.writeMessage(6, pair(depth), undefined);
    };
  const list =
    (depth: number) =>
    (_one: unknown, pbf: PbfWriter): void => {
      for (let count = chance(4); count >= 0; count--) {
        pbf.writeMessage(1, value(depth - 1), undefined);
      }
    };
  const pair =
    (depth: number) =>
    (_one: unknown, pbf: PbfWriter): void => {
      pbf.writeMessage(1, entry(depth - 1), undefined);
    };
  const entry =
    (depth: number) =>
    (_one: unknown, pbf: PbfWriter): void => {
      pbf.writeStringField(1, chance(4) === 0 ? "__proto__" : "key");
      pbf.writeMessage(2, value(depth), undefined);
    };
  const record = (_one: unknown, pbf: PbfWriter) => {
    pbf.writeFixed64Field(1, 1_795_238_400_123);
    pbf.writeMessage(5, value(chance(6)), undefined);
    pbf.writeMessage(6, entry(chance(6)), undefined);
  };
  const scopeLogs = (_one: unknown, pbf: PbfWriter) => {
    pbf.writeMessage(1, entry(0), undefined);
    for (let count = chance(5); count >= 0; count--) pbf.writeMessage(2, record, undefined);
  };
  const resourceLogs = (_one: unknown, pbf: PbfWriter) => {
    pbf.writeMessage(1, pair(2), undefined);
    pbf.writeMessage(2, scopeLogs, undefined);
  };
  const pbf = new PbfWriter();
  for (let count = chance(3); count >= 0; count--) pbf.writeMessage(1, resourceLogs, undefined);
  return Buffer.from(pbf.finish());
}

function patternTarget(): FuzzTarget {
  const names = Object.keys(PIECES);
  const literals = ["", " ", "=", ": ", '"', "]", "x"];
  return {
    name: "mapping-pattern",
    make: (chance) => Buffer.from(spoil(LINES[chance(LINES.length)] ?? "", LINES[0] ?? "", chance)),
    run(input) {
      const text = input.toString("utf8");
      const chance = chanceOf(input.length);
      for (let count = 0; count < 5; count++) {
        const parts = Array.from({ length: 1 + chance(8) }, (_one, at) => {
          const piece = `%{${names[chance(names.length)]}:n${at}}`;
          return piece + (literals[chance(literals.length)] ?? "");
        });
        const made = compilePattern(parts.join(""), undefined);
        if (!("pattern" in made)) continue;
        const found = made.pattern.match(text);
        if ("miss" in found) assert(found.miss.at <= text.length);
        else assert(found.values.length <= parts.length);
      }
    },
  };
}

function mappingTarget(): FuzzTarget {
  const folder = join(import.meta.dirname, "../../config/mappings-examples");
  const formats = usableMappings([folder], "de");
  return textTarget("mapping-file", LINES, (input) => {
    const line = input.toString("utf8");
    for (const format of formats) {
      format.sniff(line, undefined, undefined);
      expected(() => format.parse(line, CONTEXT, undefined));
    }
  });
}

function propose(input: Buffer): void {
  const lines = input.toString("utf8").split("\n");
  const repeated = Array.from({ length: 20 }, (_one, at) => lines[at % lines.length] ?? "");
  proposeMapping(repeated, {
    id: "fuzz",
    title: "Fuzz",
    comment: "Fuzz",
    context: CONTEXT,
    protectLine: (line) => line,
  });
}
