import { deepStrictEqual } from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRuleFile } from "../../../detectors/rule-file.ts";
import { openRuleCache } from "../../../services/rules/rule-cache.ts";
import { loadRuleSet, STARTER_PACK } from "../../../services/rules/rule-set.ts";
import { type RuleFile, readRuleFiles } from "../../../services/rules/rule-source.ts";
import { sharedDataOrSkip } from "../../support/shared-data.ts";

const RULE = `title: A
id: 11111111-1111-4111-8111-111111111111
logsource: { product: windows }
detection: { s: { Image|endswith: ['\\a*.exe', b], C: null }, condition: not s }
`;

function fileOf(text: string, name = "a.yml"): RuleFile {
  return { path: name, origin: `pack/${name}`, text };
}

function newPath(): string {
  return join(mkdtempSync(join(tmpdir(), "rule-cache-")), "rules.cache");
}

/** Asks a newly opened cache for the files; gives back which of them had to be read. */
function ask(path: string, files: readonly RuleFile[], fingerprint = "") {
  const read: string[] = [];
  const faults: string[] = [];
  const cache = openRuleCache({ path, fingerprint, onFault: (reason) => faults.push(reason) });
  const contents = files.map((file) =>
    cache.contentOf(file, () => {
      read.push(file.path);
      return readRuleFile(file.text, file.origin);
    }),
  );
  cache.save();
  return { read, contents, faults };
}

describe("the cache of parsed rules", () => {
  it("reads a file once and gives the same content again, faults included", () => {
    const path = newPath();
    const files = [fileOf(RULE), fileOf("title: [", "b.yml"), fileOf("correlation: 1", "c.yml")];
    const cold = ask(path, files);
    const warm = ask(path, files);
    expect(cold.read).toEqual(["a.yml", "b.yml", "c.yml"]);
    expect(warm.read).toEqual([]);
    deepStrictEqual(warm.contents, cold.contents);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, ".."))).toEqual(["rules.cache"]);
  });

  it.each([
    ["the text", fileOf(`${RULE}level: high\n`), ""],
    ["the name", fileOf(RULE, "b.yml"), ""],
    ["what the caller names besides", fileOf(RULE), "placeholders 2"],
  ])("reads again when %s changed", (_what, file, fingerprint) => {
    const path = newPath();
    ask(path, [fileOf(RULE)]);
    expect(ask(path, [file], fingerprint).read).toEqual([file.path]);
  });

  it("forgets files that are gone", () => {
    const path = newPath();
    ask(path, [fileOf(RULE), fileOf(RULE, "b.yml")]);
    const both = statSync(path).size;
    ask(path, [fileOf(RULE)]);
    expect(statSync(path).size).toBeLessThan(both * 0.7);
    expect(ask(path, [fileOf(RULE, "b.yml")]).read).toEqual(["b.yml"]);
  });

  it("is not written when nothing changed", () => {
    const path = newPath();
    ask(path, [fileOf(RULE)]);
    const before = statSync(path).ino;
    ask(path, [fileOf(RULE)]);
    expect(statSync(path).ino).toBe(before);
  });

  const flipped = (bytes: Buffer, at: number) => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };
  it.each<[string, (bytes: Buffer) => Buffer]>([
    ["empty", () => Buffer.alloc(0)],
    ["of somebody else", () => Buffer.from("SQLite format 3\n\0\n\n")],
    ["cut off", (bytes) => bytes.subarray(0, bytes.length - 20)],
    ["damaged in its content", (bytes) => flipped(bytes, bytes.length - 30)],
    ["damaged in its digest", (bytes) => flipped(bytes, 30)],
    ["of another form", (bytes) => Buffer.from(bytes.toString("latin1").replace("-1 ", "-9 "))],
  ])("that is %s is passed over and written anew", (_what, damage) => {
    const path = newPath();
    const cold = ask(path, [fileOf(RULE)]);
    writeFileSync(path, damage(readFileSync(path)));
    const again = ask(path, [fileOf(RULE)]);
    expect(again.read).toEqual(["a.yml"]);
    deepStrictEqual(again.contents, cold.contents);
    expect(ask(path, [fileOf(RULE)]).read).toEqual([]);
  });

  it("that can't be written is told of and costs nothing else", () => {
    const path = join(newPath(), "no-folder", "rules.cache");
    const { faults, contents } = ask(path, [fileOf(RULE)]);
    expect(faults).toHaveLength(1);
    expect(contents[0]?.rules).toHaveLength(1);
    expect(existsSync(path)).toBe(false);
  });

  it("that can't be read is passed over", () => {
    const path = newPath();
    // Not even who may read everything can read a folder as a file.
    mkdirSync(path);
    const { read, contents, faults } = ask(path, [fileOf(RULE)]);
    expect([read, contents.length]).toEqual([["a.yml"], 1]);
    expect(faults.length).toBeGreaterThan(0);
  });

  it("gives a rule set the same rules as the files", async () => {
    const path = newPath();
    const load = () =>
      loadRuleSet([STARTER_PACK], { cache: openRuleCache({ path, onFault: expect.unreachable }) });
    const plain = await loadRuleSet([STARTER_PACK]);
    deepStrictEqual(await load(), plain);
    deepStrictEqual(await load(), plain);
  });
});

const archive = sharedDataOrSkip(
  "the cache over SigmaHQ's rules",
  "sigma/sigma/sigmahq-rules-8eaafff1.tar.gz",
);

describe.skipIf(archive === undefined)("the cache over SigmaHQ's rules", () => {
  it("gives every file's content back exactly", async () => {
    const path = newPath();
    const files = await readRuleFiles(archive ?? "");
    const cold = ask(path, files);
    const warm = ask(path, files);
    expect(cold.read.length).toBeGreaterThan(3000);
    expect(warm.read).toEqual([]);
    deepStrictEqual(warm.contents, cold.contents);
  });
});
