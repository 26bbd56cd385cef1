import { describe, expect, it } from "vitest";
import { learnHeader, messageStart } from "../../../detectors/templates/header.ts";

const MESSAGES = ["link is up", "took 4 s: done", "user anna: logged on", "a - b"];

describe("where a message begins", () => {
  it.each([
    ["syslog", (n: number) => `Jun ${10 + n} 15:16:0${n} combo sshd(pam_unix)[199${n}]: `],
    ["date, level and class", (n: number) => `081109 20361${n} ${140 + n} INFO dfs.DataNode: `],
    ["brackets", (n: number) => `[Sun Dec 04 04:47:4${n} 2005] [notice] `],
    [
      "thread and class",
      (n: number) => `2015-10-18 18:01:4${n},978 INFO [RM [pool ${n}]] org.x.Client: `,
    ],
    [
      "a dash",
      (n: number) => `2015-07-29 19:04:1${n},394 - INFO  [Worker:${n}/0:0:QuorumPeer@913] - `,
    ],
    [
      "a program and a dash",
      (n: number) => `[10.30 16:49:0${n}] chrome.exe ${n > 1 ? "*64 " : ""}- `,
    ],
    ["bars", (n: number) => `20171223-22:15:29:60${n}|Step_LSC|3000231${n}|`],
    ["numbered columns", (n: number) => `13468${n} node-246 unix.hw state_change 107780474${n} 1 `],
    ["nothing", () => ""],
  ])("%s", (_, header) => {
    const lines = Array.from({ length: 40 }, (_, index) => {
      const message = MESSAGES[index % MESSAGES.length] ?? "";
      return [header(index % 4), message] as const;
    });
    const layout = learnHeader(lines.map((parts) => parts.join("")));
    for (const [start, message] of lines) {
      const line = `${start}${message}`;
      expect(line.slice(messageStart(line, layout))).toBe(message);
    }
  });

  it("leaves a line whole that is shorter than the header, and one of no header", () => {
    const layout = learnHeader(["Jun 10 15:16:01 combo a: b", "Jun 11 15:16:01 combo c: d"]);
    expect(messageStart("", layout)).toBe(0);
    expect(messageStart("Jun", layout)).toBe(3);
    expect(learnHeader([])).toEqual({ columns: 0, delimiters: [] });
  });
});
