import { describe, expect, it } from "vitest";
import { readAnswer, readSign } from "../../../services/channels/answer-text.ts";
import { smsAnswer, telephoneNumber } from "../../../services/channels/sms-answers.ts";

describe("an answer in words", () => {
  it.each([
    ["OK 7KQ2PX", "acknowledged", "7KQ2PX"],
    ["ok 7kq2px", "acknowledged", "7KQ2PX"],
    ["7kq2px ok", "acknowledged", "7KQ2PX"],
    [" Ok, 7kq2px! ", "acknowledged", "7KQ2PX"],
    ["ack QWERTZ", "acknowledged", "QWERTZ"],
    ["7kq2px", "acknowledged", "7KQ2PX"],
    ["ja", "acknowledged", undefined],
    ["OK.", "acknowledged", undefined],
    ["👍", "acknowledged", undefined],
    ["Nein 7KQ2PX", "declined", "7KQ2PX"],
    ["NO", "declined", undefined],
    ["> <@heidewacht:x> Alarm\n> ok\n\nnein", "declined", undefined],
  ])("reads %j", (text, kind, code) => {
    expect(readAnswer(text)).toEqual({ kind, code });
  });

  it.each([
    "",
    "   ",
    "okidoki",
    "ok aber erst morgen",
    "ok nein",
    "ok ok",
    "7KQ2PX 8KQ2PX",
    "Nicht ok",
    "> ok",
    `ok ${"x".repeat(5000)}`,
    "OK 7KQ2PX7",
    "Ihre Rechnung 7KQ2PX liegt bereit",
    "🎉",
  ])("takes %j for no answer", (text) => {
    expect(readAnswer(text)).toBeUndefined();
  });

  it("knows reactions with any skin and variation", () => {
    expect(["👍🏽", "✅", "✔️", "👎🏿", "❌", "❤️", "ok"].map(readSign)).toEqual([
      ...["acknowledged", "acknowledged", "acknowledged", "declined", "declined"],
      ...[undefined, undefined],
    ]);
  });
});

describe("an answer by short message", () => {
  it("says who and which page, where one was named", () => {
    expect(smsAnswer("0049 151 1234567", "ok 7kq2px", 5)).toEqual({
      ...{ kind: "acknowledged", page: { code: "7KQ2PX" }, from: "+491511234567", at: 5 },
    });
    expect(smsAnswer("+491511234567", "nein", 5)).toEqual({
      ...{ kind: "declined", page: undefined, from: "+491511234567", at: 5 },
    });
  });

  it.each([
    ["INFO", "ok 7kq2px"],
    ["+491511234567", "Ihr Guthaben ist bald verbraucht"],
  ])("is none from %s: %s", (from, text) => {
    expect(smsAnswer(from, text, 5)).toBeUndefined();
  });

  it.each([
    ["+49 (151) 123-4567", "+491511234567"],
    ["00491511234567", "+491511234567"],
    ["01511234567", "01511234567"],
    ["12", undefined],
    ["+49151;rm", undefined],
    ["--help", undefined],
    ["../../etc", undefined],
  ])("writes the number %s as %s", (written, number) => {
    expect(telephoneNumber(written)).toBe(number);
  });
});
