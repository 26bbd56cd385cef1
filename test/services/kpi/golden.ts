// The golden vectors that lie beside the project: nine incidents with all edge cases, as incidents and findings.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Finding } from "../../../services/store/finding.ts";
import { IMPACTS, type Incident } from "../../../services/store/incident.ts";
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
export const isThere = existsSync(PATH);
if (!isThere) process.stderr.write("SKIPPED golden KPI vectors: ../shared/kpi is missing\n");

export function readGolden(): z.infer<typeof goldenSchema> {
  return goldenSchema.parse(JSON.parse(readFileSync(PATH, "utf8")));
}

export function incidentFrom(golden: GoldenIncident): Incident {
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

export function findingsFrom(counts: z.infer<typeof goldenSchema>["alarms"]): Finding[] {
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
