import { describe, expect, it } from "vitest";
import { createEvtxDecoder } from "../../../../services/normalize/evtx/evtx-decoder.ts";
import {
  type Content,
  type Element,
  type EvtxInstance,
  type EvtxValue,
  evtxFile,
  VALUE,
} from "../../../support/evtx-writer.ts";

function read(...events: readonly EvtxInstance[]) {
  const decoder = createEvtxDecoder("a.evtx");
  const { records, faults } = decoder.push(evtxFile([events]));
  return {
    records: records.map((record) => JSON.parse(record.text)),
    faults: faults.map((fault) => `${fault.code} ${fault.message}`),
  };
}

const SYSTEM: Element = { name: "System", content: [{ name: "EventID", content: ["7"] }] };

function event(...content: readonly Content[]): Element {
  return { name: "Event", content: [SYSTEM, ...content] };
}
function eventData(...content: readonly Content[]): Element {
  return event({ name: "EventData", content });
}
const data = (name: string, ...content: readonly Content[]): Element => ({
  name: "Data",
  attributes: { Name: name },
  content,
});

describe("values of events", () => {
  const table: [string, EvtxValue, unknown][] = [
    ["nothing", VALUE.nothing, ""],
    ["a string", VALUE.string('Grüße "\\\n\u0001 😀'), 'Grüße "\\\n\u0001 😀'],
    ["a string with NULs behind it", VALUE.string("a\0\0"), "a"],
    ["half a character", VALUE.string("a\ud800b\udc00"), "a\ud800b\udc00"],
    ["an ANSI string", VALUE.ansi(Buffer.from([0x47, 0xfc, 0x80, 0x22, 0, 0x41])), 'Gü€"'],
    ["int8", VALUE.int8(-5), -5],
    ["uint8", VALUE.uint8(250), 250],
    ["int16", VALUE.int16(-30_000), -30_000],
    ["uint16", VALUE.uint16(60_000), 60_000],
    ["int32", VALUE.int32(-2_000_000_000), -2_000_000_000],
    ["uint32", VALUE.uint32(4_000_000_000), 4_000_000_000],
    ["int64", VALUE.int64(-9_007_199_254_740_991n), -9_007_199_254_740_991],
    ["a large int64", VALUE.int64(-9_223_372_036_854_775_808n), "-9223372036854775808"],
    ["uint64", VALUE.uint64(9_007_199_254_740_991n), 9_007_199_254_740_991],
    ["a large uint64", VALUE.uint64(18_446_744_073_709_551_615n), "18446744073709551615"],
    ["a float", VALUE.float(0.1), 0.1],
    ["no number as a float", VALUE.float(Number.NaN), "NaN"],
    ["a double", VALUE.double(Math.PI), Math.PI],
    ["an endless double", VALUE.double(Number.NEGATIVE_INFINITY), "-Infinity"],
    ["true", VALUE.bool(true), "true"],
    ["false", VALUE.bool(false), "false"],
    ["bytes", VALUE.binary(Buffer.from([0, 0xab, 0xff])), "00ABFF"],
    [
      "a GUID",
      VALUE.guid("01234567-89AB-CDEF-0123-456789ABCDEF"),
      "01234567-89AB-CDEF-0123-456789ABCDEF",
    ],
    ["a 32-bit size", VALUE.size32(0xbeef), "0xbeef"],
    ["a 64-bit size", VALUE.size64(0x1_0000_000fn), "0x10000000f"],
    [
      "a FILETIME",
      VALUE.fileTime(Date.UTC(2026, 10, 21, 4, 38, 16, 3), 1239),
      "2026-11-21T04:38:16.003123Z",
    ],
    ["the first FILETIME", VALUE.fileTime(-11_644_473_600_000), "1601-01-01T00:00:00.000000Z"],
    ["a SYSTEMTIME", VALUE.systemTime(2026, 11, 6, 21, 4, 38, 16, 3), "2026-11-21T04:38:16.003Z"],
    [
      "a SID",
      VALUE.sid("S-1-5-21-1004336348-1177238915-682003330-1104"),
      "S-1-5-21-1004336348-1177238915-682003330-1104",
    ],
    ["hex32", VALUE.hex32(0xdeadbeef), "0xdeadbeef"],
    ["hex64", VALUE.hex64(0x8020000000000000n), "0x8020000000000000"],
    ["a handle", VALUE.handle(0x1fn), "0x1f"],
    ["XML text", VALUE.xml("<a/>"), "<a/>"],
    ["strings", VALUE.strings(["a", "", "b"]), ["a", "", "b"]],
    ["one string of a list", VALUE.strings(["a"]), "a"],
    ["numbers", VALUE.list([VALUE.uint16(1), VALUE.uint16(2)]), [1, 2]],
    ["sizes", VALUE.list([VALUE.size64(1n), VALUE.size64(2n)]), ["0x1", "0x2"]],
    [
      "SIDs",
      VALUE.list([VALUE.sid("S-1-5-18"), VALUE.sid("S-1-5-32-544")]),
      ["S-1-5-18", "S-1-5-32-544"],
    ],
  ];
  it.each(table)("show %s", (_name, value, shown) => {
    const { records, faults } = read({
      template: eventData(data("A", { value: 0 }), data("B", "<", { value: 0 }, ">")),
      values: [value],
    });
    expect(faults).toEqual([]);
    const text = Array.isArray(shown) ? shown.join(", ") : String(shown);
    expect(records).toEqual([{ EventID: 7, A: shown, B: `<${text}>` }]);
  });

  const wrong: [string, EvtxValue][] = [
    ["a number that is too short", { type: 8, bytes: Buffer.alloc(2) }],
    ["a GUID that is too short", { type: 15, bytes: Buffer.alloc(15) }],
    ["a size that is too short", { type: 16, bytes: Buffer.alloc(3) }],
    ["a SID that is cut off", { type: 19, bytes: VALUE.sid("S-1-5-32-544").bytes.subarray(0, 12) }],
    ["SIDs that are cut off", { type: 0x93, bytes: VALUE.sid("S-1-5-32").bytes.subarray(0, 9) }],
    ["a type that there is not", { type: 0x1f, bytes: Buffer.alloc(8) }],
    ["a list of a type that has none", { type: 0x8e, bytes: Buffer.alloc(8) }],
  ];
  it.each(wrong)("refuse %s", (_name, value) => {
    const { records, faults } = read({
      template: eventData(data("A", { value: 0 })),
      values: [value],
    });
    expect(records).toEqual([]);
    expect(faults).toEqual([expect.stringContaining("HW_PARSE_FAILED damaged event")]);
  });
});

