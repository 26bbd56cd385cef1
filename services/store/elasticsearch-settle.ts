// Brings into the chain what a crash has left with the documents: every audit entry that lies with one is
// appended, unless it is there already, and then taken out of it.
import type { Elasticsearch } from "../elasticsearch/connection.ts";
import { listAliases } from "../elasticsearch/indices.ts";
import type { DocumentAccess } from "./elasticsearch-access.ts";
import type { AuditTrail } from "./elasticsearch-audit.ts";
import type { StoredDocument } from "./elasticsearch-document.ts";
import type { Current, Documents } from "./elasticsearch-documents.ts";
import { tenantOfAlias } from "./elasticsearch-names.ts";

const DOCUMENTS_PER_PAGE = 500;

/** @returns how many documents were settled */
export async function settleTenant(
  parts: {
    readonly elasticsearch: Elasticsearch;
    readonly access: DocumentAccess;
    readonly documents: Documents;
    readonly trail: AuditTrail;
  },
  tenant: string,
): Promise<number> {
  const { elasticsearch, access, documents, trail } = parts;
  const { prefix, client } = elasticsearch;
  const named = await access.retry.run(() => listAliases(client, `${prefix}-*-${tenant}`));
  const aliases = named.filter((alias) => tenantOfAlias(prefix, alias) === tenant);
  if (aliases.length === 0) return 0;
  let settled = 0;
  for (;;) {
    const page = await access.retry.run(async () => {
      // What was settled in the last round must not be found again.
      await client.indices.refresh({ index: aliases, ignore_unavailable: true });
      return client.search<StoredDocument>({
        index: aliases,
        ignore_unavailable: true,
        size: DOCUMENTS_PER_PAGE,
        query: { bool: { filter: [{ term: { tenant } }, { term: { unsettled: true } }] } },
        sort: ["_doc"],
        seq_no_primary_term: true,
        track_total_hits: false,
        allow_partial_search_results: false,
      });
    });
    const found = page.hits.hits.flatMap(({ _index, _source, _seq_no, _primary_term }) => {
      if (_source === undefined) return [];
      const onlyIf = { sequenceNumber: _seq_no ?? 0, primaryTerm: _primary_term ?? 0 };
      const current: Current = {
        found: { index: _index, source: _source, onlyIf },
        stored: _source,
      };
      return [current];
    });
    await trail.appendStored(found.flatMap(({ stored }) => stored.audits ?? []));
    const done = await documents.settled(found);
    settled += done;
    // What somebody else is writing right now is found the next time.
    if (done === 0) return settled;
  }
}
