// What the API needs of triage: stages don't import each other, so the wiring hands it over. Works on the
// store alone, in whatever process the API runs.
import type { Inhibition } from "../config/suppression.ts";
import type { TriageLink } from "./api/context.ts";
import type { Store } from "./store/store.ts";
import { compileInhibitions } from "./triage/inhibition.ts";
import { createQuiet } from "./triage/quiet.ts";
import { riskOfFinding } from "./triage/risk.ts";

export function createTriageLink(
  store: Store,
  settings: { readonly inhibitions: readonly Inhibition[]; readonly riskThreshold: number },
): TriageLink {
  const quiet = createQuiet(store, compileInhibitions(settings.inhibitions));
  return {
    findingChanged: (tenant, id) => quiet.refresh(tenant, [id]),
    silenceChanged: (tenant, silence) => quiet.silenceChanged(tenant, silence),
    exceptionChanged: (tenant, exception) => quiet.exceptionChanged(tenant, exception),
    maintenanceChanged: (tenant, maintenance) => quiet.maintenanceChanged(tenant, maintenance),
    async riskOf(tenant, finding) {
      const found = await riskOfFinding(store, tenant, finding, settings.riskThreshold);
      return {
        entities: found.map(({ entity, spans }) => ({
          entity,
          spans: spans.map(({ hours, threshold, risk }) => ({
            hours,
            threshold,
            value: risk.value,
            factor: risk.factor,
            parts: risk.parts.map(({ detector, points, findings: [newest] }) => ({
              detector: detector.id,
              title: detector.title,
              level: detector.level,
              tactics: [...detector.tactics],
              points,
              ...(newest === undefined ? {} : { finding: newest }),
            })),
          })),
        })),
      };
    },
  };
}
