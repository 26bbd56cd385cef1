// Sources in words, and their order and filter on the page.
import { describe, expect, it } from "vitest";
import type { SourceAnswer } from "../../../../services/api/source-schemas.ts";
import { de } from "../../../../services/console/messages/de.ts";
import { formatsOf } from "../../../../services/console/model/format.ts";
import {
  clockWords,
  filterSources,
  ndigWords,
  silenceWords,
} from "../../../../services/console/model/source-words.ts";

const formats = formatsOf("de");
const source = (changes: Partial<SourceAnswer> = {}): SourceAnswer => ({
  name: "firewall",
  state: "well",
  inputs: ["syslog"],
  records: 1,
  failed: 0,
  eventsPerSecond: 0,
  usualShare: 1,
  formats: [{ name: "fortigate", records: 1 }],
  reasons: [],
  hosts: [],
  clock: "right",
  isSilenceConfigured: false,
  ...changes,
});

describe("the clock of a source", () => {
  it.each([
    [{}, "Keine Abweichung zu erkennen"],
    [{ clock: "zone", skewMs: -3_600_000 }, "Geht 1 Std. nach: vermutlich falsche Zeitzone"],
    [{ clock: "zone", skewMs: 7_200_000 }, "Geht 2 Std. vor: vermutlich falsche Zeitzone"],
    [{ clock: "ahead", skewMs: 40_000 }, "Geht 40 Sek. vor"],
    [{ clock: "behind", skewMs: -1_020_000 }, "Geht 17 Min. nach"],
  ] as const)("%j reads %s", (changes, words) => {
    expect(clockWords(source(changes), de, formats).replaceAll("\u00a0", " ")).toBe(words);
  });
});

describe("the silence of a source", () => {
  it.each([
    [{}, "Noch nicht"],
    [{ silenceAfterMs: 1_800_000 }, "gelernt"],
    [{ silenceAfterMs: 1_800_000, isSilenceConfigured: true }, "eingestellt"],
  ])("%j is told as %s", (changes, word) => {
    expect(silenceWords(source(changes), de, formats)).toContain(word);
  });
});

describe("the NDIG class of a source", () => {
  it("has its words, or is missing", () => {
    expect(ndigWords(source({ ndigClass: 1 }), de)).toBe("1: Firewalls und Betrieb der Netze");
    expect(ndigWords(source(), de)).toBe("fehlt");
  });
});

describe("the list of sources", () => {
  const all = [
    source({ name: "a" }),
    source({ name: "b", state: "silent", inputs: ["files"], formats: [] }),
    source({ name: "c", state: "clock" }),
  ];
  it.each([
    ["", undefined, ["b", "c", "a"]],
    ["FORTI", undefined, ["c", "a"]],
    ["files", undefined, ["b"]],
    ["", "clock", ["c"]],
    ["b", "clock", []],
  ] as const)("filtered by %j and %s is %j", (words, state, names) => {
    expect(filterSources(all, words, state).map(({ name }) => name)).toEqual(names);
  });
});
