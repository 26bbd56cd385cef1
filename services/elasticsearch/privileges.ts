// What our key may do in Elasticsearch: everything with our own indices, and nothing with any other.

/** A role as Elasticsearch's API takes it. */
export interface NeededPrivileges {
  readonly cluster: readonly string[];
  readonly indices: readonly {
    readonly names: readonly string[];
    readonly privileges: readonly string[];
  }[];
}

/** The least role for indices, aliases and templates whose names begin with `prefix`. */
export function neededPrivileges(prefix: string): NeededPrivileges {
  return {
    cluster: [
      // Version and health, for `heidewacht doctor`.
      "monitor",
      // Our index templates and what they are made of.
      "manage_index_templates",
    ],
    indices: [
      {
        names: [`${prefix}-*`],
        privileges: [
          // Search, points in time, documents by id.
          "read",
          // Bulk requests.
          "write",
          // Making, refreshing, closing for writing and deleting indices, and their aliases.
          "manage",
        ],
      },
    ],
  };
}

/** What Grafana's key for one tenant may do: read that tenant's rows of figures, and nothing of anybody else. */
export function figureReadingPrivileges(alias: string): NeededPrivileges {
  return {
    // The version alone, of which Grafana asks.
    cluster: ["cluster:monitor/main"],
    // An alias by its whole name: a wildcard would reach tenants whose names begin alike.
    indices: [{ names: [alias], privileges: ["read", "view_index_metadata"] }],
  };
}
