import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { advance } from "../../../services/paging/engine.ts";
import { readNoise } from "../../../services/paging/noise.ts";
import { openPaging } from "../../../services/paging/open.ts";
import { takePages, withOutcome } from "../../../services/paging/sending.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { findingOf, HOUR_MS, NOON, pagingOf, setupOf, TENANT } from "./fixture.ts";

const WEEK_MS = 7 * 24 * HOUR_MS;
const SPAN = { from: NOON - 4 * WEEK_MS, until: NOON + 4 * WEEK_MS };
const SETUP = setupOf({ noiseBudgetPerWeek: 1 });

/** Its first step was begun and each of its pages was taken by the channel. */
function paged(finding: Finding, at: number, isTaken = true): Finding {
  const before = finding.paging && ({ ...finding, status: "closed" } as const);
  const opened = openPaging(finding, SETUP, at, before);
  const paging = advance(opened, at + HOUR_MS, SETUP, { place: { kind: "leads" } });
  if (paging === undefined) throw new RangeError("not opened");
  const { paging: sent, taken } = takePages(paging, at + 2 * HOUR_MS, () => ({ leaseMs: 1000 }));
  const outcome = isTaken
    ? ({ kind: "handed_over", reference: undefined } as const)
    : ({ kind: "fault", fault: "refused", message: "no such number" } as const);
  const end = taken.reduce(
    (one, { id }) => withOutcome(one, id, { ...outcome, at: at + 2 * HOUR_MS }),
    sent,
  );
  return { ...opened, paging: end };
}

async function noiseOf(findings: readonly Finding[], span = SPAN) {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-noise-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  for (const finding of findings) await store.create(TENANT, FINDING_KIND, finding.id, finding);
  return readNoise(store, TENANT, span, SETUP);
}

const WRONG: Partial<Finding> = {
  verdict: { verdict: "false_positive", at: NOON, by: "a" },
};

it("is nothing where nobody was reached", async () => {
  expect(await noiseOf([findingOf("f1", 85), paged(findingOf("f2", 85), NOON, false)])).toEqual([]);
});

it("counts calls and false alarms by the week, and says which week had too many", async () => {
  const weeks = await noiseOf([
    paged(findingOf("f1", 85), NOON),
    paged(findingOf("f2", 65, WRONG), NOON),
    paged(findingOf("f3", 85), NOON + WEEK_MS),
  ]);
  expect(weeks).toEqual([
    { week: "2026-W48", pages: 2, findings: 2, falsePages: 1, budget: 1, isOver: true },
    { week: "2026-W49", pages: 1, findings: 1, falsePages: 0, budget: 1, isOver: false },
  ]);
});

it("counts ways and people of one call once", async () => {
  const finding = paged(findingOf("f2", 65), NOON);
  const [page] = pagingOf(finding).pages;
  if (page === undefined) throw new RangeError("no page");
  const pages = [page, { ...page, id: "other", contact: 1, dueAt: page.dueAt + HOUR_MS }];
  const weeks = await noiseOf([{ ...finding, paging: { ...pagingOf(finding), pages } }]);
  expect(weeks.map((week) => week.pages)).toEqual([1]);
});

it("counts each opening of a finding in the week in which it called somebody", async () => {
  const again = paged(paged(findingOf("f1", 85), NOON), NOON + WEEK_MS);
  const found = await noiseOf([again]);
  expect(found.map(({ week, pages, findings }) => [week, pages, findings])).toEqual([
    ["2026-W48", 1, 1],
    ["2026-W49", 1, 1],
  ]);
});

it.each([
  ["before it was opened again", { from: NOON, until: NOON + WEEK_MS }, ["2026-W48"]],
  ["after it was opened", { from: NOON + HOUR_MS, until: NOON + WEEK_MS }, ["2026-W48"]],
  ["and nothing outside of it", { from: NOON + 2 * WEEK_MS, until: NOON + 3 * WEEK_MS }, []],
])("finds what was called within a span, %s", async (_, span, weeks) => {
  const again = paged(paged(findingOf("f1", 85), NOON), NOON + WEEK_MS);
  const found = await noiseOf([again], span);
  expect(found.map(({ week }) => week)).toEqual(weeks);
});
