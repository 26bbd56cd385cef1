// Section 2 besides its incidents: the findings of the period by level and verdict, as the store counts them.
import { z } from "zod";
import { LEVELS } from "../../../detectors/detector.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import { SIMULATED_TAG } from "../../store/simulated.ts";
import { endOf, type ReportContext } from "../context.ts";
import { incidentsSchema } from "./incidents.ts";

const counted = z.array(z.object({ name: z.string(), n: z.number().int() }));

export const findingsSchema = z.object({
  raised: z.number().int(),
  /** Most severe first, those that there were. */
  byLevel: counted,
  /** Of those judged in the period, whenever they were raised. */
  byVerdict: counted,
  simulated: z.number().int(),
});

export const situationSchema = z.object({ incidents: incidentsSchema, findings: findingsSchema });

export async function collectFindings(
  context: ReportContext,
): Promise<z.infer<typeof findingsSchema>> {
  const { store, tenant, period } = context;
  const span = { gte: period.from, lt: endOf(context) };
  const raised = { ranges: { raisedAt: span } };
  const levels = await store.count(tenant.id, FINDING_KIND, "level", raised);
  const verdicts = await store.count(tenant.id, FINDING_KIND, "verdict", {
    ranges: { verdictAt: span },
  });
  const simulated = await store.count(tenant.id, FINDING_KIND, "tag", {
    ...raised,
    terms: { tag: [SIMULATED_TAG] },
  });
  const plain = (all: typeof levels) =>
    all.map(({ value, documents }) => ({ name: value, n: documents }));
  const order: readonly string[] = LEVELS;
  const rank = ({ name }: { name: string }) => order.indexOf(name);
  return {
    raised: levels.reduce((sum, { documents }) => sum + documents, 0),
    byLevel: plain(levels).sort((one, other) => rank(other) - rank(one)),
    byVerdict: plain(verdicts),
    simulated: simulated.find(({ value }) => value === SIMULATED_TAG)?.documents ?? 0,
  };
}
