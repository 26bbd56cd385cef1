// Correlations of a scan: what all threads observed is judged in the end, when the whole stream is there.
import {
  correlateAll,
  type LeveledObservation,
} from "../../detectors/correlation/correlate-all.ts";
import { createCorrelator } from "../../detectors/correlation/correlator.ts";
import { levelPlan } from "../../detectors/correlation/leveled-plan.ts";
import { resolveCorrelations } from "../../detectors/correlation/resolve.ts";
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import { levelRank, type Signal } from "../../detectors/detector.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import type { SigmaRule } from "../../detectors/sigma/rule.ts";
import { signalOfRaised } from "../baseline/raised-signal.ts";
import { SCAN_TENANT, type ScanHit, type ScanSettings } from "./scan-thread.ts";

const KEYS_MAX = 1_000_000;
const OBSERVATIONS_MAX = 2_000_000;
/** Events whose documents are kept as evidence; of later ones only id and time are told. */
const DOCUMENTS_MAX = 50_000;

/** An event that a correlation may rest on. */
export interface ScanObserved {
  readonly observations: readonly LeveledObservation[];
  readonly id: string;
  readonly file: string;
  readonly line: number;
  /** Without identities; undefined in a scan for hits alone. */
  readonly document: EcsDocument | undefined;
}

export interface ScanCorrelation {
  add(observed: ScanObserved): void;
  /** Too many were observed: what came later is not judged. */
  readonly isCut: boolean;
  readonly isEmpty: boolean;
  /** Judges all that was added. */
  judge(
    rules: readonly SigmaRule[],
    correlations: readonly CorrelationRule[],
    settings: ScanSettings,
  ): Promise<{ readonly signals: readonly Signal[]; readonly hits: readonly ScanHit[] }>;
}

export function createScanCorrelation(): ScanCorrelation {
  const observations: LeveledObservation[] = [];
  const places = new Map<string, { readonly file: string; readonly line: number }>();
  const documents = new Map<string, EcsDocument>();
  let isCut = false;
  return {
    get isCut() {
      return isCut;
    },
    get isEmpty() {
      return observations.length === 0;
    },
    add({ observations: fresh, id, file, line, document }) {
      if (observations.length + fresh.length > OBSERVATIONS_MAX) {
        isCut = true;
        return;
      }
      observations.push(...fresh);
      places.set(id, { file, line });
      if (document !== undefined && documents.size < DOCUMENTS_MAX) documents.set(id, document);
    },
    async judge(rules, correlations, { minLevel }) {
      const plan = levelPlan(resolveCorrelations(rules, correlations));
      const levels = plan.levels.map((all) => () => createCorrelator(all, { keysMax: KEYS_MAX }));
      const judged = { levels, observationsOf: plan.observationsOf };
      const signals: Signal[] = [];
      const hits: ScanHit[] = [];
      for (const raised of correlateAll(judged, observations)) {
        const text = plan.textOf(raised);
        const last = raised.events.at(-1);
        if (text === undefined || levelRank(text.detector.level) < levelRank(minLevel)) continue;
        const place = places.get(last?.id ?? "");
        if (last !== undefined && place !== undefined) {
          hits.push({ rule: raised.detector, ...place, event: last.id });
        }
        if (plan.isSilenced(raised.detector)) continue;
        const documentOf = async (id: string) => documents.get(id);
        signals.push(await signalOfRaised(SCAN_TENANT, raised, text, documentOf, raised.time));
      }
      return { signals, hits };
    },
  };
}
