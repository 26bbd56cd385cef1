// Whether everybody who shows a KPI shows the same one: the KPI service, the boards' panels on a real
// Elasticsearch, the report's JSON, its CSV and the text of its PDF, on the golden and on drawn histories.
// `npm run eval:kpi`, `npm run eval:kpi -- 50` for fewer; needs HEIDEWACHT_TEST_ELASTICSEARCH. Each history has
// a store of its own, so that a TMPDIR in memory makes it faster.

import { printFigure } from "../bench/figure.ts";
import { findingsFrom, incidentFrom, isThere, readGolden } from "../services/kpi/golden.ts";
import { drawnHistory } from "./kpi/drawn-history.ts";
import { type History, type Shown, shownOf } from "./kpi/installation.ts";
import { openPanels } from "./kpi/panels.ts";
import { comparePdf, HISTORIES_PER_PDF, pdfTexts } from "./kpi/pdf.ts";
import { compareCsv, compareJson, csvOf } from "./kpi/reports.ts";
import { Tally } from "./kpi/tally.ts";

const HISTORIES = 1000;
/** Rows of hours are nine of ten and no KPI; so many histories lie between two that have theirs in Elasticsearch. */
const HISTORIES_PER_HOURS = 25;
const HISTORIES_PER_PROGRESS = 50;

const url = process.env.HEIDEWACHT_TEST_ELASTICSEARCH;
if (url === undefined) {
  process.stderr.write(
    "HEIDEWACHT_TEST_ELASTICSEARCH is not set: start one with test/servers/elasticsearch.sh\n",
  );
  process.exit(2);
}
process.env.TEST_ELASTICSEARCH = url;

const began = performance.now();
const wanted = Number(process.argv[2] ?? HISTORIES);
const tallies = { panels: new Tally(), json: new Tally(), csv: new Tally(), pdf: new Tally() };
const counts = { histories: 0, with_hours: 0 };
const panels = await openPanels();
try {
  await compareAll();
} finally {
  await panels.close();
}

const all = Object.entries(tallies);
for (const [name, { differences, compared, kept }] of all) {
  for (const line of kept) process.stderr.write(`${line}\n`);
  printFigure(`kpi.differences_${name}`, differences, "figures", { compared });
}
const differences = all.reduce((sum, [, tally]) => sum + tally.differences, 0);
const compared = all.reduce((sum, [, tally]) => sum + tally.compared, 0);
const seconds = Math.round((performance.now() - began) / 1000);
printFigure("kpi.differences", differences, "figures", {
  ...{ compared, ...counts, golden: isThere, seconds },
});
if (differences > 0) process.exitCode = 1;

/** The next history is made while Elasticsearch has this one, and PDF are set meanwhile. */
async function compareAll(): Promise<void> {
  const histories = drawnAndGolden();
  const next = () => ahead(made(histories.next()));
  let waiting: Shown[] = [];
  let setting = Promise.resolve();
  const set = async () => {
    await setting;
    setting = ahead(compareInPdf(waiting));
    waiting = [];
  };
  let coming = next();
  for (let shown = await coming; shown !== undefined; shown = await coming) {
    coming = next();
    await panels.compare(shown, tallies.panels);
    compareJson(shown, tallies.json);
    compareCsv(shown, csvOf(shown), tallies.csv);
    waiting.push(shown);
    if (waiting.length === HISTORIES_PER_PDF) await set();
    counts.histories += 1;
    if (shown.withHours) counts.with_hours += 1;
    if (counts.histories % HISTORIES_PER_PROGRESS === 0) tellProgress();
  }
  await set();
  await setting;
}

async function made(one: IteratorResult<History>): Promise<Shown | undefined> {
  return one.done === true ? undefined : shownOf(one.value);
}

async function compareInPdf(some: readonly Shown[]): Promise<void> {
  comparePdf(some, await pdfTexts(some), tallies.pdf);
}

/** Awaited later: until then a failure is nobody's. */
function ahead<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

function tellProgress(): void {
  const found = Object.entries(tallies).map(([name, { differences }]) => `${name} ${differences}`);
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  process.stderr.write(
    `${counts.histories} histories, ${minutes} min, differences: ${found.join(", ")}\n`,
  );
}

function* drawnAndGolden(): Generator<History> {
  if (isThere) {
    const { incidents, alarms } = readGolden();
    yield {
      ...{ name: "golden", incidents: incidents.map(incidentFrom) },
      ...{ findings: findingsFrom(alarms), withHours: true },
    };
  }
  for (let seed = 1; seed <= wanted; seed += 1) {
    yield { ...drawnHistory(seed), withHours: seed % HISTORIES_PER_HOURS === 0 };
  }
}
