// Evidence and its chain of custody: pure. Entries are only ever added; who had a piece in hand, when and
// why, can be read from the first entry to the last.
import { randomUUID } from "node:crypto";
import type { Incident } from "../store/incident.ts";
import { CaseFault } from "./case-fault.ts";
import { requireStep, touched } from "./incident-state.ts";
import { full } from "./incident-steps.ts";
import { type By, checkPast } from "./incident-times.ts";

type Item = Incident["evidence"][number];

const EVIDENCE_MAX = 500;
const CUSTODY_MAX = 500;

export interface NewEvidence extends Pick<Item, "kind" | "reference" | "description"> {
  /** Of the content, 64 hexadecimal digits. */
  readonly sha256?: string | undefined;
  /** When it was secured, ms UTC. */
  readonly collectedAt: number;
}

export function addEvidence(incident: Incident, given: NewEvidence, by: By): Incident {
  requireStep(incident, "evidence/add");
  if (incident.evidence.length >= EVIDENCE_MAX) throw full("body");
  const { sha256, ...rest } = given;
  checkPast(rest.collectedAt, by, "collectedAt");
  const item: Item = {
    ...rest,
    id: randomUUID(),
    ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }),
    collectedBy: by.actor,
    custody: [{ at: rest.collectedAt, actor: by.actor, action: "collected", comment: "" }],
  };
  return touched(incident, by, { evidence: [...incident.evidence, item] });
}

/** One more entry of custody, at the time of writing: nobody can insert one before another. */
export function handOver(
  incident: Incident,
  id: string,
  entry: { readonly action: string; readonly comment: string },
  by: By,
): Incident {
  requireStep(incident, "evidence/hand-over");
  const item = incident.evidence.find((one) => one.id === id);
  if (item === undefined) {
    throw new CaseFault("HW_REQUEST_INVALID", "body/evidence", (m) => m.noSuchEntry);
  }
  if (item.custody.length >= CUSTODY_MAX) throw full("body");
  const custody = [...item.custody, { at: by.at, actor: by.actor, ...entry }];
  return touched(incident, by, {
    evidence: incident.evidence.map((one) => (one.id === id ? { ...item, custody } : one)),
  });
}
