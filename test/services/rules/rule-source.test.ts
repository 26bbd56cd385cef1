// Rule files out of folders, zips and tars: the same ones from each, within limits, whoever packed them.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix, win32 } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../config/errors.ts";
import { isSafePath } from "../../../services/rules/rule-archive.ts";
import {
  RULE_FILE_BYTES_MAX,
  RULE_FILES_MAX,
  readRulePackage,
} from "../../../services/rules/rule-source.ts";
import { type Packed, tarOf, zipOf } from "../../support/archives.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rule-source-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const FILES: readonly Packed[] = [
  { name: "rules/windows/b.yml", text: "title: b" },
  { name: "rules/windows/a.YAML", text: "title: ä" },
  { name: "rules/README.md", text: "# Rules" },
  { name: "LICENSE.Detection.Rules.md", text: "Detection Rule License" },
  { name: "licences.yml", text: "title: a rule about licences" },
  { name: "tests/sample.yml", text: "no rule" },
  { name: "deprecated/windows/old.yml", text: "no rule any more" },
  { name: "unsupported/new.yml", text: "no rule yet" },
  { name: ".github/workflows/test.yml", text: "no rule" },
  { name: "rules/.hidden/x.yml", text: "no rule" },
];

function unpack(files: readonly Packed[]): string {
  for (const { name, text } of files) {
    mkdirSync(dirname(join(folder, "in", name)), { recursive: true });
    writeFileSync(join(folder, "in", name), text);
  }
  return join(folder, "in");
}

