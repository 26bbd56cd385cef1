import { describe, expect, it } from "vitest";
import { rememberHeaders, rememberLast } from "../../../services/normalize/last-line.ts";

/** A function that counts how often it was really asked. */
function counting() {
  const asked: string[] = [];
  const read = (text: string): number | undefined => {
    asked.push(text);
    return text === "" ? undefined : text.length;
  };
  return { asked, read };
}

describe("what was found in a line", () => {
  it("is found once for the same line, and anew for another", () => {
    const { asked, read } = counting();
    const remembered = rememberLast(read);
    expect(["a", "a", "bc", "a", "", ""].map(remembered)).toEqual([
      1,
      1,
      2,
      1,
      undefined,
      undefined,
    ]);
    expect(asked).toEqual(["a", "bc", "a", ""]);
  });
});

describe("what was found in a header", () => {
  it("is kept for several headers at a time, also when nothing was found", () => {
    const { asked, read } = counting();
    const remembered = rememberHeaders(read);
    expect(["a", "", "a", ""].map(remembered)).toEqual([1, undefined, 1, undefined]);
    expect(asked).toEqual(["a", ""]);
  });

  it("is forgotten before headers fill the memory", () => {
    const { asked, read } = counting();
    const remembered = rememberHeaders(read);
    const many = Array.from({ length: 1000 }, (_, n) => `header ${n}`);
    for (const header of many) remembered(header);
    remembered("header 0");
    expect(asked.filter((one) => one === "header 0")).toHaveLength(2);
  });
});
