import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JoinRule } from "../../../../services/normalize/format.ts";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";
import { createRecordJoiner } from "../../../../services/normalize/record-joiner.ts";
import {
  flatScriptBlocks,
  winlogbeatScriptBlocks,
} from "../../../../services/normalize/windows/script-blocks.ts";

const ID = "0e2b6b6a-5c2a-4d5e-9f5c-2b6f3f0c9a11";

interface Part {
  readonly number: number;
  readonly total: number;
  readonly text: string;
  readonly id?: string;
}

const flat = ({ number, total, text, id = ID }: Part) => ({
  EventID: 4104,
  Channel: "Microsoft-Windows-PowerShell/Operational",
  Computer: "pc1.kreis.example",
  EventRecordID: number,
  MessageNumber: number,
  MessageTotal: total,
  ScriptBlockText: text,
  ScriptBlockId: id,
});
const beats = ({ number, total, text, id = ID }: Part) => ({
  "@timestamp": "2026-11-21T04:38:16.123Z",
  winlog: {
    event_id: "4104",
    channel: "Microsoft-Windows-PowerShell/Operational",
    computer_name: "pc1.kreis.example",
    record_id: String(number),
    event_data: {
      MessageNumber: String(number),
      MessageTotal: String(total),
      ScriptBlockText: text,
      ScriptBlockId: id,
    },
  },
});
const beatsModule = ({ number, total, text, id = ID }: Part) => ({
  "@timestamp": "2026-11-21T04:38:16.123Z",
  event: { code: "4104" },
  winlog: { channel: "Microsoft-Windows-PowerShell/Operational" },
  powershell: {
    sequence: number,
    total,
    file: { script_block_text: text, script_block_id: id },
  },
});
const xml = ({ number, total, text, id = ID }: Part) =>
  `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-PowerShell"/><EventID>4104</EventID><EventRecordID>${number}</EventRecordID><Channel>Microsoft-Windows-PowerShell/Operational</Channel><Computer>pc1</Computer></System><EventData><Data Name="MessageNumber">${number}</Data><Data Name="MessageTotal">${total}</Data><Data Name="ScriptBlockText">${text}</Data><Data Name="ScriptBlockId">${id}</Data></EventData></Event>`;

const text = (record: Readonly<Record<string, unknown>>): unknown => record.ScriptBlockText;

describe("parts of a script", () => {
  const parts: readonly Part[] = [
    { number: 1, total: 3, text: "Invoke-" },
    { number: 2, total: 3, text: "Mimi" },
    { number: 3, total: 3, text: "katz" },
  ];
  const layouts: [string, (part: Part) => string, (record: never) => unknown][] = [
    ["windows-flat", (part) => JSON.stringify(flat(part)), text],
    ["windows-xml", xml, text],
    [
      "winlogbeat",
      (part) => JSON.stringify(beats(part)),
      (record: ReturnType<typeof beats>) => record.winlog.event_data.ScriptBlockText,
    ],
    [
      "winlogbeat",
      (part) => JSON.stringify(beatsModule(part)),
      (record: ReturnType<typeof beatsModule>) => record.powershell.file.script_block_text,
    ],
  ];
  it.each(layouts)("become one in %s when the last one comes", (format, write, textOf) => {
    const normalizer = createNormalizer({ mappings: [] });
    const events = parts.map((part, index) => {
      const received = {
        id: String(index),
        idFromSender: false,
        source: "pc",
        timeZone: "UTC",
        receivedAt: 0,
        text: write(part),
      };
      return { ...eventOrThrow(normalizer.normalize(received, "t")), index };
    });
    const joined = createRecordJoiner().join(events);
    expect(joined.map((one) => one.format.id)).toEqual([format, format, format]);
    expect(joined.map((one) => one.event.id)).toEqual(events.map((one) => one.event.id));
    // The record has the layout that it was written in.
    expect(joined.map((one) => textOf(one.event.record as never))).toEqual([
      "Invoke-",
      "Mimi",
      "Invoke-Mimikatz",
    ]);
    expect(events.map((one) => textOf(one.event.record as never))[2]).toBe("katz");
  });

  const rules: [string, JoinRule, (part: Part) => Readonly<Record<string, unknown>>][] = [
    ["flat", flatScriptBlocks, flat],
    ["Winlogbeat's", winlogbeatScriptBlocks, beats],
  ];
  it.each(rules)("come in any order and twice, in %s records", (_name, rule, write) => {
    const order = fc.shuffledSubarray([0, 1, 2, 0, 1, 2], { minLength: 6 });
    fc.assert(
      fc.property(order, (all) => {
        const records = all.map((index) => write(parts[index] ?? parts[0] ?? expect.fail()));
        const needed = records.findIndex(
          (_, end) => new Set(all.slice(0, end + 1)).size === parts.length,
        );
        for (let end = 1; end <= needed; end++) {
          expect(rule.isComplete(records.slice(0, end))).toBe(false);
        }
        const seen = records.slice(0, needed + 1);
        expect(rule.isComplete(seen)).toBe(true);
        const merged = rule.merge(seen);
        expect(JSON.stringify(merged)).toContain('"Invoke-Mimikatz"');
        expect(rule.keyOf(merged)).toBe(rule.keyOf(records[0] ?? {}));
      }),
    );
  });

  it("are put together up to a limit", () => {
    const long = parts.map((part) => flat({ ...part, text: "x".repeat(600_000) }));
    expect(String(flatScriptBlocks.merge(long).ScriptBlockText)).toHaveLength(1024 * 1024);
  });

  const alone: [string, Readonly<Record<string, unknown>>][] = [
    ["a script in one part", flat({ number: 1, total: 1, text: "x" })],
    ["another event", { ...flat({ number: 1, total: 2, text: "x" }), EventID: 4103 }],
    [
      "a part without the script's id",
      { ...flat({ number: 1, total: 2, text: "x" }), ScriptBlockId: "" },
    ],
    ["a part behind the last", flat({ number: 3, total: 2, text: "x" })],
    ["numbers that are none", { ...flat({ number: 1, total: 2, text: "x" }), MessageTotal: "two" }],
    ["names of prototypes", { EventID: 4104, MessageTotal: {}, ScriptBlockId: [] }],
    ["nothing", {}],
  ];
  it.each(alone)("are not %s", (_name, record) => {
    expect(flatScriptBlocks.keyOf(record)).toBeUndefined();
    expect(winlogbeatScriptBlocks.keyOf(record)).toBeUndefined();
  });

  it("of different scripts stay apart", () => {
    const keys = ["a", "b"].map((id) =>
      flatScriptBlocks.keyOf(flat({ number: 1, total: 2, text: "x", id })),
    );
    expect(new Set(keys).size).toBe(2);
  });
});