function write(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const dotted = (files: readonly Packed[]) =>
  files.map(({ name, text }) => ({ name: `./${name}`, text }));

describe.each<[string, (files: readonly Packed[]) => Promise<string> | string]>([
  ["a folder", unpack],
  ["a zip", (files) => write("pack.ZIP", zipOf(files))],
  ["a tar", async (files) => write("pack.tar", await tarOf(files))],
  ["a tar.gz", async (files) => write("pack.tar.gz", gzipSync(await tarOf(files)))],
  [
    "a tgz whose names begin with a dot",
    async (files) => write("pack.tgz", gzipSync(await tarOf(dotted(files)))),
  ],
])("%s", (_kind, make) => {
  it("gives rules and licences by path, without samples and what is not to be run", async () => {
    const found = await readRulePackage(await make(FILES));
    expect(found.rules.map(({ path, text }) => [path, text])).toEqual([
      ["licences.yml", "title: a rule about licences"],
      ["rules/windows/a.YAML", "title: ä"],
      ["rules/windows/b.yml", "title: b"],
    ]);
    expect(found.licences.map(({ path }) => path)).toEqual(["LICENSE.Detection.Rules.md"]);
    expect(found.faults).toEqual([]);
    for (const { path, origin } of found.rules) expect(origin.endsWith(path)).toBe(true);
  });

  it("tells of a file that is too large and goes on with the others", async () => {
    const text = "#".repeat(RULE_FILE_BYTES_MAX + 1);
    const found = await readRulePackage(await make([{ name: "big.yml", text }, ...FILES]));
    expect(found.rules).toHaveLength(3);
    expect(found.faults).toHaveLength(1);
    expect(found.faults[0]?.place).toMatch(/big\.yml$/);
    expect(found.faults[0]?.message).toContain("too large");
  });
});

describe("a folder", () => {
  it("passes folders called like rules, and tells of links into nothing", async () => {
    const path = unpack(FILES);
    mkdirSync(join(path, "odd.yml"));
    symlinkSync(join(path, "missing"), join(path, "link.yml"));
    const found = await readRulePackage(path);
    expect(found.rules).toHaveLength(3);
    expect(found.faults.map(({ message }) => message)).toEqual([expect.stringContaining("ENOENT")]);
  });

  it("that Kubernetes mounts has each rule once", async () => {
    const path = unpack([{ name: "..2026_11_21/a.yml", text: "title: a" }]);
    symlinkSync("..2026_11_21", join(path, "..data"));
    symlinkSync("..data/a.yml", join(path, "a.yml"));
    const found = await readRulePackage(path);
    expect(found.rules.map((file) => [file.path, file.text])).toEqual([["a.yml", "title: a"]]);
  });

  it("may be one file", async () => {
    const path = write("one.yml", Buffer.from("title: one"));
    const { rules } = await readRulePackage(path);
    expect(rules).toEqual([{ path: "one.yml", origin: path, text: "title: one" }]);
  });
});

const good: Packed = { name: "a.yml", text: "title: a" };
const HOSTILE: [string, string, () => Promise<Buffer> | Buffer, ErrorCode][] = [
  ["no zip at all", "x.zip", () => Buffer.from("title: a"), "HW_INPUT_UNREADABLE"],
  ["a zip cut in half", "x.zip", () => zipOf([good]).subarray(0, 40), "HW_INPUT_UNREADABLE"],
  [
    "a zip whose file unpacks to more than it says",
    "x.zip",
    () => zipOf([{ name: "a.yml", text: "#".repeat(3 * RULE_FILE_BYTES_MAX), claimedBytes: 10 }]),
    "HW_INPUT_UNREADABLE",
  ],
  [
    "a zip name that climbs",
    "x.zip",
    () => zipOf([good, { name: "../b.yml", text: "" }]),
    "HW_INPUT_UNREADABLE",
  ],
  [
    "an absolute zip name",
    "x.zip",
    () => zipOf([{ name: "/etc/b.yml", text: "" }]),
    "HW_INPUT_UNREADABLE",
  ],
  [
    "more files than anyone has rules",
    "x.tar",
    () =>
      tarOf(Array.from({ length: RULE_FILES_MAX + 1 }, (_, n) => ({ name: `${n}.yml`, text: "" }))),
    "HW_INPUT_TOO_LARGE",
  ],
  ["no gzip", "x.tar.gz", () => Buffer.from("title: a"), "HW_INPUT_UNREADABLE"],
  [
    "a gzip cut in half",
    "x.tgz",
    async () => gzipSync(await tarOf([good])).subarray(0, 60),
    "HW_INPUT_UNREADABLE",
  ],
  [
    "a tar cut in half",
    "x.tar",
    async () => (await tarOf([good])).subarray(0, 515),
    "HW_INPUT_UNREADABLE",
  ],
  ["no tar", "x.tar", () => Buffer.alloc(2048, 7), "HW_INPUT_UNREADABLE"],
  [
    "a tar name that climbs",
    "x.tar",
    () => tarOf([good, { name: "rules/../../b.yml", text: "" }]),
    "HW_INPUT_UNREADABLE",
  ],
  [
    "a tar name that climbs at once",
    "x.tar.gz",
    async () => gzipSync(await tarOf([{ name: "../b.yml", text: "" }])),
    "HW_INPUT_UNREADABLE",
  ],
  [
    "an absolute tar name",
    "x.tar",
    () => tarOf([{ name: "/etc/b.yml", text: "" }]),
    "HW_INPUT_UNREADABLE",
  ],
  [
    "a tar that unpacks to more than any disk of rules",
    "x.tar",
    () => tarOf([{ name: "zeros.bin", text: "", claimedBytes: 5 * 2 ** 30 }]),
    "HW_INPUT_TOO_LARGE",
  ],
];

describe("an archive from strangers", () => {
  it.each(HOSTILE)("is refused: %s", async (_what, name, make, code) => {
    const path = write(name, await make());
    await expect(readRulePackage(path)).rejects.toMatchObject({ code, place: path });
  });

  it("is told of when it does not exist", async () => {
    const path = join(folder, "missing.zip");
    await expect(readRulePackage(path)).rejects.toMatchObject({
      code: "HW_NOT_FOUND",
      place: path,
    });
  });
});

describe("a safe path", () => {
  it.each(["a.yml", "rules/windows/a b.yml", "Ä/ö.yml", "..a/b..c.yml"])("is %s", (path) => {
    expect(isSafePath(path)).toBe(true);
  });

  it.each([
    "",
    ".",
    "..",
    "/a.yml",
    "a//b.yml",
    "a/../b.yml",
    "a/./b.yml",
    "a\\b.yml",
    "C:/a.yml",
    "a\u0000.yml",
    "a\nb.yml",
    `${"a".repeat(256)}.yml`,
    "a/".repeat(600),
  ])("is not %j", (path) => {
    expect(isSafePath(path)).toBe(false);
  });

  it("stays in its folder on every system", () => {
    const part = fc.constantFrom("..", ".", "", "/", "\\", "a", "C:", "\u0000", "ü");
    const path = fc.oneof(
      fc.array(part).map((parts) => parts.join("/")),
      fc.array(part).map((parts) => parts.join("")),
      fc.string(),
    );
    fc.assert(
      fc.property(path, (one) => {
        if (!isSafePath(one)) return;
        expect(posix.resolve("/target", one).startsWith("/target/")).toBe(true);
        expect(win32.resolve("D:\\target", one).startsWith("D:\\target\\")).toBe(true);
      }),
    );
  });
});
