// The rows of the queue: proposed incidents, the findings in an opened one, and lone findings.
import { describe, expect, it } from "vitest";
import type {
  FindingRow,
  ProposalAnswer,
  ProposalRow,
  QueueAnswer,
} from "../../../../services/console/api/contract.ts";
import { queueItems } from "../../../../services/console/model/queue-items.ts";

function row(id: string): FindingRow {
  return {
    ...{ id, version: 1, detectorId: "d", kind: "sigma", title: `Befund ${id}`, level: "high" },
    ...{ score: 70, status: "new", quiet: ["none"], entities: [], techniques: [], tactics: [] },
    ...{ summary: "", signalCount: 1, firstEventAt: 1, lastEventAt: 2, raisedAt: 3 },
  };
}

function proposal(id: string, openCount = 2): ProposalRow {
  return {
    ...{ id, type: "chain", title: `Kette ${id}`, summary: "", level: "high", score: 80 },
    ...{ scoreParts: [], findingCount: 2, openCount, signalCount: 2, detectors: [], entities: [] },
    ...{ tactics: [], techniques: [], firstEventAt: 1, lastEventAt: 2, raisedAt: 3 },
  };
}

function answer(id: string, findings: readonly string[], openCount = 2): ProposalAnswer {
  const whole = { ...proposal(id, openCount), findingIds: [...findings], story: [] };
  return { proposal: whole, findings: findings.map(row) };
}

const ITEMS: QueueAnswer["items"] = [
  { type: "proposal", proposal: proposal("p") },
  { type: "finding", finding: row("a") },
  { type: "proposal", proposal: proposal("q") },
];
const shape = (items: ReturnType<typeof queueItems>) =>
  items.map((item) =>
    item.type === "proposal"
      ? `${item.id}${item.isOpen ? "+" : "-"}`
      : `${item.isMember ? "  " : ""}${item.id}`,
  );

describe("the rows of the queue", () => {
  it("are the server's items in their order while nothing is opened", () => {
    expect(shape(queueItems(ITEMS, undefined, undefined))).toEqual(["p-", "a", "q-"]);
  });

  it("have the findings of the opened proposal right below it", () => {
    expect(shape(queueItems(ITEMS, "q", answer("q", ["m", "n"])))).toEqual([
      "p-",
      "a",
      "q+",
      "  m",
      "  n",
    ]);
  });

  it("show an opened proposal as it is before its findings have come", () => {
    expect(shape(queueItems(ITEMS, "p", undefined))).toEqual(["p+", "a", "q-"]);
  });

  it("hold a finding once when it has come into the opened proposal meanwhile", () => {
    expect(shape(queueItems(ITEMS, "p", answer("p", ["a", "m"])))).toEqual([
      "p+",
      "  a",
      "  m",
      "q-",
    ]);
  });

  it("leave the findings out when the opened proposal is not in the list", () => {
    expect(shape(queueItems(ITEMS, "x", answer("x", ["a"])))).toEqual(["p-", "a", "q-"]);
  });

  it("show the opened proposal as the server has it now", () => {
    const [first] = queueItems(ITEMS, "p", answer("p", ["m"], 1));
    expect(first?.type === "proposal" && first.proposal.openCount).toBe(1);
  });
});
