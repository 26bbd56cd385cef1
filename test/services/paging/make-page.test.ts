import { describe, expect, it } from "vitest";
import { advance } from "../../../services/paging/engine.ts";
import { makePage } from "../../../services/paging/make-page.ts";
import { openPaging } from "../../../services/paging/open.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { BEGIN, findingOf, LEADS, NOON, pagingOf, setupOf } from "./fixture.ts";

const LINKS = { link: "https://hw.example/f", acknowledgeLink: undefined, declineLink: undefined };

/** The page by SMS, which leaves the house. */
function pageOf(more: Partial<Finding> = {}, gathered: readonly Finding[] = []) {
  const opened = openPaging(findingOf("f1", 85, more), setupOf(), NOON);
  const paging = advance(opened, BEGIN, setupOf(), LEADS);
  const [delivery] = paging?.pages ?? [];
  if (paging === undefined || delivery === undefined) throw new RangeError("no page");
  const about = { gathered, gatheredCount: gathered.length, code: "ABC234", links: LINKS };
  return makePage(
    { finding: opened, paging, delivery, language: "de", now: BEGIN, ...about },
    setupOf(),
  );
}

describe("a page", () => {
  it("says what, where, since when, how sure and what to do, and names no host", () => {
    const page = pageOf({
      detector: { ...findingOf("f", 1).detector, title: "Neuer Dienst auf srv-akte-01\u202e\n" },
      sources: ["192.0.2.7"],
    });
    expect(page.title).toBe("P1: Neuer Dienst auf RECHNER-1");
    expect(page.facts.map(({ key }) => key)).toEqual([
      ...["what", "where", "since", "score", "technique", "source"],
    ]);
    expect(page.advice).toEqual(["Dienst prüfen"]);
    expect(JSON.stringify(page)).not.toMatch(/srv-akte|192\.0\.2/);
  });

  it.each(["red", "amber_strict"] as const)("says nothing outside of the house when %s", (tlp) => {
    const page = pageOf({ tlp });
    expect(page).toMatchObject({ facts: [], advice: [], more: [], code: "ABC234", ...LINKS });
    expect(page.title).not.toContain("Dienst");
  });

  it("names what is told with it, but not what must stay in the house", () => {
    const others = [findingOf("a", 70), findingOf("b", 85, { tlp: "red" })];
    expect(pageOf({}, others).more).toEqual(["P2: Neuer Dienst (RECHNER-1)", "P1: eingestuft"]);
    expect(pagingOf(openPaging(others[0] ?? findingOf("a", 1), setupOf(), NOON)).priority).toBe(
      "p2",
    );
  });
});