describe("elements of events", () => {
  const table: [string, Element, readonly EvtxValue[], unknown][] = [
    [
      "literal text, CDATA, entities and characters",
      eventData(
        data("A", "a", { cdata: "<b>" }, { entity: "amp" }, { character: 0xfc }, { entity: "x" }),
      ),
      [],
      { A: "a<b>&ü&x;" },
    ],
    [
      "instructions, which say nothing",
      eventData(data("A", { instruction: "do" }, "x")),
      [],
      { A: "x" },
    ],
    ["data without a name", eventData({ name: "Data", content: ["x"] }), [], { Data: "x" }],
    [
      "several data without names",
      eventData(
        { name: "Data", content: ["x"] },
        { name: "Data", content: [{ value: 0 }] },
        { name: "Data" },
        { name: "Binary", content: [{ value: 1 }] },
      ),
      [VALUE.uint8(3), VALUE.binary(Buffer.from("A"))],
      { Data: ["x", 3, ""], Binary: "41" },
    ],
    ["data without content", eventData(data("A"), { name: "Binary" }), [], { A: "" }],
    [
      "names with spaces also without",
      eventData(data("Threat Name", { value: 0 })),
      [VALUE.string("x")],
      { "Threat Name": "x", ThreatName: "x" },
    ],
    [
      "leaves and attributes of user data",
      event({
        name: "UserData",
        content: [
          {
            name: "x:Operation",
            attributes: { xmlns: "urn:x", Kind: { value: 0 }, Other: { value: 1 } },
            content: [
              { name: "Id", content: [{ value: 0 }] },
              { name: "Gone", content: [{ value: 1 }] },
              { name: "Param", content: ["1"] },
              { name: "Param", content: ["2"] },
            ],
          },
        ],
      }),
      [VALUE.uint8(5), VALUE.nothing],
      { Operation_Kind: 5, Id: 5, Param: ["1", "2"] },
    ],
    [
      "data that is called like the header, beside it",
      eventData(data("Channel", "x"), data("EventID", "9"), data("__proto__", "y")),
      [],
      { Data_Channel: "x", Data_EventID: "9" },
    ],
    [
      "the rendered message, and nothing else that was rendered",
      event({
        name: "RenderingInfo",
        content: [
          { name: "Message", content: [{ value: 0 }] },
          { name: "Level", content: ["Information"] },
        ],
      }),
      [VALUE.string("Hallo")],
      { Message: "Hallo" },
    ],
    [
      "a name that is a value",
      eventData({ name: "Data", attributes: { Name: { value: 0 } }, content: ["x"] }),
      [VALUE.string("n")],
      { Data_Name: "n", Data: "x" },
    ],
    ["values that are not there", eventData(data("A", { value: 9 })), [], { A: "" }],
  ];
  it.each(table)("give %s", (_name, template, values, expected) => {
    for (const instance of [{ template, values }, values.length === 0 ? { template } : undefined]) {
      if (instance === undefined) continue;
      expect(read(instance)).toEqual({
        records: [{ EventID: 7, ...(expected as object) }],
        faults: [],
      });
    }
  });

  it("give BinXML in values where it lies, as a template or written out", () => {
    const inner: Element = { name: "EventData", content: [data("A", { value: 0 })] };
    const plain: Element = { name: "UserData", content: [{ name: "X", content: ["y"] }] };
    const { records, faults } = read({
      template: event({ value: 0 }, { value: 1 }),
      values: [
        VALUE.binXml({ template: inner, values: [VALUE.uint8(1)] }),
        VALUE.binXml({ template: plain }),
      ],
    });
    expect({ records, faults }).toEqual({ records: [{ EventID: 7, A: 1, X: "y" }], faults: [] });
  });

  it("give list items beside BinXML of the same name", () => {
    const { records } = read({
      template: eventData(
        { name: "Data", content: ["x"] },
        { name: "Data", content: [{ value: 0 }] },
      ),
      values: [VALUE.binXml({ template: { name: "B", content: ["z"] } })],
    });
    expect(records).toEqual([{ EventID: 7, Data: ["x"], B: "z" }]);
  });
});

