// The report's picture: a lane for each rule, hostile titles as text, links to what is below.
import { describe, expect, it } from "vitest";
import { timelineSvg } from "../../../services/cli/report-timeline.ts";
import { findingOf } from "../api/fixture.ts";

const HOUR = 3_600_000;
const base = findingOf("a").detector;
const at = (id: string, rule: string, time: number, title = "Regel") =>
  findingOf(id, {
    detector: { ...base, id: rule, title },
    firstEventAt: time,
    lastEventAt: time,
    evidence: [],
  });
const svg = (...findings: ReturnType<typeof at>[]) =>
  timelineSvg(findings, "Verlauf", "de-DE", "Europe/Berlin");

describe("timeline of the report", () => {
  it("puts all findings of a rule on one lane that links to the most important one", () => {
    const drawn = svg(at("top", "r1", 5 * HOUR), at("low", "r1", 9 * HOUR), at("x", "r2", HOUR));
    expect(drawn.match(/class="lane /g)).toHaveLength(2);
    expect(drawn).toContain('href="#f-top"');
    expect(drawn).not.toContain('href="#f-low"');
    expect(drawn).toContain("Regel (2)");
    expect(drawn.indexOf("#f-x")).toBeLessThan(drawn.indexOf("#f-top"));
  });

  it("shows times in the zone and cuts long titles", () => {
    const drawn = svg(at("a", "r", Date.UTC(2026, 6, 1, 10), "x".repeat(200)));
    expect(drawn).toContain("01.07., 12:00");
    expect(drawn).toContain("x…");
    expect(drawn).not.toContain("x".repeat(60));
  });

  it("keeps markup of a title as text and draws a single moment without NaN", () => {
    const drawn = svg(at("a", "r", HOUR, '<script>"&\u202e'));
    expect(drawn).not.toContain("<script>");
    expect(drawn).toContain("⟨U+202E⟩");
    expect(drawn).not.toMatch(/NaN|Infinity/);
  });
});
