// `heidewacht grafana key` before the real Elasticsearch: the key reads one tenant's rows of figures, by the
// query of a panel, and nothing of anybody else.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@elastic/elasticsearch";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import {
  FIGURE_ROW_KIND,
  type FigureRow,
  figureRowId,
} from "../../../services/store/figure-row.ts";
import { ELASTIC_USER, elasticsearchUrl, ownPrefix } from "../../servers/addresses.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";

const run = promisify(execFile);
const prefix = ownPrefix();
const folder = mkdtempSync(join(tmpdir(), "heidewacht-grafana-"));
const keyFile = join(folder, "key");
const aliasOf = (tenant: string) => `${prefix}-figure_row-${tenant}`;
const row: Omit<FigureRow, "tenant"> = {
  set: "day",
  at: 0,
  dimensions: {},
  measures: { raised: 3 },
};

async function key(): Promise<string> {
  const program = join(import.meta.dirname, "../../../services/cli/heidewacht.ts");
  const password = ["--user", ELASTIC_USER.username, "--password-file", join(folder, "password")];
  const config = ["--config", join(folder, "heidewacht.yml")];
  const args = ["grafana", "key", "--tenant", "kreis", "--to", keyFile, ...password, ...config];
  return (await run(process.execPath, [program, ...args])).stdout;
}

const reader = () =>
  new Client({ node: elasticsearchUrl(), auth: { apiKey: readFileSync(keyFile, "utf8").trim() } });

beforeAll(async () => {
  writeFileSync(join(folder, "password"), `${ELASTIC_USER.password}\n`);
  const store = { kind: "elasticsearch", nodes: [elasticsearchUrl()], prefix };
  const tenants = ["kreis", "kreis-nord"].map((id) => ({ id, name: id }));
  writeFileSync(join(folder, "heidewacht.yml"), JSON.stringify({ store, tenants }));
  const logger = pino({ level: "silent" });
  const elasticsearch = connect(prefix);
  const opened = openElasticsearchStore({ elasticsearch, logger });
  for (const { id: tenant } of tenants) {
    await opened.put(tenant, FIGURE_ROW_KIND, figureRowId(row), { ...row, tenant });
  }
  await elasticsearch.client.indices.refresh({ index: `${prefix}-*` });
  await opened.close();
  await elasticsearch.client.close();
});

afterAll(async () => {
  const { client } = connect(prefix);
  const name = `heidewacht-grafana-${aliasOf("kreis")}`;
  await client.security.invalidateApiKey({ name });
  await client.security.deleteRole({ name }, { ignore: [404] });
  await client.close();
  await cleanUp(prefix);
  rmSync(folder, { recursive: true });
});

describe("heidewacht grafana key", () => {
  it("makes a key that reads the tenant's figures alone, and writes nothing", async () => {
    expect(await key()).toContain(aliasOf("kreis"));
    expect(statSync(keyFile).mode & 0o777).toBe(0o640);
    const client = reader();
    const aggs = { "1": { max: { field: "fields.raised" } } };
    const answer = await client.search({ index: aliasOf("kreis"), size: 0, aggs });
    expect(answer.aggregations?.["1"]).toEqual({ value: 3 });
    const refused = { statusCode: 403 };
    for (const index of [aliasOf("kreis-nord"), `${prefix}-finding-kreis`]) {
      await expect(client.search({ index }), index).rejects.toMatchObject(refused);
    }
    const all = await client.search<{ tenant: string }>({ index: `${prefix}-*` });
    expect(all.hits.hits.map(({ _source }) => _source?.tenant)).toEqual(["kreis"]);
    const written = client.index({ index: aliasOf("kreis"), document: { a: 1 } });
    await expect(written).rejects.toMatchObject(refused);
    await expect(client.security.getUser()).rejects.toMatchObject(refused);
    await expect(client.nodes.stats()).rejects.toMatchObject(refused);
    await client.close();
  });

  it("leaves a key that is accepted as it is, and replaces one that is not", async () => {
    const first = readFileSync(keyFile, "utf8");
    await key();
    expect(readFileSync(keyFile, "utf8")).toBe(first);
    const { client } = connect(prefix);
    await client.security.invalidateApiKey({ name: `heidewacht-grafana-${aliasOf("kreis")}` });
    await client.close();
    await key();
    expect(readFileSync(keyFile, "utf8")).not.toBe(first);
  });
});
