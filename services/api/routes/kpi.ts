// KPIs: figures of any period, months, published periods, what the figures mean, and false alarms by rule
// and source. No route gives, filters or groups by a person.
import { isAppError } from "../../../config/errors.ts";
import { type PeriodReview, sentencesOf, withoutNames } from "../../cases/kpi-sentences.ts";
import {
  KPI_DEFINITION_VERSION,
  type KpiDocument,
  type KpiFigures,
  type KpiPeriod,
  type Statistics,
} from "../../store/kpi.ts";
import { KPI_MESSAGES } from "../../store/kpi-messages.ts";
import {
  checkTargets,
  type KpiName,
  type TargetCheck,
  targetOfPeriod,
} from "../../store/kpi-target.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { principalOf } from "../guard.ts";
import type { PublishedView } from "../kpi-provider.ts";
import {
  type KpiAnswer,
  kpiAnswer,
  kpiDefinitions,
  kpiIncidents,
  kpiMonths,
  kpiPeriods,
  kpiQuery,
  kpiReview,
  kpiTargets,
  kpiTuning,
  periodOnlyQuery,
  publishBody,
  publishedAnswer,
  tuningQuery,
} from "../kpi-schemas.ts";

interface AskedPeriod {
  readonly period?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Registers `/kpi`. */
export function registerKpiRoutes(api: Api, context: ApiContext): void {
  const { kpi } = context;
  const texts = KPI_MESSAGES[context.options.language];

  const figures = { querystring: kpiQuery, response: answers(kpiAnswer) };
  api.get("/kpi", { schema: figures }, async (request): Promise<KpiAnswer> => {
    const { tenant } = principalOf(request);
    const { severity, category, ...asked } = request.query;
    const period = askedPeriod(context, tenant, asked);
    const scope = {
      ...(severity === undefined ? {} : { severity }),
      ...(category === undefined ? {} : { category }),
    };
    const document = withoutTenant(await kpi.figures(tenant, period, scope));
    const { falseAlarms } = document.figures;
    const target = targetOfPeriod(kpi.targets(tenant), period);
    const isWhole = severity === undefined && category === undefined;
    return {
      ...document,
      definitions: texts.definitions,
      targets: isWhole ? checkTargets(document.figures, target) : null,
      target: target ?? null,
      falseAlarmText: falseAlarms === null ? null : texts.falseAlarmText(falseAlarms),
    };
  });

  api.get("/kpi/months", { schema: { response: answers(kpiMonths) } }, async (request) => {
    const { tenant } = principalOf(request);
    const all = kpi.targets(tenant);
    const months = (await kpi.months(tenant)).map((document) => ({
      ...withoutTenant(document),
      targets: checkTargets(document.figures, targetOfPeriod(all, document.period)),
    }));
    return { months, definitions: texts.definitions };
  });

  api.get("/kpi/targets", { schema: { response: answers(kpiTargets) } }, (request) => {
    const { tenant } = principalOf(request);
    const { timeZone } = kpi.period(tenant, {});
    const targets = [...kpi.targets(tenant)];
    const inForce = targetOfPeriod(targets, { from: context.clock(), timeZone });
    return { timeZone, inForce: inForce ?? null, targets };
  });

  api.get("/kpi/definitions", { schema: { response: answers(kpiDefinitions) } }, () => {
    const { scope, names, definitions, excluded, leftOut, flags } = texts;
    const definitionVersion = KPI_DEFINITION_VERSION;
    return { definitionVersion, scope, names, definitions, excluded, leftOut, flags };
  });

  const tuning = { querystring: tuningQuery, response: answers(kpiTuning) };
  api.get("/kpi/tuning", { schema: tuning }, async (request) => {
    const { tenant } = principalOf(request);
    const { per, ...asked } = request.query;
    const period = askedPeriod(context, tenant, asked);
    return { period, per, rows: await kpi.tuning(tenant, period, per) };
  });

  registerPublished(api, context);
  registerReview(api, context);
}

function registerReview(api: Api, context: ApiContext): void {
  const { kpi } = context;
  const review = { querystring: periodOnlyQuery, response: answers(kpiReview) };
  api.get("/kpi/review", { schema: review }, async (request) => {
    const { tenant, capabilities } = principalOf(request);
    const period = askedPeriod(context, tenant, request.query);
    const all = kpi.targets(tenant);
    const found = await kpi.review(tenant, period);
    const { alarms: _, cases: __, ...shown } = found;
    const told = capabilities.has("rules:read")
      ? await withTitles(context, tenant, found)
      : withoutNames(found);
    const series = (await kpi.series(tenant, period)).map((document) => ({
      period: document.period,
      ...pointsOf(
        document.figures,
        checkTargets(document.figures, targetOfPeriod(all, document.period)),
      ),
    }));
    return {
      ...shown,
      definitionVersion: KPI_DEFINITION_VERSION,
      target: targetOfPeriod(all, period) ?? null,
      sentences: { de: sentencesOf(told, "de"), en: sentencesOf(told, "en") },
      series,
      simulated: await kpi.simulated(tenant, period),
    };
  });

  const incidents = { querystring: periodOnlyQuery, response: answers(kpiIncidents) };
  api.get("/kpi/incidents", { schema: incidents }, async (request) => {
    const { tenant } = principalOf(request);
    const period = askedPeriod(context, tenant, request.query);
    return { period, ...(await kpi.incidents(tenant, period)) };
  });
}

/** Rules by their titles, as far as they are loaded: nobody knows their ids. */
async function withTitles(
  context: ApiContext,
  tenant: string,
  review: PeriodReview,
): Promise<PeriodReview> {
  const { rules } = await context.rules(tenant);
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  const rule = review.alarms.rule.map((one) => {
    const title = one.name === undefined ? undefined : titles.get(one.name);
    return title === undefined ? one : { ...one, name: title };
  });
  return { ...review, alarms: { ...review.alarms, rule } };
}

/** The five as points of a trend. */
function pointsOf(figures: KpiFigures, targets: Record<KpiName, TargetCheck>) {
  const point = (name: KpiName, n: number, ranks?: Pick<Statistics, "medianS" | "p90S">) => {
    const { value, target, state } = targets[name];
    return { n, value, target, state, medianS: ranks?.medianS ?? null, p90S: ranks?.p90S ?? null };
  };
  const { corrective, identification, recovery, falseAlarms, containment } = figures;
  return {
    corrective: point("corrective", corrective.n, corrective),
    identification: point("identification", identification.n, identification),
    recovery: point("recovery", recovery.n, recovery),
    falseAlarms: point("falseAlarms", falseAlarms?.incidents ?? 0),
    containment: point("containment", containment.n),
  };
}

function registerPublished(api: Api, context: ApiContext): void {
  const { kpi } = context;
  const { revised } = KPI_MESSAGES[context.options.language];
  const answer = ({ published, isIntact, differences }: PublishedView) => {
    const { tenant: _, ...shown } = published;
    const isRevised = differences.length > 0;
    const note = isRevised ? { note: revised } : {};
    return { ...shown, isIntact, isRevised, ...note, differences };
  };

  api.get("/kpi/periods", { schema: { response: answers(kpiPeriods) } }, async (request) => ({
    periods: (await kpi.published(principalOf(request).tenant)).map(answer),
  }));

  const publishing = { body: publishBody, response: answers(publishedAnswer) };
  api.post("/kpi/periods", { schema: publishing }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const period = askedPeriod(context, tenant, request.body);
    const at = context.clock();
    if (period.to > at) {
      throw new ApiFault("HW_REQUEST_INVALID", {
        place: "body/period",
        text: (m) => m.periodRuns,
      });
    }
    try {
      const published = await kpi.publish(tenant, period, { at, actor });
      return answer({ published, isIntact: true, differences: [] });
    } catch (error) {
      if (!isAppError(error, "HW_EXISTS")) throw error;
      throw new ApiFault("HW_EXISTS", { text: (m) => m.periodPublished });
    }
  });
}

/** @throws ApiFault HW_REQUEST_INVALID */
function askedPeriod(
  { kpi }: ApiContext,
  tenant: string,
  { period, from, to }: AskedPeriod,
): KpiPeriod {
  const isUnfit =
    (from === undefined) !== (to === undefined) || (period !== undefined && from !== undefined);
  const unfit = new ApiFault("HW_REQUEST_INVALID", {
    place: "query/period",
    text: (m) => m.periodUnfit,
    mend: (m) => m.periodMend,
  });
  if (isUnfit) throw unfit;
  try {
    return kpi.period(tenant, {
      ...(period === undefined ? {} : { period }),
      ...(from === undefined || to === undefined ? {} : { from, to }),
    });
  } catch (error) {
    if (isAppError(error, "HW_REQUEST_INVALID")) throw unfit;
    throw error;
  }
}

function withoutTenant({ tenant: _, ...document }: KpiDocument): Omit<KpiDocument, "tenant"> {
  return document;
}
