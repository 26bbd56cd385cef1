// Whether everybody who shows a KPI shows the same one: the KPI service, the boards' panels on a real
// Elasticsearch, the report's JSON, its CSV and the text of its PDF, on the golden and on drawn histories.
// `npm run eval:kpi`, `npm run eval:kpi -- 50` for fewer; needs HEIDEWACHT_TEST_ELASTICSEARCH.

import { printFigure } from "../bench/figure.ts";
import { findingsFrom, incidentFrom, isThere, readGolden } from "../services/kpi/golden.ts";
import { randomOf, step, type World } from "../services/kpi/histories.ts";
import { type History, type Shown, shownOf } from "./kpi/installation.ts";
import { openPanels } from "./kpi/panels.ts";
import { compareCsv, compareJson, comparePdf, HISTORIES_PER_PDF } from "./kpi/reports.ts";
import { Tally } from "./kpi/tally.ts";

const HISTORIES = 1000;
const STEPS_MAX = 60;

const url = process.env.HEIDEWACHT_TEST_ELASTICSEARCH;
if (url === undefined) {
  process.stderr.write(
    "HEIDEWACHT_TEST_ELASTICSEARCH is not set: start one with test/servers/elasticsearch.sh\n",
  );
  process.exit(2);
}
process.env.TEST_ELASTICSEARCH = url;

const wanted = Number(process.argv[2] ?? HISTORIES);
const tallies = { panels: new Tally(), json: new Tally(), csv: new Tally(), pdf: new Tally() };
const panels = await openPanels();
let histories = 0;
let waiting: Shown[] = [];
try {
  for (const history of drawnAndGolden()) {
    const shown = await shownOf(history);
    await panels.compare(shown, tallies.panels);
    compareJson(shown, tallies.json);
    compareCsv(shown, tallies.csv);
    waiting.push(shown);
    histories += 1;
    if (waiting.length === HISTORIES_PER_PDF) {
      await comparePdf(waiting, tallies.pdf);
      waiting = [];
      process.stderr.write(`${histories} histories\n`);
    }
  }
  await comparePdf(waiting, tallies.pdf);
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
printFigure("kpi.differences", differences, "figures", { compared, histories, golden: isThere });
if (differences > 0) process.exitCode = 1;

function* drawnAndGolden(): Generator<History> {
  if (isThere) {
    const { incidents, alarms } = readGolden();
    yield {
      ...{ name: "golden", incidents: incidents.map(incidentFrom) },
      findings: findingsFrom(alarms),
    };
  }
  for (let seed = 1; seed <= wanted; seed += 1) {
    const random = randomOf(seed);
    const world: World = { incidents: new Map(), findings: new Map() };
    const steps = 1 + Math.floor(random() * STEPS_MAX);
    for (let count = 0; count < steps; count += 1) step(world, random);
    const { incidents, findings } = world;
    yield { name: `seed ${seed}`, incidents: incidents.values(), findings: findings.values() };
  }
}
