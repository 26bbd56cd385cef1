import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errors } from "@elastic/elasticsearch";
import { afterAll, describe, expect, it } from "vitest";
import { storeSchema } from "../../../config/elasticsearch.ts";
import { openElasticsearch } from "../../../services/elasticsearch/connection.ts";
import { openLine } from "../../faults/line.ts";
import { ELASTIC_USER, elasticsearchUrl } from "../../servers/addresses.ts";
import { freePort } from "../../support/loopback.ts";

const CONNECTIONS = 8;

const folder = mkdtempSync(join(tmpdir(), "heidewacht-connection-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a connection to Elasticsearch", () => {
  it("that timed out once goes on over new connections, however many it had", async () => {
    const passwordFile = join(folder, "password");
    writeFileSync(passwordFile, ELASTIC_USER.password);
    const line = await openLine(await freePort(), Number(new URL(elasticsearchUrl()).port));
    const config = storeSchema.parse({
      kind: "elasticsearch",
      nodes: [`http://127.0.0.1:${line.port}`],
      username: ELASTIC_USER.username,
      passwordFile,
      requestTimeoutMs: 2000,
    });
    const { client } = openElasticsearch(config, (path) => path);
    try {
      const askAll = () =>
        Promise.allSettled(Array.from({ length: CONNECTIONS }, () => client.cluster.health()));
      await askAll();
      line.halfOpen();
      await expect(client.cluster.health()).rejects.toBeInstanceOf(errors.TimeoutError);
      const failed = (await askAll()).filter(({ status }) => status === "rejected");
      expect(failed).toEqual([]);
    } finally {
      await client.close();
      await line.close();
    }
  });
});
