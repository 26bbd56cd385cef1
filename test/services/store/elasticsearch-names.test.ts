// Names say exactly whose an index is, and words are cut and folded as the embedded store does it.
import { describe, expect, it } from "vitest";
import {
  documentKey,
  kindAlias,
  monthOfSignalsIndex,
  numberOfIndex,
  tenantOfAlias,
} from "../../../services/store/elasticsearch-names.ts";
import { searchedWords, wordsOf } from "../../../services/store/elasticsearch-words.ts";

describe("names of indices", () => {
  it.each([
    ["hw-finding-kreis", "kreis"],
    ["hw-finding-kreis-nord", "kreis-nord"],
    ["hw-audit-kreis", "kreis"],
    ["hw-source_health-1", "1"],
    ["hw-events-kreis-windows", undefined],
    ["hw-signals-kreis", undefined],
    ["hw2-finding-kreis", undefined],
    ["hw-finding-", undefined],
    ["hw-finding", undefined],
    ["hw-finding-kreis.v1", undefined],
  ])("%s is an alias of %s", (alias, tenant) => {
    expect(tenantOfAlias("hw", alias)).toBe(tenant);
  });

  it("never take another tenant's index for their own", () => {
    const alias = kindAlias("hw", "finding", "kreis");
    expect(numberOfIndex(alias, "hw-finding-kreis.v12")).toBe(12);
    expect(numberOfIndex(alias, "hw-finding-kreis-nord.v1")).toBeUndefined();
    expect(numberOfIndex(alias, "hw-finding-kreis.v1x")).toBeUndefined();
    expect(monthOfSignalsIndex("hw", "kreis", "hw-signals-kreis-2026.01")).toBe("2026.01");
    const other = "hw-signals-kreis-nord-2026.01";
    expect(monthOfSignalsIndex("hw", "kreis", other)).toBeUndefined();
    expect(() => kindAlias("hw", "finding", "../b")).toThrow("not a tenant name");
    expect(() => kindAlias("hw", "events", "kreis")).toThrow("no name for a kind");
  });

  it.each([
    ["an ordinary id", "abc", true],
    ["512 bytes", "x".repeat(512), true],
    ["more bytes", "ä".repeat(257), false],
    ["nothing", "", false],
    ["half a character", "\ud800", false],
    ["what looks like a hash of ours", "~abc", false],
  ])("keep %s: %s", (_name, id, isKept) => {
    expect(documentKey(id) === id).toBe(isKept);
    expect(Buffer.byteLength(documentKey(id))).toBeLessThanOrEqual(512);
  });
});

describe("words", () => {
  it.each([
    ["Lüneburg: Schlüssel geändert", ["luneburg", "schlussel", "geandert"]],
    ["dc01.kreis.local", ["dc01", "kreis", "local"]],
    ["a_b-c a", ["a", "b", "c"]],
    ["Straße 100 %", ["straße", "100"]],
    ["😀 \u0000 --", []],
  ])("of %j are %j", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it("that are searched end with a beginning", () => {
    expect(searchedWords("FEHL dc0")).toEqual({ whole: ["fehl"], beginning: "dc0" });
    expect(searchedWords(' "-" ')).toBeUndefined();
    expect(searchedWords("x ".repeat(500))?.whole).toEqual(["x"]);
  });
});
