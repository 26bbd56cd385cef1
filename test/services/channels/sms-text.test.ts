import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { partsOf, septetsOf, splitParts, toGsm7 } from "../../../services/channels/gsm-7.ts";
import { SMS_PARTS_MAX, smsText } from "../../../services/channels/sms-text.ts";
import { exampleOutgoing, examplePage, hostileOutgoing } from "../../support/hostile-pages.ts";
import { EVIL_HOST, HOSTILE_TEXTS } from "../../support/hostile-texts.ts";

describe("the alphabet of short messages", () => {
  it.each([
    ["Grüße aus Lüneburg: ÄÖÜäöüß", "Grüße aus Lüneburg: ÄÖÜäöüß"],
    ["„Übernahme“ – jetzt…", '"Übernahme" - jetzt...'],
    ["Čapek, Łódź, naïve, fiancé", "Capek, Lodz, naive, fiancé"],
    ["a\u202eb\u200bc\u0007d", "abcd"],
    ["u\u0308ber", "über"],
    ["日本", "??"],
    ["5 € [x] {y}", "5 € [x] {y}"],
    ["ﬁ ² ½", "fi 2 1?2".replace("?", "")],
  ])("writes %j as %j", (text, written) => {
    expect(toGsm7(text)).toBe(written);
  });

  it("counts an extended letter twice", () => {
    expect(septetsOf("a€")).toBe(3);
    expect(partsOf("a".repeat(160))).toBe(1);
    expect(partsOf("€".repeat(80))).toBe(1);
    expect(partsOf("€".repeat(81))).toBe(2);
    expect(partsOf("a".repeat(161))).toBe(2);
    expect(partsOf("a".repeat(459))).toBe(3);
    expect(partsOf("a".repeat(460))).toBe(4);
  });

  it("splits any text into parts that hold it and are the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 800 }), (text) => {
        const written = toGsm7(text);
        const parts = splitParts(written);
        expect(parts.join("")).toBe(written);
        expect(toGsm7(written)).toBe(written);
        const room = parts.length === 1 ? 160 : 153;
        for (const part of parts) expect(septetsOf(part)).toBeLessThanOrEqual(room);
      }),
    );
  });
});

describe("a page as a short message", () => {
  it("says priority, what, where, code and link", () => {
    const text = smsText(exampleOutgoing());
    expect(text.split("\n")).toEqual([
      "P1 TLP:AMBER Schattenkopien gelöscht",
      "Wo: host-3f9a",
      "Wie sicher: 87 von 100",
      "Was: vssadmin delete shadows",
      "+ 1 weitere",
      "Rechner vom Netz trennen, nicht ausschalten.",
      "Antwort: OK K7MQ2X / NEIN K7MQ2X",
      "https://heidewacht.kreis.example/a/token_-1",
    ]);
    expect(partsOf(text)).toBeLessThanOrEqual(2);
  });

  it("names a link that fits in the place of one that is too long", () => {
    const page = examplePage({ acknowledgeLink: `https://heidewacht.example/${"a".repeat(300)}` });
    expect(smsText(exampleOutgoing({ page }))).toContain("/findings/f-1");
  });

  it("keeps code and link however long everything else is", () => {
    const long = "Ein sehr langer Satz mit €-Zeichen. ".repeat(50);
    const page = examplePage({ title: long, notice: long, advice: [long, long, long] });
    const text = smsText(exampleOutgoing({ page }));
    expect(partsOf(text)).toBeLessThanOrEqual(SMS_PARTS_MAX);
    expect(text).toContain("OK K7MQ2X");
    expect(text).toContain("https://heidewacht.kreis.example/");
  });

  it.each(HOSTILE_TEXTS)("is harmless, $family: $text", ({ text: hostile }) => {
    const text = smsText(hostileOutgoing(hostile, "+4915112345678"));
    expect(partsOf(text)).toBeLessThanOrEqual(SMS_PARTS_MAX);
    expect(toGsm7(text)).toBe(text);
    expect(text).not.toContain(EVIL_HOST);
    const ends = text.split("\n").slice(-2);
    expect(ends[0]).toBe("Antwort: OK K7MQ2X / NEIN K7MQ2X");
    expect(ends[1]).toMatch(/^https:\/\/heidewacht\.kreis\.example\//);
    // Each line was begun by us: no text can pretend to be an answer or a link of ours.
    const links = text.split("\n").filter((line) => /^(?:https?:|Antwort)/.test(line));
    expect(links).toHaveLength(2);
  });
});
