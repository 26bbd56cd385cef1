// Which incidents the list asks for and shows.
import { describe, expect, it } from "vitest";
import type { IncidentRow } from "../../../../services/console/api/case-contract.ts";
import {
  isOverdue,
  narrowed,
  readIncidentFilter,
} from "../../../../services/console/model/incident-filter.ts";

const NOW = Date.UTC(2026, 10, 20, 9);

function row(id: string, part: Partial<IncidentRow> = {}): IncidentRow {
  return {
    ...{ id, version: 1, title: id, status: "open", verdict: "true_positive", severity: "high" },
    ...{ category: "intrusion", tlp: "amber", exercise: false, tags: [], createdAt: NOW },
    ...{ changedAt: NOW, findings: 1, missing: 0 },
    ...part,
  };
}

const due = (dueAt: number) => ({ nextDue: { clock: "gdpr_art33", dueAt } as const });

describe("the list of incidents", () => {
  const rows = [
    row("plain"),
    row("missing", { missing: 2 }),
    row("late", due(NOW - 1)),
    row("both", { missing: 1, ...due(NOW - 1) }),
    row("soon", due(NOW + 1)),
  ];
  const shown = (filter: Parameters<typeof narrowed>[1]) =>
    narrowed(rows, filter, NOW).map(({ id }) => id);

  it.each([
    [{}, ["plain", "missing", "late", "both", "soon"]],
    [{ missing: true }, ["missing", "both"]],
    [{ overdue: true }, ["late", "both"]],
    [{ missing: true, overdue: true }, ["both"]],
  ])("shows for %j", (filter, ids) => {
    expect(shown(filter)).toEqual(ids);
  });

  it("calls a time limit over only after its end", () => {
    expect(isOverdue(due(NOW), NOW)).toBe(false);
    expect(isOverdue(due(NOW), NOW + 1)).toBe(true);
    expect(isOverdue({}, NOW)).toBe(false);
  });
});

describe("the filter in the address", () => {
  it.each([
    [
      { status: "open", severity: "critical" },
      { status: "open", severity: "critical" },
    ],
    [{ verdict: "undetermined", category: "fraud", text: "fs01" }, null],
    [{ mine: true, missing: true, overdue: true }, null],
  ])("keeps %j", (raw, read) => {
    expect(readIncidentFilter(raw)).toEqual(read ?? raw);
  });

  it.each<Readonly<Record<string, unknown>>>([
    { status: "new" },
    { status: ["open"] },
    { severity: "toString" },
    { text: "" },
    { text: 7 },
    { mine: "true" },
    { overdue: 1 },
    { constructor: "open", limit: 5 },
  ])("leaves out %j", (raw) => {
    expect(readIncidentFilter(raw)).toEqual({});
  });
});
