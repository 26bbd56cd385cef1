// What completed block entries say of an incident's containment: a time to propose, never one to write.
import { BLOCK_KIND, type BlockEntry, type BlockType, isApproved } from "../store/block-list.ts";
import type { Incident } from "../store/incident.ts";
import { INCIDENT_KIND } from "../store/kinds.ts";
import type { Store } from "../store/store.ts";
import { ProposalFault } from "./proposal-fault.ts";

const ENTRIES_MAX = 1000;

interface ContainmentProposal {
  /** Proposed for `contained.at`, ms UTC. */
  readonly at: number;
  readonly method: "evidence";
  /** Id of the block entry; goes into `contained.evidenceIds`. */
  readonly block: string;
  readonly type: BlockType;
  readonly value: string;
}

export interface ContainmentProposals {
  /** The latest first: an incident is contained when the last way is shut. */
  readonly proposals: readonly ContainmentProposal[];
  /** Approved entries that nobody has said to be in place. */
  readonly open: number;
}

/**
 * The times that an incident's completed block entries propose; none where a containment is stated already.
 * An entry is completed when somebody said so, or when the task of the incident that it names is done.
 * @throws ProposalFault HW_NOT_FOUND without the incident
 */
export async function containmentProposals(
  store: Store,
  tenant: string,
  incidentId: string,
): Promise<ContainmentProposals> {
  const incident = await store.get(tenant, INCIDENT_KIND, incidentId);
  if (incident === undefined) throw new ProposalFault("HW_NOT_FOUND");
  const page = await store.search(tenant, BLOCK_KIND, {
    terms: { incident: [incidentId] },
    sort: [{ field: "proposedAt", order: "asc" }],
    limit: ENTRIES_MAX,
  });
  const approved = page.hits.map(({ document }) => document).filter(isApproved);
  const times = approved.map((entry) => ({ entry, at: completionOf(entry, incident.document) }));
  const open = times.filter(({ at }) => at === undefined).length;
  if (incident.document.contained?.at !== undefined) return { proposals: [], open };
  const proposals = times.flatMap(({ entry: { id, type, value }, at }) =>
    at === undefined ? [] : [{ at, method: "evidence" as const, block: id, type, value }],
  );
  return { proposals: proposals.sort((a, b) => b.at - a.at || (a.block < b.block ? -1 : 1)), open };
}

function completionOf({ completedAt, task }: BlockEntry, { tasks }: Incident): number | undefined {
  return completedAt ?? tasks.find(({ id }) => id === task)?.doneAt;
}
