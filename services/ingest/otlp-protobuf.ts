// Reads the binary form of an OTLP export request (opentelemetry-proto: ExportLogsServiceRequest and what
// it holds) and writes the answers. Fields that we don't know are passed over, as the format demands.
import { PbfReader, PbfWriter } from "pbf";
import { AppError, messageOf } from "../../config/errors.ts";
import { setField } from "../normalize/field-table.ts";
import { type OtlpGroup, type OtlpObject, TooDeep, VALUE_DEPTH_MAX } from "./otlp-record.ts";

// Wire types.
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * The groups of a request, each read when it is asked for: what comes before it has had its turn by then.
 * @param partBytesMax longest record, resource or scope that is read
 * @throws AppError HW_REQUEST_INVALID on damaged data, HW_INPUT_TOO_LARGE on a long resource or scope
 */
export function* readOtlpProtobuf(body: Uint8Array, partBytesMax: number): Generator<OtlpGroup> {
  const pbf = new PbfReader(body);
  const parts: Parts = { pbf, partBytesMax };
  for (const start of orInvalid(() => startsOf(pbf, 0, body.length, 1))) {
    const { end, resource, scopeStarts } = orInvalid(() => readResourceLogs(parts, start));
    for (const scopeStart of scopeStarts) {
      yield orInvalid(() => readScopeLogs(parts, scopeStart, end, resource));
    }
  }
}

interface Parts {
  readonly pbf: PbfReader;
  readonly partBytesMax: number;
}

