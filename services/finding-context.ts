// Wires what is told around a finding: the registers, GeoIP files and threat lists of the enrichment, the
// names of ATT&CK, and the past from the store.
import type { Logger } from "pino";
import { techniqueName } from "../config/attack-names.ts";
import type { EnrichmentConfig } from "../config/enrichment.ts";
import { messageOf } from "../config/errors.ts";
import type { EcsDocument, EcsValue } from "../detectors/event.ts";
import {
  type AskContext,
  type ContextSources,
  createFindingContext,
} from "./cases/finding-context.ts";
import { findingPast } from "./cases/finding-past.ts";
import { de } from "./console/messages/de.ts";
import { en } from "./console/messages/en.ts";
import { tacticName } from "./console/model/term-name.ts";
import type { Enricher } from "./enrich/enricher.ts";
import type { Finding } from "./store/finding.ts";
import type { Store } from "./store/store.ts";

const SECOND_MS = 1000;
const SUBJECTS_MAX = 20;
const THREAT = "threat.indicator.";
const MATCHED = "labels.threat_matched";

export interface FindingContextParts {
  readonly config: EnrichmentConfig["context"];
  readonly enricher: Pick<Enricher, "document">;
  readonly store: Store;
  readonly language: "de" | "en";
  readonly logger: Logger;
  /** ms UTC. */
  readonly now: () => number;
}

export function createFindingContextLink(parts: FindingContextParts): AskContext {
  const { config, enricher, store, language, logger, now } = parts;
  return createFindingContext({
    sources: { ...lookups(enricher), ...findingPast(store, now), attack: attackNames(language) },
    timeLimitMs: config.timeLimitMs,
    cacheMs: config.cacheSeconds * SECOND_MS,
    cacheEntriesMax: config.cacheEntriesMax,
    now,
    onFault: (part, error) =>
      logger.error({ part, reason: messageOf(error) }, "a part of a finding's context failed"),
  });
}

function attackNames(language: "de" | "en"): ContextSources["attack"] {
  const messages = { de, en }[language];
  return (_tenant, { document: { detector } }) => ({
    tactics: detector.tactics.map((id) => ({ id, name: tacticName(id, messages) })),
    techniques: detector.techniques.map((id) => {
      const name = techniqueName(id);
      return name === undefined ? { id } : { id, name };
    }),
  });
}

function lookups(
  enricher: Pick<Enricher, "document">,
): Pick<ContextSources, "assets" | "addresses" | "intelligence"> {
  const factsOf = (tenant: string, name: string, value: string, under: string) => {
    const document: EcsDocument = { [name]: value };
    enricher.document(document, tenant);
    const facts: Record<string, string | number> = {};
    for (const [field, fact] of Object.entries(document)) {
      if (!field.startsWith(under) || field === name) continue;
      if (typeof fact === "string" || typeof fact === "number")
        facts[field.slice(under.length)] = fact;
    }
    return facts;
  };
  const isKnown = ({ facts }: { facts: object }) => Object.keys(facts).length > 0;
  return {
    assets: (tenant, { document }) =>
      namesOf(document, "host", ["host.name"])
        .map((host) => ({ host, facts: factsOf(tenant, "host.name", host, "host.asset.") }))
        .filter(isKnown),
    addresses: (tenant, { document }) =>
      namesOf(document, "address", ["source.ip", "destination.ip"])
        .map((address) => ({ address, facts: factsOf(tenant, "source.ip", address, "source.") }))
        .filter(isKnown),
    intelligence: (tenant, { document }) => listed(enricher, tenant, document),
  };
}

/** Entities of a type, and what these fields of the evidence hold. */
function namesOf(
  { entities, evidence }: Finding,
  type: Finding["entities"][number]["type"],
  fields: readonly string[],
): string[] {
  const names = new Set(entities.filter((one) => one.type === type).map(({ value }) => value));
  for (const { document } of evidence.flatMap(({ events }) => events)) {
    for (const field of fields) {
      const value = document[field];
      if (typeof value === "string") names.add(value);
    }
  }
  return [...names].slice(0, SUBJECTS_MAX);
}

type Indicator = Awaited<ReturnType<ContextSources["intelligence"]>>[number];

/** What was written into the events when they came, and what the lists say of them now. */
function listed(
  enricher: Pick<Enricher, "document">,
  tenant: string,
  { evidence }: Finding,
): Indicator[] {
  const found = new Map<string, Indicator>();
  const add = (document: EcsDocument, when: "listedThen" | "listedNow") => {
    const indicator = indicatorOf(document);
    if (indicator === undefined) return;
    const known = found.get(indicator.indicator) ?? indicator;
    const fields = [...new Set([...known.fields, ...indicator.fields])];
    found.set(indicator.indicator, { ...known, fields, [when]: true });
  };
  for (const { document } of evidence.flatMap(({ events }) => events)) {
    const entries = Object.entries(document);
    add(Object.fromEntries(entries), "listedThen");
    const bare = entries.filter(([name]) => !name.startsWith(THREAT) && name !== MATCHED);
    const again: EcsDocument = Object.fromEntries(bare);
    enricher.document(again, tenant);
    add(again, "listedNow");
  }
  return [...found.values()].slice(0, SUBJECTS_MAX);
}

function indicatorOf(document: EcsDocument): Indicator | undefined {
  const texts = (name: string) => [document[name] ?? []].flat<readonly EcsValue[]>().map(String);
  const [indicator] = texts(`${THREAT}name`);
  if (indicator === undefined) return undefined;
  return {
    indicator,
    type: texts(`${THREAT}type`)[0] ?? "",
    providers: texts(`${THREAT}provider`),
    confidence: texts(`${THREAT}confidence`)[0] ?? "",
    tlp: texts(`${THREAT}marking.tlp`)[0] ?? "",
    fields: texts(MATCHED),
    ...{ listedThen: false, listedNow: false },
  };
}
