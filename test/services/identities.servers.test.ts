// The keys of pseudonyms over the real Elasticsearch: processes that begin at once agree on one, and while
// it is away none is made up.
import pino from "pino";
import { afterAll, describe, expect, it } from "vitest";
import { openIdentities } from "../../services/identities.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { openElasticsearchStore } from "../../services/store/elasticsearch.ts";
import { elasticsearchUrl, ownPrefix } from "../servers/addresses.ts";
import { openCutProxy } from "../support/cut-proxy.ts";
import { cleanUp, connect } from "../support/elasticsearch.ts";

const TENANT = "kreis";
const PROCESSES = 6;
const ROUNDS = 3;
const DAY_MS = 86_400_000;
const SETTINGS = { rotationMs: 90 * DAY_MS, overlapMs: 7 * DAY_MS, leadMs: 60_000 };
const logger = pino({ level: "silent" });
const ring = createKeyRing(Buffer.alloc(32, 7));
const prefixes: string[] = [];

afterAll(async () => {
  for (const prefix of prefixes) await cleanUp(prefix);
});

function newPrefix(): string {
  const prefix = ownPrefix();
  prefixes.push(prefix);
  return prefix;
}

/** A process of its own, as far as the store can tell. */
function processOf(prefix: string, node?: string) {
  const elasticsearch = connect(prefix, node);
  const store = openElasticsearchStore({ elasticsearch, logger });
  const shared = { store, ring, tenants: [TENANT], epochs: SETTINGS, logger, now: Date.now };
  return {
    open: () => openIdentities({ ...shared, rotates: false }),
    async close() {
      await store.close();
      await elasticsearch.client.close();
    },
  };
}

describe("processes over one empty store", () => {
  it("agree on one key, whoever was first", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const prefix = newPrefix();
      const all = Array.from({ length: PROCESSES }, () => processOf(prefix));
      const vaults = await Promise.all(all.map(({ open }) => open()));
      const pseudonyms = vaults.map(({ privacy }) => privacy.pseudonymOf(TENANT, "h.petersen"));
      expect(new Set(pseudonyms).size).toBe(1);
      for (const vault of vaults) await vault.close();
      for (const { close } of all) await close();
    }
  });

  it("make up no key while the store is away, and take the one that is there when it is back", async () => {
    const prefix = newPrefix();
    const proxy = await openCutProxy(elasticsearchUrl());
    const late = processOf(prefix, proxy.url);
    proxy.cut();
    const opening = late.open().then(
      (vault) => vault,
      () => undefined,
    );
    const early = processOf(prefix);
    const first = await early.open();
    proxy.restore();
    // Where the patience of the client was shorter, the process begins anew.
    const second = (await opening) ?? (await late.open());
    expect(second.privacy.pseudonymOf(TENANT, "h.petersen")).toBe(
      first.privacy.pseudonymOf(TENANT, "h.petersen"),
    );
    for (const vault of [first, second]) await vault.close();
    for (const { close } of [early, late]) await close();
    await proxy.close();
  });
});
