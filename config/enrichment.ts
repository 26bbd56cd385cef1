// The part of the configuration that says with what events are enriched on their way in. Every enrichment
// can be left out.
import { z } from "zod";
import { TENANT_NAME } from "./tenant-name.ts";

/** Files of one administration are seen by no other. */
const tenantFile = z.strictObject({
  tenant: z.string().regex(TENANT_NAME, "die Kennung eines Mandanten"),
  file: z.string().min(1),
});

export const enrichmentSchema = z.strictObject({
  /** CSV: name;ip;unit;criticality;role */
  assets: z.array(tenantFile).max(200).default([]),
  /** Lines: network;name */
  networks: z.array(tenantFile).max(200).default([]),
  /** MaxMind DB files (.mmdb) for country, city or autonomous system. */
  geoFiles: z.array(z.string().min(1)).max(4).default([]),
  registeredDomain: z.boolean().default(true),
  userAgent: z.boolean().default(true),
  communityId: z.boolean().default(true),
  /** How often the files are looked at for changes. */
  reloadSeconds: z.number().int().min(1).max(3600).default(30),
  /** Values of each kind whose result is remembered. */
  cacheEntriesMax: z.number().int().min(100).max(1_000_000).default(20_000),
});

/** Settings of the enrichments. */
export type EnrichmentConfig = Readonly<z.infer<typeof enrichmentSchema>>;
