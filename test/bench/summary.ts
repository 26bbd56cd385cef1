// How long the template summary takes: the slowest of a hundred, over findings as large as they get, with
// all that is known in them, and with hostile values.
import { EVIDENCE_MAX, type Finding } from "../../services/store/finding.ts";
import { rescore } from "../../services/triage/score.ts";
import { summarize } from "../../services/triage/summary.ts";
import { printFigure } from "./figure.ts";

const RUNS = 20_000;
const WARM_UP = 200;
const ENTITIES = 50;
const VALUE_CHARS = 10_000;

function findingOf(run: number): Finding {
  const value = `${"\u202e„<script>“ ".repeat(VALUE_CHARS / 10)}${run}`;
  const matched = Array.from({ length: 10 }, (_, index) => ({
    ...{ field: `field.${index}`, value, operator: "contains", pattern: "x".repeat(index) },
  }));
  return {
    ...{ id: String(run), tenant: "kreis", groupKey: "g", score: 0, scoreParts: [], summary: "" },
    detector: {
      ...{ id: "d", kind: "sigma", title: "Sicherungen gelöscht", description: "", level: "high" },
      ...{ status: "stable", techniques: ["T1490"], tactics: ["impact"], falsePositives: [] },
      ...{ references: [], response: ["Rechner vom Netz nehmen."], origin: "x.yml" },
    },
    entities: Array.from({ length: ENTITIES }, (_, index) => ({
      type: "host",
      value: `rechner-${run}-${index}`,
    })),
    ...{ status: "new", verdictHistory: [], signalCount: run + 1, sources: ["dc"] },
    ...{ firstEventAt: run * 1000, lastEventAt: run * 2000, raisedAt: run * 2000 },
    evidence: Array.from({ length: EVIDENCE_MAX }, (_, index) => ({
      ...{ signalId: `s${index}`, time: run * 1000, source: "dc", matched, events: [] },
    })),
  };
}

const times: number[] = [];
for (let run = 0; run < RUNS + WARM_UP; run += 1) {
  const finding = findingOf(run);
  const started = performance.now();
  const summary = summarize(finding, "Europe/Berlin", "de");
  const tacticsOfEntity = ["execution", "impact", "persistence"];
  rescore({ ...finding, summary }, { tacticsOfEntity, criticalAsset: true, rarity: 2 });
  if (run >= WARM_UP) times.push(performance.now() - started);
}
times.sort((a, b) => a - b);
const quantile = (share: number) => times[Math.ceil(times.length * share) - 1] ?? Number.NaN;
printFigure("summary.template_p99_ms", quantile(0.99), "ms", {
  ...{ n: RUNS, median: quantile(0.5), max: quantile(1) },
});
