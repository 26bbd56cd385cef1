// The rows of the queue: findings and proposed incidents as the server orders them, and below an opened
// proposal the findings in it.
import type { FindingRow, ProposalAnswer, ProposalRow, QueueAnswer } from "../api/contract.ts";

/** `isMember`: it stands below its opened proposal. `isOpen`: its findings stand below it. */
export type QueueItem =
  | {
      readonly type: "finding";
      readonly id: string;
      readonly finding: FindingRow;
      readonly isMember: boolean;
    }
  | {
      readonly type: "proposal";
      readonly id: string;
      readonly proposal: ProposalRow;
      readonly isOpen: boolean;
    };

/**
 * The rows in their order, each id once.
 * @param opened the proposal that is opened, as it is now
 */
export function queueItems(
  items: QueueAnswer["items"],
  openedId: string | undefined,
  opened: ProposalAnswer | undefined,
): readonly QueueItem[] {
  const isShown = items.some((item) => item.type === "proposal" && item.proposal.id === openedId);
  const members = isShown && opened !== undefined ? opened.findings : [];
  const memberIds = new Set(members.map(({ id }) => id));
  return items.flatMap((item): QueueItem[] => {
    if (item.type === "finding") {
      const { finding } = item;
      // It came into the proposal after the list was loaded.
      if (memberIds.has(finding.id)) return [];
      return [{ type: "finding", id: finding.id, finding, isMember: false }];
    }
    const isOpen = item.proposal.id === openedId;
    const proposal = isOpen && opened !== undefined ? opened.proposal : item.proposal;
    return [
      { type: "proposal", id: item.proposal.id, proposal, isOpen },
      ...(isOpen ? members : []).map(
        (finding): QueueItem => ({ type: "finding", id: finding.id, finding, isMember: true }),
      ),
    ];
  });
}