describe("hostile events", () => {
  function nestedElements(depth: number): Element {
    let element: Element = { name: "A", content: ["x"] };
    for (let n = 0; n < depth; n++) element = { name: "A", content: [element] };
    return element;
  }
  function nestedValues(depth: number): EvtxValue {
    let value = VALUE.string("x");
    for (let n = 0; n < depth; n++) {
      value = VALUE.binXml({ template: data("A", { value: 0 }), values: [value] });
    }
    return value;
  }
  /** Every level refers to the one below a hundred times. */
  function explosion(levels: number): EvtxValue {
    const template: Element = {
      name: "UserData",
      content: Array.from({ length: 100 }, () => ({ value: 0 })),
    };
    let value: EvtxValue = VALUE.nothing;
    for (let n = 0; n < levels; n++) value = VALUE.binXml({ template, values: [value] });
    return value;
  }
  const table: [string, EvtxInstance, string][] = [
    ["elements nested too deep", { template: nestedElements(1500) }, "nested deeper than 32"],
    [
      "values nested too deep",
      { template: eventData({ value: 0 }), values: [nestedValues(100)] },
      "nested deeper than 8",
    ],
    [
      "values that explode",
      { template: eventData({ value: 0 }), values: [explosion(6)] },
      "refer to each other endlessly",
    ],
    [
      "a text that is put in without end",
      {
        template: eventData(data("A", ...Array.from({ length: 900 }, () => ({ value: 0 })))),
        values: [VALUE.string("\u0001".repeat(2000))],
      },
      "longer than 1048576 bytes",
    ],
    [
      "too many fields",
      {
        template: eventData(...Array.from({ length: 1001 }, (_, n) => data(String(n), "x"))),
      },
      "too many fields",
    ],
    ["an event without fields", { template: { name: "Event", content: [] } }, "no fields"],
    ["a name that is too long", { template: { name: "N".repeat(1025) } }, "a name is too long"],
  ];
  it.each(table)("are refused: %s", (_name, hostile, message) => {
    const { records, faults } = read(hostile);
    expect(records).toEqual([]);
    expect(faults).toEqual([expect.stringContaining(message)]);
  });

  it("cost a chunk when they are too long together, and say so", () => {
    const hostile = {
      template: eventData(data("A", ...Array.from({ length: 800 }, () => ({ value: 0 })))),
      values: [VALUE.string("a".repeat(1000))],
    };
    const { records, faults } = read(...Array.from({ length: 8 }, () => hostile));
    expect(records).toHaveLength(5);
    expect(faults).toEqual([expect.stringContaining("HW_INPUT_TOO_LARGE")]);
  });
});
