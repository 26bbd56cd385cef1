// That no format is left out that would claim a line: the choice by traits and asking all formats come to
// the same, for all samples and for what broken senders and attackers make of them.
import { describe, expect, it } from "vitest";
import { type Format, SURE } from "../../../services/normalize/format.ts";
import { FORMATS, ranked } from "../../../services/normalize/formats.ts";
import { splitHeader } from "../../../services/normalize/header-lines.ts";
import { looksLikeJson } from "../../../services/normalize/json-text.ts";
import { createChoice } from "../../../services/normalize/line-traits.ts";
import { chanceOf, spoil } from "../../fuzz/mutate.ts";
import { readFormatSamples } from "../../support/format-samples.ts";

const SEED = 20_261_121;
const SPOILED_EACH = 40;
/** What stands before lines when a relay or a device passes them on. */
const HEADERS = [
  "",
  "<13>",
  "<134>Nov 21 05:38:16 fw01 ",
  "<134>1 2026-11-21T05:38:16.123+01:00 host01 prog 12 ID47 - ",
  "2026-11-21T05:38:16.123456+01:00 host01 prog[12]: ",
  "Nov 21 05:38:16 host01 ",
  "Nov 21 05:38:16 ",
];

const TEXT_FORMATS = FORMATS.filter(({ reads }) => reads === "text");
const samples = readFormatSamples().map(({ text }) => splitHeader(text));
const chosen = createChoice(TEXT_FORMATS);

/** The formats that claim the line although they would not be asked. */
function forgotten(line: string, header: string | undefined): string[] {
  const asked = new Set<Format>(chosen(line));
  const others = TEXT_FORMATS.filter((format) => !asked.has(format));
  return others.filter(({ sniff }) => sniff(line, undefined, header) > 0).map(({ id }) => id);
}

function bestOfAll(line: string, header: string | undefined): string | undefined {
  const claims = TEXT_FORMATS.map(({ id, sniff }) => ({
    id,
    score: sniff(line, undefined, header),
  }));
  const sure = claims.find(({ score }) => score >= SURE);
  if (sure !== undefined) return sure.id;
  return claims.filter(({ score }) => score > 0).sort((one, other) => other.score - one.score)[0]
    ?.id;
}

describe("the choice of formats by a line's traits", () => {
  it.each(HEADERS)("leaves out none that claims a sample behind %j", (before) => {
    const wrong = samples.flatMap(({ header, line }) => forgotten(before + line, header));
    expect(wrong).toEqual([]);
  });

  it(`comes to the same for spoiled samples as asking all (seed ${SEED})`, () => {
    const chance = chanceOf(SEED);
    const wrong: string[] = [];
    for (const { header, line } of samples) {
      for (let count = 0; count < SPOILED_EACH; count++) {
        const other = samples[chance(samples.length)]?.line ?? "";
        const before = HEADERS[chance(HEADERS.length)] ?? "";
        const text = before + spoil(line.slice(0, 5000), other, chance).slice(0, 5000);
        if (looksLikeJson(text)) continue;
        const best = bestOfAll(text, header);
        if (ranked(text, undefined, header)[0]?.format.id !== best) wrong.push(`${best}: ${text}`);
        wrong.push(...forgotten(text, header).map((id) => `${id}: ${text}`));
      }
    }
    expect(wrong).toEqual([]);
  });

  it("spares most formats the look into a line of an unknown program", () => {
    const line = "<30>Nov 21 05:38:16 host01 backup[812]: Verified 12 volumes";
    expect(chosen(line).length).toBeLessThan(TEXT_FORMATS.length / 2);
    expect(chosen(line).map(({ id }) => id)).toContain("syslog");
  });

  it("asks the same formats however many programs it has seen", () => {
    const line = (n: number) => `<30>Nov 21 05:38:16 host01 p${n}: Verified 12 volumes`;
    const first = chosen(line(0));
    for (let n = 1; n < 10_000; n++) expect(chosen(line(n))).toEqual(first);
  });
});
