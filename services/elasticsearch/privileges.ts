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
