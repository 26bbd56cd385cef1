// House style that no other tool holds: length of files, left-over markers, names that have no place in
// the project, complete message catalogues.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const LINES_MAX = 400;

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "");
const code = files.filter((file) => /\.(?:ts|tsx)$/.test(file));
const text = (file: string) => readFileSync(file, "utf8");

describe("house style", () => {
  it("sees the sources", () => {
    expect(code.length).toBeGreaterThan(100);
  });

  it("keeps files short enough to be read", () => {
    const long = code.filter((file) => text(file).split("\n").length > LINES_MAX + 1);
    expect(long).toEqual([]);
  });

  it("begins each source file by saying what it is for", () => {
    const silent = code
      .filter((file) => !/\.(?:d|test)\.tsx?$/.test(file))
      .filter((file) => !/^(?:#!.*\n)?(?:\/\/|\/\*)/.test(text(file)));
    expect(silent).toEqual([]);
  });

  it("leaves no markers behind", () => {
    const marker = new RegExp(["\\b(?:TO", "DO|FIX", "ME|HA", "CK)\\b"].join(""));
    expect(code.filter((file) => marker.test(text(file)))).toEqual([]);
  });

  it("names no absolute path of a machine", () => {
    const path = new RegExp(["/wo", "rk/|/ro", "ot/|/ho", "me/[a-z]+/dev"].join(""));
    const wrong = [...code, ...files.filter((file) => /\.(?:md|yml|json)$/.test(file))].filter(
      (file) => !/^package-lock|detectors\/rules\//.test(file) && path.test(text(file)),
    );
    expect(wrong).toEqual([]);
  });

  it("exports nothing by default but configurations of tools", () => {
    const wrong = code.filter(
      (file) => !/config\.ts$/.test(file) && /^export default/m.test(text(file)),
    );
    expect(wrong).toEqual([]);
  });
});
