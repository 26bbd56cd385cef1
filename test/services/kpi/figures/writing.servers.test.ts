// The stage leaves the same rows in Elasticsearch, where Grafana finds a moment, keywords and doubles.
import { pino } from "pino";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openElasticsearchStore } from "../../../../services/store/elasticsearch.ts";
import { FIGURE_DIMENSIONS, FIGURE_MEASURES } from "../../../../services/store/figure-row.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../../services/store/kinds.ts";
import { ownPrefix } from "../../../servers/addresses.ts";
import { cleanUp, connect } from "../../../support/elasticsearch.ts";
import { at, findingOf, judged, TENANT } from "../incidents.ts";
import { solved, startStage } from "../stage.ts";
import { describeRows, rowsOf } from "./written-rows.ts";

const logger = pino({ level: "silent" });

async function openStore(prefix = ownPrefix()) {
  const elasticsearch = connect(prefix);
  const store = openElasticsearchStore({ elasticsearch, logger });
  onTestFinished(async () => {
    await store.close();
    await elasticsearch.client.close();
    await cleanUp(prefix);
  });
  return { store, client: elasticsearch.client, alias: `${prefix}-figure_row-${TENANT}` };
}

describe("rows of figures in Elasticsearch", () => {
  describeRows(async () => (await openStore()).store);

  it("have a moment, and fields that can be aggregated", async () => {
    const { store, client, alias } = await openStore();
    await store.put(TENANT, INCIDENT_KIND, "i1", solved("i1"));
    const finding = findingOf("f1", judged("false_positive", "2026-10-25T00:30"));
    await store.put(TENANT, FINDING_KIND, "f1", finding);
    startStage(store);
    await vi.waitFor(async () => expect(await rowsOf(store, "day")).toHaveLength(45), 20_000);
    await client.indices.refresh({ index: alias });
    const fields = await client.fieldCaps({
      index: alias,
      fields: [
        "@timestamp",
        ...[...FIGURE_DIMENSIONS, ...FIGURE_MEASURES].map((name) => `fields.${name}`),
      ],
    });
    const types = new Map(
      Object.entries(fields.fields).map(([name, caps]) => [name, Object.keys(caps)]),
    );
    expect(types.get("@timestamp")).toEqual(["date"]);
    for (const name of FIGURE_DIMENSIONS)
      expect([name, types.get(`fields.${name}`)]).toEqual([name, ["keyword"]]);
    for (const name of FIGURE_MEASURES)
      expect([name, types.get(`fields.${name}`)]).toEqual([name, ["double"]]);
    const answer = await client.search<
      unknown,
      {
        days: {
          buckets: { key: number; falseAlarms: { value: number }; queue: { value: number } }[];
        };
      }
    >({
      index: alias,
      size: 0,
      query: {
        bool: {
          filter: [
            { query_string: { query: 'fields.set:"day"' } },
            {
              range: { "@timestamp": { gte: at("2026-10-24T22:00"), lt: at("2026-10-25T23:00") } },
            },
          ],
        },
      },
      aggs: {
        days: {
          date_histogram: {
            field: "@timestamp",
            calendar_interval: "1d",
            time_zone: "Europe/Berlin",
            min_doc_count: 1,
          },
          aggs: {
            judgeMeanS: { max: { field: "fields.judgeMeanS" } },
            queue: { max: { field: "fields.queue" } },
          },
        },
      },
    });
    expect(answer.aggregations?.days.buckets).toEqual([
      expect.objectContaining({
        key: at("2026-10-24T22:00"),
        doc_count: 1,
        judgeMeanS: { value: 23 * 86_400 + 1800 },
        queue: { value: 0 },
      }),
    ]);
  });
});
