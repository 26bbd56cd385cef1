// `heidewacht elasticsearch-access` before the real Elasticsearch: the key that it makes is accepted, may
// do what our indices need and nothing else, and is left alone the next time.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@elastic/elasticsearch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ELASTIC_USER, elasticsearchUrl, ownPrefix } from "../../servers/addresses.ts";

const run = promisify(execFile);
const prefix = ownPrefix();
const folder = mkdtempSync(join(tmpdir(), "heidewacht-access-"));
const keyFile = join(folder, "api-key");
const administrator = new Client({ node: elasticsearchUrl(), auth: ELASTIC_USER });
const ours = () =>
  new Client({ node: elasticsearchUrl(), auth: { apiKey: readFileSync(keyFile, "utf8").trim() } });

async function access(): Promise<string> {
  const program = join(import.meta.dirname, "../../../services/cli/heidewacht.ts");
  const { username } = ELASTIC_USER;
  const options = ["--user", username, "--password-file", join(folder, "password")];
  const config = ["--config", join(folder, "heidewacht.yml")];
  const args = [program, "elasticsearch-access", ...options, ...config];
  return (await run(process.execPath, args)).stdout;
}

beforeAll(() => {
  writeFileSync(join(folder, "password"), `${ELASTIC_USER.password}\n`);
  const store = { kind: "elasticsearch", nodes: [elasticsearchUrl()], prefix, apiKeyFile: keyFile };
  writeFileSync(join(folder, "heidewacht.yml"), JSON.stringify({ store }));
});

afterAll(async () => {
  const name = `heidewacht-${prefix}`;
  await administrator.security.invalidateApiKey({ name });
  await administrator.security.deleteRole({ name }, { ignore: [404] });
  await administrator.indices.delete({ index: `${prefix}-one`, ignore_unavailable: true });
  rmSync(folder, { recursive: true });
});

describe("heidewacht elasticsearch-access", () => {
  it("makes a key that may work with our indices alone", async () => {
    expect(await access()).toContain(keyFile);
    const client = ours();
    await client.create({ index: `${prefix}-one`, id: "1", document: { a: 1 }, refresh: true });
    expect((await client.count({ index: `${prefix}-one` })).count).toBe(1);
    const foreign = client.index({ index: "foreign", document: { a: 1 } });
    await expect(foreign).rejects.toMatchObject({ statusCode: 403 });
    const role = client.security.getUser();
    await expect(role).rejects.toMatchObject({ statusCode: 403 });
  });

  it("leaves a key that is accepted as it is, and replaces one that is not", async () => {
    const first = readFileSync(keyFile, "utf8");
    await access();
    expect(readFileSync(keyFile, "utf8")).toBe(first);
    await administrator.security.invalidateApiKey({ name: `heidewacht-${prefix}` });
    await access();
    expect(readFileSync(keyFile, "utf8")).not.toBe(first);
    expect((await ours().security.authenticate()).authentication_type).toBe("api_key");
  });
});
