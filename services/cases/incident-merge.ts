// Merging, splitting and taking both back, over several documents. The incident whose version the caller
// names is written first; what follows is repeated by asking again where a process died in between.
import { randomUUID } from "node:crypto";
import type { Incident } from "../store/incident.ts";
import { INCIDENT_KIND } from "../store/kinds.ts";
import type { Versioned } from "../store/store.ts";
import { changedParts } from "./case-audit.ts";
import { CaseFault } from "./case-fault.ts";
import { moveFindings } from "./incident-findings.ts";
import {
  absorbed,
  isUntouchedPart,
  merge,
  type Part,
  released,
  split,
  unmerge,
  unsplit,
} from "./incident-parts.ts";
import { requireStep } from "./incident-state.ts";
import { changeIncident, type Desk, getIncident, updateIncident } from "./incident-write.ts";

/**
 * The target takes over the findings of the source, which leaves lists and KPIs.
 * @throws CaseFault HW_REQUEST_INVALID, HW_CONFLICT, HW_NOT_FOUND
 */
export async function mergeIncidents(
  desk: Desk,
  id: string,
  version: number,
  sourceId: string,
): Promise<Versioned<Incident>> {
  const { by } = desk;
  const source = await getIncident(desk, sourceId);
  const merged = await changeIncident(desk, id, version, "incident.merge", async (target, facts) =>
    merge(
      target,
      source.document,
      await facts([...target.findingIds, ...source.document.findingIds]),
      by,
    ),
  );
  try {
    await updateIncident(desk, sourceId, "incident.merged", (present) => {
      if (present.mergedInto === id) return present;
      requireStep(present, "merge");
      // Somebody changed its findings while it was taken over.
      const same = present.findingIds.join() === source.document.findingIds.join();
      if (!same)
        throw new CaseFault("HW_REQUEST_INVALID", "body/source", (m) => m.changedMeanwhile);
      return absorbed(present, id, by);
    });
  } catch (error) {
    await updateIncident(desk, id, "incident.unmerge", async (target, facts) =>
      unmerge(target, sourceId, await facts(target.findingIds), by),
    );
    throw error;
  }
  await moveFindings(desk, source.document.findingIds, sourceId, id);
  return merged;
}

/** Both are again what they were. @throws CaseFault HW_REQUEST_INVALID, HW_CONFLICT, HW_NOT_FOUND */
export async function unmergeIncident(
  desk: Desk,
  id: string,
  version: number,
  sourceId: string,
): Promise<Versioned<Incident>> {
  const { by } = desk;
  const source = (await getIncident(desk, sourceId)).document;
  const target = await changeIncident(
    desk,
    id,
    version,
    "incident.unmerge",
    async (present, facts) => {
      // Only the source's own document was left to be written.
      const isHalfDone =
        source.mergedInto === id &&
        source.splitFrom !== id &&
        !present.mergedFrom.some((one) => one.id === sourceId);
      if (isHalfDone) return present;
      return unmerge(present, sourceId, await facts(present.findingIds), by);
    },
  );
  await updateIncident(desk, sourceId, "incident.unmerged", async (present, facts) =>
    present.mergedInto === id ? released(present, await facts(present.findingIds), by) : present,
  );
  await moveFindings(desk, source.findingIds, id, sourceId);
  return target;
}

/** Divides an incident's findings among new ones, which stand for it from now on. */
export async function splitIncident(
  desk: Desk,
  id: string,
  version: number,
  parts: readonly Omit<Part, "id">[],
): Promise<{
  readonly whole: Versioned<Incident>;
  readonly parts: readonly Versioned<Incident>[];
}> {
  const named = parts.map((part) => ({ ...part, id: randomUUID() }));
  let made: readonly Incident[] = [];
  const whole = await changeIncident(desk, id, version, "incident.split", (present) => {
    const done = split(present, named, desk.by);
    made = done.parts;
    return done.whole;
  });
  const created: Versioned<Incident>[] = [];
  for (const part of made) {
    const payload = changedParts({}, part);
    const audit = { ...desk.by, action: "incident.part", subject: part.id, payload };
    created.push(await desk.store.create(desk.tenant, INCIDENT_KIND, part.id, part, audit));
    await moveFindings(desk, part.findingIds, id, part.id);
  }
  return { whole, parts: created };
}

/**
 * Puts a split incident together again while nobody has worked on its parts; those lead to it then.
 * @throws CaseFault HW_REQUEST_INVALID, HW_CONFLICT, HW_NOT_FOUND
 */
export async function unsplitIncident(
  desk: Desk,
  id: string,
  version: number,
): Promise<Versioned<Incident>> {
  const { store, tenant, by } = desk;
  const whole = await getIncident(desk, id);
  requireStep(whole.document, "unsplit");
  const read = whole.document.splitInto.map((part) => store.get(tenant, INCIDENT_KIND, part));
  // One is missing where a process died while it made them.
  const parts = (await Promise.all(read)).filter((one) => one !== undefined);
  for (const part of parts) requireUntouched(whole.document, part.document);
  for (const part of parts) {
    await updateIncident(desk, part.id, "incident.merged", (present) => {
      requireUntouched(whole.document, present);
      return present.mergedInto === id ? present : absorbed(present, id, by);
    });
  }
  const changed = await changeIncident(
    desk,
    id,
    version,
    "incident.unsplit",
    async (present, facts) => unsplit(present, await facts(present.findingIds), by),
  );
  for (const part of parts) await moveFindings(desk, part.document.findingIds, part.id, id);
  return changed;
}

function requireUntouched(whole: Incident, part: Incident): void {
  if (isUntouchedPart(whole, part)) return;
  throw new CaseFault("HW_REQUEST_INVALID", "step", (m) => m.partsTouched);
}
