// Proposed incidents: reading one with its story, taking findings out, joining several, and taking such
// decisions back.
import { FINDING_KIND } from "../../store/kinds.ts";
import { GROUPING_KIND, PROPOSAL_FINDINGS_MAX, PROPOSAL_KIND } from "../../store/proposal.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { findingRowOf } from "../finding-search.ts";
import { endGrouping, mergeProposals, splitProposal } from "../groupings.ts";
import { principalOf } from "../guard.ts";
import {
  decidedAnswer,
  endGroupingBody,
  groupingList,
  mergeBody,
  proposalAnswer,
  splitBody,
} from "../proposal-schemas.ts";
import { idParams } from "../schemas.ts";

const GROUPINGS_MAX = 500;

/** Registers `/proposals` and `/groupings`. */
export function registerProposalRoutes(api: Api, context: ApiContext): void {
  const { store } = context;
  const reading = { params: idParams, response: answers(proposalAnswer) };
  api.get("/proposals/:id", { schema: reading }, async (request) => {
    const { tenant } = principalOf(request);
    const found = await store.get(tenant, PROPOSAL_KIND, request.params.id);
    if (found === undefined) throw new ApiFault("HW_NOT_FOUND");
    const page = await store.search(tenant, FINDING_KIND, {
      terms: { proposal: [found.id] },
      sort: [{ field: "score", order: "desc" }],
      limit: PROPOSAL_FINDINGS_MAX,
    });
    return { proposal: found.document, findings: page.hits.map(findingRowOf) };
  });

  const splitting = { params: idParams, body: splitBody, response: answers(decidedAnswer) };
  api.post("/proposals/:id/split", { schema: splitting }, (request) =>
    splitProposal(context, principalOf(request), request.params.id, request.body),
  );

  const merging = { body: mergeBody, response: answers(decidedAnswer) };
  api.post("/proposals/merge", { schema: merging }, (request) =>
    mergeProposals(context, principalOf(request), request.body),
  );

  api.get("/groupings", { schema: { response: answers(groupingList) } }, async (request) => {
    const { tenant } = principalOf(request);
    const page = await store.search(tenant, GROUPING_KIND, {
      sort: [{ field: "createdAt", order: "desc" }],
      limit: GROUPINGS_MAX,
    });
    const groupings = page.hits.map(({ version, document }) => ({ version, grouping: document }));
    return { groupings, truncated: page.cursor !== undefined };
  });

  const ending = { params: idParams, body: endGroupingBody, response: answers(decidedAnswer) };
  api.post("/groupings/:id/end", { schema: ending }, (request) =>
    endGrouping(context, principalOf(request), request.params.id, request.body.version),
  );
}
