// What shippers and clients ask an Elasticsearch before they send: who it is, its licence, health, nodes,
// templates, policies, pipelines. They are answered so that every shipper goes on; nothing is stored.
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { HttpInputParts } from "./http-input.ts";

// Beats refuse servers that are older than themselves, clients read the major version only.
const VERSION = "8.19.0";
const CLUSTER_NAME = "heidewacht";
const NODE_ID = "heidewacht-ingest";
const CLUSTER_UUID = createHash("sha256").update(CLUSTER_NAME).digest("base64url").slice(0, 22);

const SERVER = {
  name: NODE_ID,
  cluster_name: CLUSTER_NAME,
  cluster_uuid: CLUSTER_UUID,
  version: {
    number: VERSION,
    build_flavor: "default",
    build_type: "docker",
    build_hash: "0000000000000000000000000000000000000000",
    build_date: "2025-07-01T00:00:00.000Z",
    build_snapshot: false,
    lucene_version: "9.12.1",
    minimum_wire_compatibility_version: "7.17.0",
    minimum_index_compatibility_version: "7.0.0",
  },
  tagline: "You Know, for Search",
};
const LICENSE = {
  status: "active",
  uid: "00000000-0000-0000-0000-000000000000",
  type: "basic",
  mode: "basic",
  issue_date: "2025-07-01T00:00:00.000Z",
  issue_date_in_millis: 1_751_328_000_000,
  max_nodes: 1000,
  issued_to: CLUSTER_NAME,
  issuer: "elasticsearch",
  start_date_in_millis: -1,
};
const FEATURE = { available: true, enabled: true };
const XPACK = {
  build: { hash: SERVER.version.build_hash, date: SERVER.version.build_date },
  license: { uid: LICENSE.uid, type: "basic", mode: "basic", status: "active" },
  features: { ilm: FEATURE, security: FEATURE, data_streams: FEATURE },
  tagline: SERVER.tagline,
};
const HEALTH = {
  cluster_name: CLUSTER_NAME,
  status: "green",
  timed_out: false,
  number_of_nodes: 1,
  number_of_data_nodes: 1,
  active_primary_shards: 1,
  active_shards: 1,
  relocating_shards: 0,
  initializing_shards: 0,
  unassigned_shards: 0,
};

/** Told as missing when asked for, so that shippers put them once; what they put is thrown away. */
const SETTINGS_PATHS = [
  "/_index_template",
  "/_component_template",
  "/_template",
  "/_ilm/policy",
  "/_ingest/pipeline",
  "/_data_stream",
  "/_alias",
  "/_slm/policy",
  "/_enrich/policy",
];

/** Adds the routes of everything that is asked besides sending. */
export function addProbeRoutes(app: FastifyInstance, parts: HttpInputParts): void {
  const fixed: readonly [string, unknown][] = [
    ["/", SERVER],
    ["/_license", { license: LICENSE }],
    ["/_xpack", XPACK],
    ["/_xpack/license", { license: LICENSE }],
    ["/_xpack/usage", XPACK.features],
    ["/_cluster/health", HEALTH],
    ["/_cluster/health/:index", HEALTH],
    ["/_cluster/settings", { persistent: {}, transient: {}, defaults: {} }],
    ["/_ilm/status", { operation_mode: "RUNNING" }],
  ];
  for (const [url, answer] of fixed) app.get(url, () => answer);
  app.get("/_nodes", nodesOf);
  app.get("/_nodes/*", nodesOf);

  const drain = async (request: FastifyRequest): Promise<unknown> => {
    await parts.body.read(request.raw, drop, async () => undefined);
    return { acknowledged: true };
  };
  for (const path of SETTINGS_PATHS) {
    for (const url of [path, `${path}/*`]) {
      app.get(url, (_request, reply) => reply.code(404).send({ error: "not kept", status: 404 }));
      app.route({ method: ["PUT", "POST", "DELETE"], url, handler: drain });
    }
  }
  app.head("/:index", (_request, reply) => reply.code(404).send());
  app.put("/:index", drain);
}

function drop(): void {
  // Templates and pipelines are read to their end, so that the connection stays usable, and forgotten.
}

// Clients that look around in the cluster ("sniffing") go on with the address that stands here: it has to
// be the one by which they came.
function nodesOf(request: FastifyRequest): unknown {
  const node = {
    name: NODE_ID,
    version: VERSION,
    roles: ["data", "ingest", "master"],
    http: { publish_address: request.host, bound_address: [request.host] },
    ingest: { processors: [] },
    plugins: [],
    modules: [],
  };
  return {
    _nodes: { total: 1, successful: 1, failed: 0 },
    cluster_name: CLUSTER_NAME,
    nodes: { [NODE_ID]: node },
  };
}
