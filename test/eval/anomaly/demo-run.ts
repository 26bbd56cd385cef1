// A county's weeks and the day of its intrusion through the code that the product runs: formats, rules,
// privacy, activities, keyed detectors behind the watermark, alarm budget, signals, findings. In one process
// and without a queue or store between, so that a month takes a minute.
import { loadLogSources } from "../../../config/log-sources.ts";
import { configSchema } from "../../../config/schema.ts";
import { signalIdOf } from "../../../detectors/correlation/raised-id.ts";
import type { Observation, Raised } from "../../../detectors/keyed.ts";
import { KeyedLevel } from "../../../services/baseline/keyed-level.ts";
import { signalOfRaised } from "../../../services/baseline/raised-signal.ts";
import { unusualOf } from "../../../services/detect/unusual.ts";
import { createDetection, type Detection } from "../../../services/detection.ts";
import { ecsDocument } from "../../../services/normalize/ecs-document.ts";
import { createNormalizer } from "../../../services/normalize/normalizer.ts";
import { createRecordJoiner } from "../../../services/normalize/record-joiner.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createPrivacy } from "../../../services/privacy/protect.ts";
import { loadRuleSet, STARTER_PACK } from "../../../services/rules/rule-set.ts";
import type { SimulatedRecord } from "../../../services/simulator/record.ts";
import { groupSignals } from "../../../services/triage/triage.ts";

const TENANT = "kreis";
const TIME_ZONE = "Europe/Berlin";
const KEY = "5a".repeat(32);
const RECORDS_PER_BATCH = 500;
const LATENESS_MS = 5000;
const PENDING_MAX = 200_000;
const HOUR_MS = 3_600_000;

/** A finding of an anomaly detector. */
export interface AnomalyFinding {
  readonly detector: string;
  readonly entity: string;
  /** When it was raised first, milliseconds since 1970 UTC. */
  readonly time: number;
  readonly eventIds: readonly string[];
  /** What it says. */
  readonly sentence: string;
}

/** Both halves of the way, the second fed by what the first gives out. */
export async function findingsOf(
  records: Iterable<SimulatedRecord>,
  findingsPerDay: number,
): Promise<readonly AnomalyFinding[]> {
  const detection = await openDetection(findingsPerDay);
  return judged(observationsOf(records, detection), detection);
}

/** The rules and detectors that a fresh installation with anomalies has. */
async function openDetection(findingsPerDay: number): Promise<Detection> {
  const { detection } = configSchema.parse({ tenants: [{ id: TENANT, name: TENANT }] });
  const rules = await loadRuleSet([STARTER_PACK], { now: 0 });
  return createDetection(rules, {
    logSources: loadLogSources(),
    minLevel: detection.minLevel,
    groupsMax: detection.correlation.groupsMax,
    anomalies: { findingsPerDay, language: "de" },
  });
}

/** What `detect` makes of the records for anomaly detectors. */
function* observationsOf(
  records: Iterable<SimulatedRecord>,
  { detect }: Pick<Detection, "detect">,
): Generator<Observation> {
  const normalizer = createNormalizer({ mappings: [], formats: [] });
  const joiner = createRecordJoiner();
  const privacy = createPrivacy(createKeyRing(Buffer.from(KEY, "hex")));
  for (const batch of batchesOf(records)) {
    const joining = joiner.begin();
    const events = [];
    for (const [index, { id, source, format, text, time }] of batch.entries()) {
      const head = { id, source, format, text, receivedAt: time, idFromSender: true };
      const parsed = normalizer.normalize({ ...head, timeZone: TIME_ZONE }, TENANT);
      const event = "event" in parsed ? joining.add({ ...parsed, index }) : undefined;
      if (event !== undefined) events.push(event);
    }
    for (const { event, format, archiveId = event.id } of [...events, ...joining.end()]) {
      detect.match(event);
      const document = ecsDocument(event, format);
      privacy.protectDocument(TENANT, document);
      const unusual = unusualOf(document, event.shape.family, {
        ...{ id: archiveId, time: event.time, source: event.source },
        groupOf: (account) => privacy.groupOf(TENANT, account),
      });
      if (unusual !== undefined) yield unusual;
    }
  }
}

/** What the keyed detectors find in them, as findings. */
async function judged(
  observations: Iterable<Observation>,
  { keyed }: Pick<Detection, "keyed">,
): Promise<readonly AnomalyFinding[]> {
  const [lowest] = keyed.levels;
  if (lowest === undefined) throw new RangeError("no detectors");
  const level = new KeyedLevel({
    createDetector: () => lowest(TENANT),
    latenessMs: LATENESS_MS,
    pendingMax: PENDING_MAX,
  });
  const raised: Raised[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  for (const observation of observations) {
    level.accept(observation, raised);
    if (observation.time <= newest) continue;
    newest = observation.time;
    level.advance(newest - LATENESS_MS, raised);
  }
  level.advance(newest + HOUR_MS, raised);
  return findings(raised, keyed);
}

async function findings(
  raised: readonly Raised[],
  keyed: Detection["keyed"],
): Promise<readonly AnomalyFinding[]> {
  const { detection } = configSchema.parse({ tenants: [{ id: TENANT, name: TENANT }] });
  const signals = [];
  const bySignal = new Map<string, Raised>();
  for (const one of raised) {
    const text = keyed.textOf(one);
    if (one.told === undefined || text === undefined) continue;
    signals.push(await signalOfRaised(TENANT, one, text, async () => undefined, one.time));
    bySignal.set(signalIdOf(one), one);
  }
  const windowMs = detection.findingWindowHours * HOUR_MS;
  return [...groupSignals(TENANT, signals, windowMs).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return {
      detector: first.detector.id,
      entity: bySignal.get(first.id)?.key ?? "",
      time: first.time,
      eventIds: group.flatMap(({ events }) => events.map(({ id }) => id)),
      sentence: group.at(-1)?.matched[0]?.value ?? "",
    };
  });
}

function* batchesOf(records: Iterable<SimulatedRecord>): Generator<SimulatedRecord[]> {
  let batch: SimulatedRecord[] = [];
  for (const record of records) {
    batch.push(record);
    if (batch.length < RECORDS_PER_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
