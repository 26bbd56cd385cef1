// The comparing of eval:kpi in small: what is the same is counted as such, and one figure that another place
// tells otherwise is found, whichever it is. Elasticsearch is stood in for by what the panels mean.
import { beforeAll, describe, expect, it } from "vitest";
import { TIME_ZONE } from "../../dashboards/grafana/elasticsearch.ts";
import { meant, type Shown as PanelShown } from "../dashboards/grafana/panel-answers.ts";
import { drawnHistory } from "./kpi/drawn-history.ts";
import { type Shown, shownOf } from "./kpi/installation.ts";
import { comparePanel, type Look, looksAt } from "./kpi/panel-figures.ts";
import { comparePdf, pdfTexts } from "./kpi/pdf.ts";
import { compareCsv, compareJson, csvOf } from "./kpi/reports.ts";
import { Tally } from "./kpi/tally.ts";

/** Drawn so that each KPI has a value. */
const SEEDS = [3, 10] as const;
const DAY_S = 86_400;
/** Of two points. */
const NUMBERS_PER_SERIES = 4;
const KPI_TABLES = [
  "kennzahlen-dauern.csv",
  "kennzahlen-monate.csv",
  "kennzahlen-schwere.csv",
  "kennzahlen-art.csv",
];

let shown: Shown;
let both: readonly Shown[];
let files: ReadonlyMap<string, string>;
let texts: ReadonlyMap<string, string>;

beforeAll(async () => {
  both = await Promise.all(
    SEEDS.map((seed) => shownOf({ ...drawnHistory(seed), withHours: false })),
  );
  const [, second] = both;
  if (second === undefined) throw new Error("no history");
  shown = second;
  files = csvOf(shown);
  texts = await pdfTexts(both);
});

function tallied(compare: (tally: Tally) => void): Tally {
  const tally = new Tally();
  compare(tally);
  return tally;
}

function answerOf({ panel, range }: Look): PanelShown {
  return meant(panel.panel, panel.query, shown.rows, { ...range, timeZone: TIME_ZONE });
}

const inPanels = (one: Shown) => (tally: Tally) => {
  for (const look of looksAt(one)) comparePanel(one, look, answerOf(look), tally);
};
const inJson = (one: Shown) => (tally: Tally) => compareJson(one, tally);
const inCsv = (one: Shown) => (tally: Tally) => compareCsv(one, files, tally);
const inPdf = (one: Shown) => (tally: Tally) =>
  comparePdf([...both.slice(0, -1), one], texts, tally);
const PLACES = { panels: inPanels, JSON: inJson, CSV: inCsv, PDF: inPdf };

/** Copies of which each has one other number. */
function* tampered<T>(value: T): Generator<T> {
  // A number, as it was; nothing over nothing is NaN.
  if (typeof value === "number") yield (Number.isNaN(value) ? 0 : value + DAY_S) as T;
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    for (const other of tampered(part)) {
      // The same keys with values of the same types.
      yield (
        Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other }
      ) as T;
    }
  }
}

describe.each(Object.entries(PLACES))("the KPI service against %s", (place, compare) => {
  it("is the same where nothing was changed", () => {
    const { compared, differences, kept } = tallied(compare(shown));
    expect(kept).toEqual([]);
    expect(differences).toBe(0);
    expect(compared).toBeGreaterThan(20);
  });

  it("is found to differ in one figure of the service", () => {
    const { quarter, months } = shown;
    const { identification } = quarter.figures;
    if (identification.meanS === null) throw new Error("nothing was identified");
    const other = { ...identification, meanS: identification.meanS + DAY_S };
    const changed =
      place === "panels"
        ? { ...shown, months: months.map((one, at) => (at === 0 ? otherOpen(one) : one)) }
        : {
            ...shown,
            quarter: { ...quarter, figures: { ...quarter.figures, identification: other } },
          };
    expect(tallied(compare(changed)).differences).toBeGreaterThan(0);
  });
});

function otherOpen<Of extends Shown["quarter"]>(document: Of): Of {
  const { figures } = document;
  const { recovery } = figures;
  const open = { ...recovery.open, n: recovery.open.n + 1 };
  return { ...document, figures: { ...figures, recovery: { ...recovery, open } } };
}

describe("one other figure is found", () => {
  it("in any point and cell of any panel", () => {
    let changed = 0;
    for (const look of looksAt(shown)) {
      const { series, rows } = answerOf(look);
      const found = (answer: PanelShown) => {
        const { differences } = tallied((tally) => comparePanel(shown, look, answer, tally));
        expect(differences, look.panel.name).toBeGreaterThan(0);
        changed += 1;
      };
      for (const [name, points] of series)
        for (const other of tampered(points).take(NUMBERS_PER_SERIES))
          found({ rows, series: new Map(series).set(name, other) });
      for (const other of tampered(rows)) found({ series, rows: other });
    }
    expect(changed).toBeGreaterThan(200);
  });

  it("in the report's JSON", () => {
    const { report } = shown;
    const { kpi } = report.sections;
    const { figures, months, bySeverity, byCategory } = kpi;
    let changed = 0;
    const found = (other: Partial<typeof kpi>) => {
      const sections = { ...report.sections, kpi: { ...kpi, ...other } };
      const { differences } = tallied(inJson({ ...shown, report: { ...report, sections } }));
      expect(differences, JSON.stringify(other)).toBe(1);
      changed += 1;
    };
    for (const other of tampered(figures)) found({ figures: other });
    for (const other of tampered(months)) found({ months: other });
    for (const other of tampered(bySeverity)) found({ bySeverity: other });
    for (const other of tampered(byCategory)) found({ byCategory: other });
    expect(changed).toBeGreaterThan(100);
  });

  it.each(KPI_TABLES)("in any cell of %s", (name) => {
    const content = files.get(name) ?? "";
    const [head = "", ...lines] = content.split("\r\n");
    let changed = 0;
    lines.slice(0, -1).forEach((line, at) => {
      const cells = line.split(";");
      for (const column of cells.keys()) {
        if (column === 0) continue;
        const other = lines.with(at, cells.with(column, "77777").join(";"));
        const all = new Map(files).set(name, [head, ...other].join("\r\n"));
        const { differences } = tallied((tally) => compareCsv(shown, all, tally));
        expect(differences, `${line} column ${column}`).toBe(1);
        changed += 1;
      }
    });
    expect(changed).toBeGreaterThan(6);
  });

  it.each(["archive", "accessible"])("in the text of the PDF %s", (standard) => {
    const text = texts.get(standard) ?? "";
    // Of the second history: the first has the same words before it.
    const second = text.lastIndexOf("Kurzfassung");
    const figures = [
      /K[1-5] [^○]*?(?=○)/g,
      /K[1-3] [A-Z][^–]*? \d+ (?:–|\d)/g,
      /(?:Oktober|November|Dezember) 2026 \d+ (?:–|\d)/g,
      /(?:niedrig|mittel|hoch|kritisch|Information) \d+ (?:–|\d)/g,
    ];
    let changed = 0;
    for (const match of figures.flatMap((one) => [...text.slice(second).matchAll(one)])) {
      const from = second + match.index;
      const other = `${match[0].trimEnd()}7`;
      const tamperedText = text.slice(0, from) + other + text.slice(from + match[0].length);
      const all = new Map([[standard, tamperedText]]);
      const { differences } = tallied((tally) => comparePdf(both, all, tally));
      expect(differences, `${match[0]} -> ${other}`).toBeGreaterThan(0);
      changed += 1;
    }
    expect(changed).toBeGreaterThan(10);
  });
});
