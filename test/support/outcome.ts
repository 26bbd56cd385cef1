// What an installation has made of the records sent to it: the part of its findings that must not depend
// on how often it was stopped, what its archive holds, and what lies on its dead-letter topic.
import type { Archive } from "../../services/archive/archive.ts";
import type { Bus } from "../../services/bus/bus.ts";
import { readDeadLetter } from "../../services/detect/dead-letter.ts";
import { OWN_SOURCE } from "../../services/detect/source-monitor.ts";
import type { Finding } from "../../services/store/finding.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import type { Store } from "../../services/store/store.ts";

const FINDINGS_PER_PAGE = 200;
const RECORDS_PER_BATCH = 512;
const POLL_MS = 20;

interface Ports {
  readonly store: Store;
  readonly archive: Archive;
  readonly bus: Bus;
}

export interface Outcome {
  /** Finding id → what of it depends on the events alone. */
  readonly findings: ReadonlyMap<string, StableFinding>;
  /** Event id → times it is stored under; a repeated delivery has one, unless the event has no time. */
  readonly archived: ReadonlyMap<string, number>;
  readonly deadLetters: ReadonlySet<string>;
  /** Evidence events of findings that the archive does not have. */
  readonly evidenceMissing: readonly string[];
  /** Raw records ever taken from senders, and events ever archived. */
  readonly rawRecords: number;
  readonly archivedEvents: number;
  /** Records that became one event with others. */
  readonly joinedRecords: number;
  /** First broken link of the audit chain. */
  readonly auditBroken: number | undefined;
}

/** Reads everything that the embedded ports of an idle installation hold. */
export async function readOutcome(ports: Ports, tenant: string): Promise<Outcome> {
  const findings = await allFindings(ports.store, tenant);
  const archived = new Map<string, number>();
  const everything = { from: 0, to: Number.MAX_SAFE_INTEGER };
  // Records that one event was made of stand for themselves; a group that a batch cut comes again whole.
  const joined = new Set<string>();
  let own = 0;
  for await (const event of ports.archive.scan(tenant, everything, AbortSignal.timeout(60_000))) {
    if (event.source === OWN_SOURCE) {
      own += 1;
      continue;
    }
    const parts = event.document["labels.record_ids"];
    for (const id of [parts ?? recordId(event.id)].flat().map(String)) {
      if (parts !== undefined && joined.has(id)) continue;
      if (parts !== undefined) joined.add(id);
      archived.set(id, (archived.get(id) ?? 0) + 1);
    }
  }
  const evidenceMissing: string[] = [];
  for (const { id, time } of findings.flatMap((one) => one.evidence.flatMap((own) => own.events)))
    if ((await ports.archive.get(tenant, id, time)) === undefined) evidenceMissing.push(id);
  return {
    findings: new Map(findings.map((finding) => [finding.id, stablePart(finding)])),
    archived,
    deadLetters: await allDeadLetters(ports.bus, tenant),
    evidenceMissing,
    // A group that never read has everything before it.
    rawRecords: (await ports.bus.lag(tenant, "raw", "outcome")).records - own,
    archivedEvents: (await ports.archive.statistics(tenant)).events - own,
    joinedRecords: joined.size,
    auditBroken: await ports.store.verifyAudit(tenant),
  };
}

/** The trace of a record that could not be parsed stands for the record. */
function recordId(eventId: string): string {
  return eventId.replace(/#pipeline_error$/, "");
}

type StableFinding = ReturnType<typeof stablePart>;

/**
 * All of a finding but the moments of receipt: when it was raised, which signal came last, and
 * `event.ingested` in its evidence.
 */
function stablePart(finding: Finding) {
  const { raisedAt: _, latest: __, evidence, ...rest } = finding;
  const quoted = evidence.map(({ events, ...one }) => ({
    ...one,
    events: events.map(({ id, time }) => ({ id, time })),
  }));
  return { ...rest, evidence: quoted };
}

// What Heidewacht reports of its sources depends on the clock of the machine.
function isOfSenders(finding: Finding): boolean {
  return finding.sources.some((source) => source !== OWN_SOURCE);
}

async function allFindings(store: Store, tenant: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, FINDING_KIND, {
      sort: [{ field: "firstEventAt", order: "asc" }],
      limit: FINDINGS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    findings.push(...page.hits.map((hit) => hit.document).filter(isOfSenders));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return findings;
}

async function allDeadLetters(bus: Bus, tenant: string): Promise<Set<string>> {
  const ids = new Set<string>();
  const reading = { topic: "dead-letter", group: "outcome" };
  const consumer = await bus.consume([tenant], {
    ...reading,
    recordsPerBatchMax: RECORDS_PER_BATCH,
    lingerMs: 0,
    retryDelayMs: POLL_MS,
    handle: async (batch) => {
      for (const record of batch.records) ids.add(readDeadLetter(record.value).raw.id);
    },
  });
  while ((await bus.lag(tenant, reading.topic, reading.group)).records > 0)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  await consumer.close();
  return ids;
}
