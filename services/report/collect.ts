// Gathers the report's data out of the store, section by section. Incidents are read once for all sections
// that tell of them; nothing is held but what the report keeps.
import { actsTaker } from "./collect/acts.ts";
import { collectAi } from "./collect/ai.ts";
import { collectAudit } from "./collect/audit.ts";
import { collectDetection } from "./collect/detection.ts";
import { gapsTaker } from "./collect/gaps.ts";
import { collectIncidents } from "./collect/incidents.ts";
import { collectKpi } from "./collect/kpi.ts";
import { legalTaker } from "./collect/legal.ts";
import { measuresTaker } from "./collect/measures.ts";
import { collectPrivacy } from "./collect/privacy.ts";
import { collectResponse } from "./collect/response.ts";
import { ruleTitles } from "./collect/rule-titles.ts";
import { collectFindings } from "./collect/situation.ts";
import { collectSources } from "./collect/sources.ts";
import type { ReportContext } from "./context.ts";
import { controlRows } from "./controls.ts";
import { REPORT_SCHEMA_VERSION, type ReportData } from "./report.ts";

export async function collectReport(context: ReportContext): Promise<ReportData> {
  const { tenant, period, at, version, controls } = context;
  const acts = actsTaker(context);
  const gaps = gapsTaker(context);
  const audit = await collectAudit(context, [acts, gaps]);
  const titleOf = await ruleTitles(context);
  const measures = measuresTaker(context);
  const legal = legalTaker(context);
  const incidents = await collectIncidents(context, [measures, legal]);
  const sections = {
    kpi: await collectKpi(context),
    situation: { incidents, findings: await collectFindings(context) },
    detection: await collectDetection(context, audit, acts, titleOf),
    sources: await collectSources(context, gaps),
    response: await collectResponse(context),
    legal: legal.result(),
    privacy: await collectPrivacy(context, audit, acts),
    ai: await collectAi(context, audit),
    measures: measures.result(),
    integrity: audit.data,
  };
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    product: version,
    tenant: { id: tenant.id, name: tenant.name },
    period,
    at,
    sections: { ...sections, controls: { rows: controlRows(controls, sections) } },
  };
}
