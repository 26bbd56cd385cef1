// The boards' panels, asked of a real Elasticsearch as Grafana asks them. One index holds the rows of one
// history after the other; what is asked of it goes in few requests, for a small server.
import { setImmediate } from "node:timers";
import type { Client } from "@elastic/elasticsearch";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import { storedDocument } from "../../../services/store/elasticsearch-document.ts";
import { kindAlias } from "../../../services/store/elasticsearch-names.ts";
import {
  FIGURE_ROW_KIND,
  type FigureRow,
  figureRowId,
} from "../../../services/store/figure-row.ts";
import { type Ask, answered } from "../../dashboards/grafana/panel-answers.ts";
import { TENANT } from "../../services/kpi/incidents.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";
import { NOW, type Shown } from "./installation.ts";
import { comparePanel, looksAt } from "./panel-figures.ts";
import type { Tally } from "./tally.ts";

/** About a megabyte. */
const WRITES_AT_ONCE_MAX = 1000;

export interface Panels {
  readonly compare: (shown: Shown, tally: Tally) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Makes the index as the store makes it, under a prefix of its own. */
export async function openPanels(): Promise<Panels> {
  const elasticsearch = connect();
  const { client, prefix } = elasticsearch;
  const index = kindAlias(prefix, FIGURE_ROW_KIND.name, TENANT);
  const store = openElasticsearchStore({ elasticsearch, logger: silent });
  // The first writing makes the index.
  const row: FigureRow = { tenant: TENANT, set: "kpi", at: 0, dimensions: {}, measures: {} };
  await store.put(TENANT, FIGURE_ROW_KIND, figureRowId(row), row);
  // What only made the index goes with the first history.
  let lying = [figureRowId(row)];
  const ask = asking(client, index);
  return {
    compare: async (shown, tally) => {
      lying = await fill(client, index, shown, lying);
      await Promise.all(
        looksAt(shown).map(async (look) => {
          const answer = await answered(ask, look.panel.drawn, look.range);
          comparePanel(shown, look, answer, tally);
        }),
      );
    },
    close: async () => {
      await store.close();
      await client.close();
      await cleanUp(prefix);
    },
  };
}

const silent = { info: () => undefined, warn: () => undefined };

/** The rows of this history in the place of those before. @returns the ids that lie there now */
async function fill(
  client: Client,
  index: string,
  { rows }: Pick<Shown, "rows">,
  before: readonly string[],
): Promise<string[]> {
  const ids = rows.map(figureRowId);
  const present = new Set(ids);
  const writes = [
    ...before.filter((id) => !present.has(id)).map((id) => [{ delete: { _id: id } }]),
    ...rows.map((row) => {
      const id = figureRowId(row);
      const bookkeeping = { tenant: TENANT, id, rev: 1, changedAt: NOW, write: "eval" };
      const document = storedDocument(FIGURE_ROW_KIND, JSON.stringify(row), bookkeeping);
      return [{ index: { _id: id } }, document];
    }),
  ];
  for (let at = 0; at < writes.length; at += WRITES_AT_ONCE_MAX) {
    const operations = writes.slice(at, at + WRITES_AT_ONCE_MAX).flat();
    const { errors } = await client.bulk({ index, operations });
    if (errors) throw new Error("Elasticsearch did not take every row");
  }
  await client.indices.refresh({ index });
  return ids;
}

interface Search {
  readonly body: Record<string, unknown>;
  readonly answer: PromiseWithResolvers<{ readonly aggregations?: unknown }>;
}

/** What is asked in one turn goes as one request. */
function asking(client: Client, index: string): Ask {
  let waiting: Search[] = [];
  const send = async () => {
    const all = waiting;
    waiting = [];
    try {
      const searches = all.flatMap(({ body }) => [{}, body]);
      const { responses } = await client.msearch({ index, searches });
      for (const [at, { answer }] of all.entries()) {
        const response = responses[at];
        if (response === undefined || "error" in response)
          answer.reject(new Error(`Elasticsearch: ${JSON.stringify(response)}`));
        else answer.resolve(response);
      }
    } catch (error) {
      for (const { answer } of all) answer.reject(error);
    }
  };
  return (body) => {
    if (waiting.length === 0) setImmediate(() => void send());
    const answer = Promise.withResolvers<{ readonly aggregations?: unknown }>();
    waiting.push({ body, answer });
    return answer.promise;
  };
}
