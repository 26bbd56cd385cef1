// Which findings a change of many is about, and how the server is told.
import type { QueryClient } from "@tanstack/react-query";
import type { BulkPreviewBody } from "../api/contract.ts";
import { proposalQuery } from "../api/queue-queries.ts";
import { filterParams, type QueueSearch } from "../model/queue-search.ts";

/** Marked rows; all that fit the filter; or the open findings of one proposed incident. */
export type BulkScope =
  | {
      readonly name: "chosen";
      readonly findings: readonly string[];
      readonly proposals: readonly string[];
    }
  | { readonly name: "filter"; readonly search: QueueSearch }
  | { readonly name: "proposal"; readonly id: string };

/**
 * The selection of a preview. Marked proposals stand for the findings that they name.
 * @throws ApiError
 */
export async function selectionBody(
  client: QueryClient,
  scope: BulkScope,
): Promise<Pick<BulkPreviewBody, "filter" | "ids">> {
  if (scope.name === "filter") return { filter: filterParams(scope.search) };
  if (scope.name === "proposal") return { filter: { ...filterParams({}), proposal: scope.id } };
  return { ids: await findingIds(client, scope.findings, scope.proposals) };
}

/** Findings with those of proposed incidents, each once. @throws ApiError */
export async function findingIds(
  client: QueryClient,
  findings: readonly string[],
  proposals: readonly string[],
): Promise<string[]> {
  const answers = await Promise.all(
    proposals.map((id) => client.fetchQuery({ ...proposalQuery(id), staleTime: 0 })),
  );
  const members = answers.flatMap((answer) =>
    answer.findings.filter(({ quiet }) => quiet.includes("none")).map(({ id }) => id),
  );
  return [...new Set([...findings, ...members])];
}
