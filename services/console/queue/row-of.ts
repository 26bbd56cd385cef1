// A whole finding cut down to its row in the list.
import { quietStates } from "../../store/quiet-state.ts";
import type { FindingRow, VersionedFinding } from "../api/contract.ts";

export function rowOf({ version, finding }: VersionedFinding): FindingRow {
  const { detector, verdict } = finding;
  return {
    id: finding.id,
    version,
    detectorId: detector.id,
    kind: detector.kind,
    title: detector.title,
    level: detector.level,
    score: finding.score,
    status: finding.status,
    ...(verdict === undefined ? {} : { verdict }),
    quiet: [...quietStates(finding)],
    entities: finding.entities,
    techniques: detector.techniques,
    tactics: detector.tactics,
    summary: finding.summary,
    signalCount: finding.signalCount,
    firstEventAt: finding.firstEventAt,
    lastEventAt: finding.lastEventAt,
    raisedAt: finding.raisedAt,
  };
}
