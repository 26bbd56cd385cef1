// What section 3 says of figures that were published before.
import { describe, expect, it } from "vitest";
import type { KpiData } from "../../../../services/report/collect/kpi.ts";
import { collectReport } from "../../../../services/report/collect.ts";
import { kpiSection } from "../../../../services/report/document/kpi.ts";
import { reportContext } from "../../../../services/report-link.ts";
import { TENANT } from "../../kpi/incidents.ts";
import { NOW, openReportStore } from "../report-world.ts";

type Published = KpiData["published"][number];

const CHANGED = [{ figure: "recovery.n", published: 3, now: 4 }];

/** Column by column, what the table of published figures says. */
async function rowsOf(changes: Partial<Published>): Promise<string[]> {
  const { parts } = openReportStore();
  const data = await collectReport(reportContext(parts, TENANT, "2026-10", NOW));
  const one: Published = {
    ...{ name: "2026-10", publishedAt: NOW, hash: "0".repeat(64), isIntact: true },
    ...{ differences: [], ...changes },
  };
  const kpi = { ...data.sections.kpi, published: [one] };
  const { blocks } = kpiSection({
    data: { ...data, sections: { ...data.sections, kpi } },
    edition: { author: "Landkreis", reference: undefined },
    command: () => "",
    tenantCommand: (words) => words,
    shortOf: (incident) => incident,
  });
  const found = blocks.find(
    (block) => block.kind === "table" && block.id === "veroeffentlichte-kennzahlen",
  );
  if (found?.kind !== "table") throw new RangeError("no such table");
  const plain = (cell: (typeof found.rows)[number][number] | undefined) =>
    typeof cell === "string" ? cell : (cell ?? []).map(({ text }) => text).join("");
  return found.rows.map((cells) => [2, 3, 4].map((at) => plain(cells[at])).join(" "));
}

describe("published figures in a report", () => {
  it.each<[string, Partial<Published>, string[]]>([
    ["are unchanged", {}, ["unverändert – –"]],
    ["are others today", { differences: CHANGED }, ["recovery.n 3 4"]],
    ["were damaged", { isIntact: false }, ["Prüfsumme stimmt nicht – –"]],
    [
      "were damaged, and are others today",
      { isIntact: false, differences: CHANGED },
      ["Prüfsumme stimmt nicht – –", "recovery.n 3 4"],
    ],
  ])("%s", async (_, changes, expected) => {
    expect(await rowsOf(changes)).toEqual(expected);
  });
});
