// The golden vectors that lie beside the project, to the second: nine incidents with all edge cases.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { figuresOf } from "../../../services/kpi/aggregate.ts";
import { alarmOf } from "../../../services/kpi/alarm.ts";
import { contributionOf } from "../../../services/kpi/contribution.ts";
import { select } from "../../../services/kpi/selection.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { IMPACTS, type Incident } from "../../../services/store/incident.ts";
import type { Statistics } from "../../../services/store/kpi.ts";
import { actionOf, at, findingOf, impactOf, incidentOf, judged, stated } from "./incidents.ts";

const time = z.string();
const goldenSchema = z.object({
  incidents: z.array(
    z.object({
      id: z.string(),
      v: z.enum(["tp", "btp"]),
      fc: z.string().nullable(),
      de: time,
      idt: time,
      co: time.nullable(),
      im: z.enum(IMPACTS),
      fi: time.nullable(),
      re: time.nullable(),
      ac: z.array(z.tuple([z.number(), time.nullable()])),
      reo: z.tuple([time, time, time]).optional(),
      mg: z.string().optional(),
    }),
  ),
  alarms: z.object({
    fp: z.number(),
    tp: z.number(),
    btp: z.number(),
    dup: z.number(),
    und: z.number(),
    open: z.number(),
  }),
  expected: z.record(z.string(), z.unknown()),
});
type GoldenIncident = z.infer<typeof goldenSchema>["incidents"][number];

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const PATH = join(ROOT, "../shared/kpi/kpi-golden.json");
const isThere = existsSync(PATH);
if (!isThere) process.stderr.write("SKIPPED golden KPI vectors: ../shared/kpi is missing\n");

function incidentFrom(golden: GoldenIncident): Incident {
  const { id, fc, fi, mg, reo } = golden;
  const recovered = reo?.[1] ?? golden.re;
  const actions = golden.ac.map(([required, done], index) =>
    actionOf(`a${index}`, done ?? undefined, required === 1),
  );
  return incidentOf(id, {
    verdict: golden.v === "tp" ? "true_positive" : "benign_true_positive",
    firstCompromise:
      fc === null || fc === "PRE"
        ? { method: fc === null ? "unknown" : "pre_compromise", evidenceIds: [] }
        : stated(fc),
    detectedAt: at(golden.de),
    identifiedAt: at(golden.idt),
    ...(golden.co === null ? {} : { contained: stated(golden.co) }),
    impact: impactOf(golden.im),
    ...(fi === null ? {} : { firstImpactAt: at(fi) }),
    ...(recovered === null ? {} : { recovered: stated(recovered) }),
    actions: reo === undefined ? actions : [...actions, actionOf("again", reo[2])],
    reopened: reo === undefined ? [] : [{ at: at(reo[0]), by: "account-1", reason: "wieder da" }],
    ...(mg === undefined ? {} : { mergedInto: mg }),
  });
}

function findingsFrom(counts: z.infer<typeof goldenSchema>["alarms"]): Finding[] {
  const verdicts = [
    ["false_positive", counts.fp],
    ["true_positive", counts.tp],
    ["benign_true_positive", counts.btp],
    ["duplicate", counts.dup],
    ["undetermined", counts.und],
  ] as const;
  return [
    ...verdicts.flatMap(([verdict, n]) =>
      Array.from({ length: n }, (_, index) =>
        findingOf(`${verdict}-${index}`, judged(verdict, "2026-10-15T12:00")),
      ),
    ),
    ...Array.from({ length: counts.open }, (_, index) => findingOf(`open-${index}`)),
  ];
}

const inReferenceNames = ({ n, meanS, medianS, p90S, minS, maxS }: Statistics) => ({
  ...{ n, mean_s: meanS, median_s: medianS, p90_s: p90S, min_s: minS, max_s: maxS },
});

describe.runIf(isThere)("the golden vectors", () => {
  it("come out to the second", () => {
    const golden = goldenSchema.parse(JSON.parse(readFileSync(PATH, "utf8")));
    const contributions = golden.incidents.map((one) => contributionOf(incidentFrom(one)));
    const alarms = findingsFrom(golden.alarms).flatMap((finding) => alarmOf(finding) ?? []);
    // The vectors' period is a month in UTC.
    const span = { from: at("2026-10-01T00:00") / 1000, to: at("2026-11-01T00:00") / 1000 };
    const { corrective, identification, recovery, falseAlarms, containment, flags } = figuresOf(
      select(contributions, alarms, span),
      { span, scope: {}, now: span.to },
    );
    const unknown = identification.excluded.find(({ reason }) => reason === "start_unknown");
    expect({
      period: ["2026-10-01", "2026-11-01"],
      kpi1_corrective: inReferenceNames(corrective),
      kpi2_identification: {
        ...inReferenceNames(identification),
        unknown_compromise: unknown?.n ?? 0,
        of_which_detection: inReferenceNames(identification.detection),
        of_which_triage: inReferenceNames(identification.triage),
      },
      kpi3_recovery: {
        ...inReferenceNames(recovery),
        open_at_end: recovery.open.cases.map(({ id, ageS }) => ({ id, age_s: ageS })),
      },
      kpi4_false_alarms: {
        false_alarms: falseAlarms?.falseAlarms,
        incidents: falseAlarms?.incidents,
        per_incident: falseAlarms?.perIncident,
        precision: falseAlarms?.precision,
        precision_bounds: falseAlarms?.precisionBounds,
        benign_tp: falseAlarms?.benignTruePositives,
        duplicates: falseAlarms?.duplicates,
        undetermined: falseAlarms?.undetermined,
        unjudged: falseAlarms?.unjudged,
      },
      kpi5_contained: {
        n: containment.n,
        contained: containment.contained,
        share: containment.share,
        wilson95: containment.wilson95,
        impact_unknown: containment.impactUnknown,
      },
      data_quality: flags.map(({ id, flag }) => [id, flag.replaceAll("_", " ")]),
    }).toEqual(golden.expected);
    expect(recovery.open.lowerBoundMeanS).toBe(267_394.3);
    expect([corrective.values.length, recovery.values]).toEqual([4, []]);
  });
});
