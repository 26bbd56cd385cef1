// Makes the enricher of a process, looks at its files again and again, and counts what goes wrong in it.
import type { Logger } from "pino";
import { Counter, Gauge, type Registry } from "prom-client";
import type { EnrichmentConfig, ThreatListConfig } from "../config/enrichment.ts";
import { messageOf } from "../config/errors.ts";
import { type Enricher, openEnricher } from "./enrich/enricher.ts";
import type { ListTally } from "./enrich/intelligence/read-list.ts";
import { parseOutsideJson } from "./normalize/json-nesting.ts";

const SECOND_MS = 1000;

export interface EnrichmentParts {
  readonly config: EnrichmentConfig;
  readonly at: (path: string) => string;
  readonly asked: ReadonlySet<string>;
  readonly registry: Registry;
  readonly logger: Logger;
  /** ms UTC. */
  readonly now: () => number;
}

/** The enricher, and what stops its rounds. */
export async function startEnrichment(
  parts: EnrichmentParts,
): Promise<{ readonly enricher: Enricher; readonly close: () => Promise<void> }> {
  const { config, registry, logger } = parts;
  const faults = new Counter({
    name: "heidewacht_enrich_faults_total",
    help: "Events that an enrichment could not look at",
    labelNames: ["enrichment"],
    registers: [registry],
  });
  const enricher = await openEnricher({
    ...{ config, at: parts.at, asked: parts.asked, now: parts.now, parseJson: parseOutsideJson },
    onThreatList: threatListTeller(registry, logger),
    onFileFault: ({ place, message }) =>
      logger.error({ place, reason: message }, "a file for enrichment can't be read whole"),
    onFault: (enrichment, error, isFirst) => {
      faults.inc({ enrichment });
      if (isFirst) logger.error({ enrichment, reason: messageOf(error) }, "an enrichment failed");
    },
  });
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => enricher.refresh());
  }, config.reloadSeconds * SECOND_MS);
  timer.unref();
  const close = () => {
    clearInterval(timer);
    return running;
  };
  return { enricher, close };
}

// Lists grow old and are cut without anybody noticing, unless what became of them is told.
function threatListTeller(registry: Registry, logger: Logger) {
  const entries = new Gauge({
    name: "heidewacht_threat_list_entries",
    help: "Entries of threat lists when they were read last, by what became of them",
    labelNames: ["provider", "path", "became"],
    registers: [registry],
  });
  return ({ provider, path }: ThreatListConfig, tally: ListTally) => {
    for (const [became, number] of Object.entries(tally)) {
      entries.set({ provider, path, became }, number);
    }
    const isWhole = tally.unreadable + tally.overLimit === 0;
    const about = { provider, path, ...tally };
    if (isWhole) logger.info(about, "a threat list was read");
    else logger.warn(about, "a threat list could not be read whole");
  };
}
