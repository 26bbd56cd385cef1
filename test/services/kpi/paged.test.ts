// What a finding adds to the figures of paging, and the rows that days are told in.
import { describe, expect, it } from "vitest";
import { pagingRows } from "../../../services/kpi/figures/paging-rows.ts";
import { KpiLedger } from "../../../services/kpi/ledger.ts";
import { pagedOf } from "../../../services/kpi/paged.ts";
import type { FindingPaging, PageAnswer, PageDelivery } from "../../../services/store/paging.ts";
import { at, findingOf, TENANT } from "./incidents.ts";

const ZONE = "Europe/Berlin";

const page = (
  time: string,
  state: PageDelivery["state"],
  more: Partial<PageDelivery> = {},
): PageDelivery => ({
  ...{ id: `${time}-${state}`, round: 0, step: 0, person: "person-1", channel: "sms", contact: 0 },
  ...{ state, dueAt: at(`2026-10-${time}`), attempts: 1, ...more },
});
const answer = (kind: PageAnswer["kind"], time: string): PageAnswer => ({
  ...{ kind, at: at(`2026-10-${time}`), person: "person-1", via: "link" as const },
});
const paged = (
  pages: readonly PageDelivery[],
  answers: readonly PageAnswer[] = [],
  priority: FindingPaging["priority"] = "p1",
) =>
  pagedOf(
    findingOf("f1", {
      paging: {
        ...{ priority, state: "escalating", opening: 0, requestedAt: at("2026-10-20T08:00") },
        ...{ round: 0, step: 0, pages: [...pages], answers: [...answers] },
      },
    }),
  );

function rowsOf(...all: (ReturnType<typeof paged> | undefined)[]) {
  const ledger = new KpiLedger(ZONE);
  for (const [index, one] of all.entries()) ledger.setPaged(`f${index}`, one);
  const days = ledger.touchedDays.take(0, 30_000);
  const rows = pagingRows(TENANT, ledger.pagedEntries(), new Set(days), ledger.days);
  return [...rows.values()].flat().map(({ at: moment, dimensions, measures }) => ({
    day: new Date(moment).toISOString().slice(0, 16),
    ...dimensions,
    ...measures,
  }));
}

const NONE = { findings: 0, pages: 0, handedOver: 0, failed: 0 };
const UNANSWERED = { declined: 0, accepted: 0, escalated: 0, acceptN: 0 };

describe("figures of paging", () => {
  it("are none where nobody was called", () => {
    expect(pagedOf(findingOf("f1"))).toBeUndefined();
    expect(paged([])).toBeUndefined();
    expect(paged([page("20T08:00", "dropped")])).toBeUndefined();
  });

  it("count pages on the day on which they were due, in the tenant's zone", () => {
    const one = paged([
      page("20T21:59", "failed"),
      page("20T22:00", "handed_over", { contact: 1 }),
      page("20T22:10", "pending", { step: 1 }),
    ]);
    expect(rowsOf(one)).toEqual([
      {
        day: "2026-10-19T22:00",
        priority: "p1",
        ...NONE,
        ...UNANSWERED,
        ...{ findings: 1, pages: 1, failed: 1 },
      },
      {
        ...{ day: "2026-10-20T22:00", priority: "p1", ...NONE, ...UNANSWERED },
        ...{ pages: 2, handedOver: 1, escalated: 1 },
      },
    ]);
  });

  it("tell the time to the first acceptance of each opening, from its first page", () => {
    const one = paged(
      [
        page("20T08:00", "handed_over"),
        page("20T10:00", "handed_over", { opening: 1 }),
        page("20T10:10", "handed_over", { opening: 1, round: 1 }),
      ],
      [
        answer("acknowledged", "20T07:00"),
        answer("declined", "20T08:01"),
        answer("acknowledged", "20T08:05"),
        answer("acknowledged", "20T08:06"),
        answer("acknowledged", "20T10:20"),
      ],
    );
    expect(rowsOf(one)).toEqual([
      {
        ...{ day: "2026-10-19T22:00", priority: "p1", findings: 2, pages: 3, handedOver: 3 },
        ...{ failed: 0, declined: 1, accepted: 2, escalated: 1 },
        ...{ acceptN: 2, acceptMeanS: 750, acceptMedianS: 300, acceptP90S: 1200 },
      },
    ]);
  });

  it("keep priorities apart, and follow a finding that gets another one", () => {
    const first = paged([page("20T08:00", "handed_over")], [], "p2");
    expect(rowsOf(paged([page("20T08:00", "handed_over")]), first)).toMatchObject([
      { priority: "p1", findings: 1 },
      { priority: "p2", findings: 1 },
    ]);
    const ledger = new KpiLedger(ZONE);
    ledger.setPaged("f1", first);
    ledger.touchedDays.take(0, 30_000);
    ledger.setPaged("f1", paged([page("20T08:00", "handed_over")], [], "p2"));
    expect(ledger.touchedDays.take(0, 30_000)).toEqual([]);
    ledger.setPaged("f1", undefined);
    expect(ledger.touchedDays.take(0, 30_000)).toEqual([
      ledger.days.dayOf(at("2026-10-20T08:00") / 1000),
    ]);
  });

  it("name nobody", () => {
    const one = paged([page("20T08:00", "handed_over")], [answer("acknowledged", "20T08:05")]);
    expect(JSON.stringify([one, rowsOf(one)])).not.toContain("person-1");
  });
});
