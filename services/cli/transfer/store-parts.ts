// Documents, findings with the signals that they have counted, and the audit chain, as rows.
import { z } from "zod";
import type { Signal } from "../../../detectors/detector.ts";
import type { Finding } from "../../store/finding.ts";
import { findingSchema } from "../../store/finding.ts";
import { FINDING_KIND, SETTING_KIND } from "../../store/kinds.ts";
import type { AuditEntry, Kind, Store, Versioned } from "../../store/store.ts";
import { transferable } from "../../store/transfer.ts";
import type { AnyKind } from "./kinds.ts";
import type { PartPort } from "./ports-place.ts";

const ROWS_PER_PAGE = 200;
const ENTRIES_PER_PAGE = 500;
const SIGNALS_PER_WRITE = 1000;

/** Settings about a move itself stay where they are. */
export const OWN_SETTINGS = "transfer.";

const documentSchema = z.object({ id: z.string(), document: z.looseObject({}) });
const findingRowSchema = z.object({
  id: z.string(),
  // Checked, but kept as it is: what this version does not know is not its to drop.
  document: z.custom<Finding>((value) => findingSchema.safeParse(value).success),
  signals: z.array(z.string()),
});
const entrySchema = z.object({
  sequence: z.number().int().min(1),
  at: z.number(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  payload: z.record(z.string(), z.unknown()).optional(),
  salt: z.string().optional(),
  payloadHash: z.string(),
  previousHash: z.string(),
  hash: z.string(),
});

/** All documents of a kind, by id. Versions begin anew: they only mean something to edits under way. */
export function documentPart(store: Store, kind: AnyKind): PartPort {
  return {
    async *read(tenant) {
      for await (const { id, document } of allOf(store, tenant, kind)) {
        if (kind.name === SETTING_KIND.name && id.startsWith(OWN_SETTINGS)) continue;
        yield { id, document };
      }
    },
    async write(tenant, rows) {
      const documents = rows.map((row) => documentSchema.parse(row));
      await Promise.all(documents.map(({ id, document }) => store.put(tenant, kind, id, document)));
    },
  };
}

/** Findings and the ids of their signals, so that a signal that comes again still counts once. */
export function findingPart(store: Store): PartPort {
  const moving = transferable(store);
  return {
    async *read(tenant) {
      for await (const { id, document } of allOf(store, tenant, FINDING_KIND)) {
        yield { id, document, signals: await moving.signalIds(tenant, FINDING_KIND, id) };
      }
    },
    async write(tenant, rows) {
      const findings = rows.map((row) => findingRowSchema.parse(row));
      await Promise.all(findings.map((finding) => writeFinding(store, tenant, finding)));
    },
  };
}

// In pieces: the finding is whole from the first one on, and a second try finds all signals counted.
async function writeFinding(
  store: Store,
  tenant: string,
  { id, document, signals }: z.infer<typeof findingRowSchema>,
): Promise<void> {
  if (signals.length === 0) return store.put(tenant, FINDING_KIND, id, document);
  for (let at = 0; at < signals.length; at += SIGNALS_PER_WRITE) {
    const piece = signals.slice(at, at + SIGNALS_PER_WRITE);
    const group = piece.map((signalId) => countedSignal(signalId, document));
    await store.recordSignals(tenant, FINDING_KIND, new Map([[id, group]]), () => document);
  }
}

// Only its id is kept: what it says is in the finding already.
function countedSignal(id: string, finding: Finding): Signal {
  const { tenant, detector, entities, groupKey, lastEventAt, raisedAt } = finding;
  const rest = { source: finding.sources[0] ?? "", matched: [], events: [] };
  return { id, tenant, detector, entities, groupKey, time: lastEventAt, raisedAt, ...rest };
}

/** The chain, entry by entry in its order. */
export function auditPart(store: Store): PartPort {
  const moving = transferable(store);
  return {
    async *read(tenant) {
      for (let next = 1; ; ) {
        const entries = await store.readAudit(tenant, next, ENTRIES_PER_PAGE);
        for (const entry of entries) yield { ...entry };
        const last = entries.at(-1);
        if (last === undefined) return;
        next = last.sequence + 1;
      }
    },
    async write(tenant, rows) {
      await moving.restoreAudit(tenant, rows.map(entryOf));
    },
  };
}

function entryOf(row: unknown): AuditEntry {
  const { payload, salt, ...entry } = entrySchema.parse(row);
  return { ...entry, payload, salt };
}

async function* allOf<D>(
  store: Store,
  tenant: string,
  kind: Kind<D>,
): AsyncGenerator<Versioned<D>> {
  let cursor: string | undefined;
  do {
    const at = cursor === undefined ? {} : { cursor };
    const page = await store.search(tenant, kind, { sort: [], limit: ROWS_PER_PAGE, ...at });
    yield* page.hits;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