// pbf throws errors of its own on damaged data.
function orInvalid<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("HW_REQUEST_INVALID", `the body is no OTLP request: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** The answer to a request that was taken, with what was refused of it. */
export function writeOtlpSuccess(refused: number, message: string): Uint8Array {
  const pbf = new PbfWriter();
  if (refused === 0) return pbf.finish();
  pbf.writeMessage(
    1,
    (count: number, inner: PbfWriter) => {
      inner.writeTag(1, VARINT);
      inner.writeVarint(count);
      inner.writeTag(2, BYTES);
      inner.writeString(message);
    },
    refused,
  );
  return pbf.finish();
}

/** `google.rpc.Status`, with which requests are refused. */
export function writeStatus(code: number, message: string): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeTag(1, VARINT);
  pbf.writeVarint(code);
  pbf.writeTag(2, BYTES);
  pbf.writeString(message);
  return pbf.finish();
}

// Every message has to end where it says, within the one around it: then no lie leads outside.
function readFields(
  pbf: PbfReader,
  end: number,
  onField: (field: number, type: number) => void,
): void {
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) {
    onField(field, pbf.type);
  }
  if (pbf.pos !== end) throw new Error("a field is longer than its message");
}

function endOfMessage(pbf: PbfReader, outerEnd: number): number {
  const length = pbf.readVarint();
  const end = pbf.pos + length;
  if (!(length >= 0 && end <= outerEnd)) throw new Error("a message is longer than the one around");
  return end;
}

// Where the messages of a repeated field begin, at their lengths; the others are passed over.
function startsOf(pbf: PbfReader, from: number, end: number, wanted: number): number[] {
  const starts: number[] = [];
  pbf.pos = from;
  readFields(pbf, end, (field, type) => {
    if (type !== BYTES || field !== wanted) return;
    starts.push(pbf.pos);
    pbf.pos = endOfMessage(pbf, end);
  });
  return starts;
}

// The order of fields is the sender's: what all records share may come after them.
function readResourceLogs(
  { pbf, partBytesMax }: Parts,
  start: number,
): { end: number; resource: OtlpObject; scopeStarts: readonly number[] } {
  pbf.pos = start;
  const end = endOfMessage(pbf, pbf.length);
  const resource: Record<string, unknown> = {};
  const scopeStarts: number[] = [];
  readFields(pbf, end, (field, type) => {
    if (type !== BYTES) return;
    if (field === 1) Object.assign(resource, readShared(pbf, end, "resource", partBytesMax));
    else if (field === 2) {
      scopeStarts.push(pbf.pos);
      pbf.pos = endOfMessage(pbf, end);
    } else if (field === 3) resource.schemaUrl = pbf.readString();
  });
  return { end, resource, scopeStarts };
}

function readScopeLogs(
  parts: Parts,
  start: number,
  outerEnd: number,
  resource: OtlpObject,
): OtlpGroup {
  const { pbf, partBytesMax } = parts;
  pbf.pos = start;
  const end = endOfMessage(pbf, outerEnd);
  const scope: Record<string, unknown> = {};
  const starts: number[] = [];
  readFields(pbf, end, (field, type) => {
    if (type !== BYTES) return;
    if (field === 1) Object.assign(scope, readShared(pbf, end, "scope", partBytesMax));
    else if (field === 2) {
      starts.push(pbf.pos);
      pbf.pos = endOfMessage(pbf, end);
    } else if (field === 3) scope.schemaUrl = pbf.readString();
  });
  return { resource, scope, records: readRecords(parts, starts, end) };
}

function* readRecords(
  parts: Parts,
  starts: readonly number[],
  outerEnd: number,
): Generator<OtlpObject | undefined> {
  for (const start of starts) {
    parts.pbf.pos = start;
    yield orInvalid(() => readRecord(parts, outerEnd));
  }
}

function readShared(
  pbf: PbfReader,
  outerEnd: number,
  kind: "resource" | "scope",
  bytesMax: number,
): OtlpObject {
  const end = endOfMessage(pbf, outerEnd);
  if (end - pbf.pos > bytesMax) {
    throw new AppError("HW_INPUT_TOO_LARGE", `a ${kind} is over ${bytesMax} bytes`);
  }
  const part: Record<string, unknown> = {};
  const attributes: Record<string, unknown> = {};
  const attributesField = kind === "resource" ? 1 : 3;
  readFields(pbf, end, (field, type) => {
    if (type !== BYTES) return;
    if (field === attributesField) readPair(pbf, end, attributes, 0);
    else if (kind === "scope" && field === 1) part.name = pbf.readString();
    else if (kind === "scope" && field === 2) part.version = pbf.readString();
  });
  return Object.keys(attributes).length === 0 ? part : { ...part, attributes };
}

// One that is too long or nested too deep is passed over and told as refused; the others stand.
function readRecord({ pbf, partBytesMax }: Parts, outerEnd: number): OtlpObject | undefined {
  const end = endOfMessage(pbf, outerEnd);
  if (end - pbf.pos > partBytesMax) return undefined;
  try {
    return readRecordFields(pbf, end);
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return undefined;
  }
}

function readRecordFields(pbf: PbfReader, end: number): OtlpObject {
  const record: Record<string, unknown> = {};
  const attributes: Record<string, unknown> = {};
  readFields(pbf, end, (field, type) => {
    if (field === 1 && type === FIXED64) record.timeUnixNano = readNanoseconds(pbf);
    else if (field === 2 && type === VARINT) record.severityNumber = pbf.readVarint();
    else if (field === 3 && type === BYTES) record.severityText = pbf.readString();
    else if (field === 5 && type === BYTES) record.body = readValue(pbf, end, 0);
    else if (field === 6 && type === BYTES) readPair(pbf, end, attributes, 0);
    else if (field === 7 && type === VARINT) record.droppedAttributesCount = pbf.readVarint();
    else if (field === 8 && type === FIXED32) record.flags = pbf.readFixed32();
    else if (field === 9 && type === BYTES) record.traceId = hexOf(pbf.readBytes());
    else if (field === 10 && type === BYTES) record.spanId = hexOf(pbf.readBytes());
    else if (field === 11 && type === FIXED64) record.observedTimeUnixNano = readNanoseconds(pbf);
    else if (field === 12 && type === BYTES) record.eventName = pbf.readString();
  });
  record.attributes = attributes;
  return record;
}

function readPair(
  pbf: PbfReader,
  outerEnd: number,
  target: Record<string, unknown>,
  depth: number,
): void {
  const end = endOfMessage(pbf, outerEnd);
  let key = "";
  let value: unknown = null;
  readFields(pbf, end, (field, type) => {
    if (field === 1 && type === BYTES) key = pbf.readString();
    else if (field === 2 && type === BYTES) value = readValue(pbf, end, depth);
  });
  setField(target, key, value);
}

function readValue(pbf: PbfReader, outerEnd: number, depth: number): unknown {
  if (depth > VALUE_DEPTH_MAX) throw new TooDeep();
  const end = endOfMessage(pbf, outerEnd);
  let value: unknown = null;
  readFields(pbf, end, (field, type) => {
    if (field === 1 && type === BYTES) value = pbf.readString();
    else if (field === 2 && type === VARINT) value = pbf.readBoolean();
    else if (field === 3 && type === VARINT) value = pbf.readVarint(true);
    else if (field === 4 && type === FIXED64) value = pbf.readDouble();
    else if (field === 5 && type === BYTES) value = readList(pbf, end, depth + 1);
    else if (field === 6 && type === BYTES) value = readPairs(pbf, end, depth + 1);
    else if (field === 7 && type === BYTES) value = Buffer.from(pbf.readBytes()).toString("base64");
  });
  return value;
}

function readList(pbf: PbfReader, outerEnd: number, depth: number): unknown[] {
  const end = endOfMessage(pbf, outerEnd);
  const values: unknown[] = [];
  readFields(pbf, end, (field, type) => {
    if (field === 1 && type === BYTES) values.push(readValue(pbf, end, depth));
  });
  return values;
}

function readPairs(pbf: PbfReader, outerEnd: number, depth: number): OtlpObject {
  if (depth > VALUE_DEPTH_MAX) throw new TooDeep();
  const end = endOfMessage(pbf, outerEnd);
  const pairs: Record<string, unknown> = {};
  readFields(pbf, end, (field, type) => {
    if (field === 1 && type === BYTES) readPair(pbf, end, pairs, depth);
  });
  return pairs;
}

// A number of JavaScript can't hold nanoseconds since 1970.
function readNanoseconds(pbf: PbfReader): string {
  const low = pbf.readFixed32();
  const high = pbf.readFixed32();
  return String((BigInt(high) << 32n) | BigInt(low));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
