// The part of the configuration that says with what events are enriched on their way in. Every enrichment
// can be left out.
import { z } from "zod";
import { TENANT_NAME } from "./tenant-name.ts";

/** Files of one administration are seen by no other. */
const tenantFile = z.strictObject({
  tenant: z.string().regex(TENANT_NAME, "die Kennung eines Mandanten"),
  file: z.string().min(1),
});

/** How sure a threat list is, surest last, and its marking by the Traffic Light Protocol, strictest last. */
export const CONFIDENCES = ["none", "low", "medium", "high"] as const;
export type Confidence = (typeof CONFIDENCES)[number];
export const TLP_LABELS = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"] as const;
export type TlpLabel = (typeof TLP_LABELS)[number];

/** A threat list: MISP JSON, a STIX 2.1 bundle, or one indicator a line; or a folder of such files. */
const threatList = z.strictObject({
  path: z.string().min(1),
  provider: z.string().trim().min(1).max(100),
  /** Only for this administration; without it for all. */
  tenant: z.string().regex(TENANT_NAME, "die Kennung eines Mandanten").optional(),
  /** Where the list itself says nothing. */
  confidence: z.enum(CONFIDENCES).default("medium"),
  tlp: z.enum(TLP_LABELS).default("AMBER"),
  /** Counted from what the list gives as date, else from the file's last change. */
  expiryDays: z.number().int().min(1).max(3650).default(90),
});
export type ThreatListConfig = Readonly<z.infer<typeof threatList>>;

/** Machines of a directory server; the account needs to read them only. */
const ldapAssets = z.strictObject({
  tenant: z.string().regex(TENANT_NAME, "die Kennung eines Mandanten"),
  url: z.string().regex(/^ldaps?:\/\/[^\s/]+$/, "ldaps://rechner[:port]"),
  bindDn: z.string().min(1),
  passwordFile: z.string().min(1),
  baseDn: z.string().min(1),
  filter: z.string().min(1).default("(objectCategory=computer)"),
  /** Certificates of the authority that the server's is signed by (PEM). */
  caFile: z.string().min(1).optional(),
  /** Without TLS the password can be read on the wire. */
  clearText: z.boolean().default(false),
  /** Descriptions become the role; many directories name people in them. */
  descriptions: z.boolean().default(false),
  /** Place in the tree → criticality. */
  criticality: z
    .array(z.strictObject({ under: z.string().min(1), value: z.string().min(1).max(100) }))
    .max(200)
    .default([]),
  reloadMinutes: z.number().int().min(1).max(1440).default(60),
});
export type LdapAssetsConfig = Readonly<z.infer<typeof ldapAssets>>;

export const enrichmentSchema = z.strictObject({
  /** CSV: name;ip;unit;criticality;role */
  assets: z.array(tenantFile).max(200).default([]),
  ldapAssets: z.array(ldapAssets).max(20).default([]),
  /** Lines: network;name */
  networks: z.array(tenantFile).max(200).default([]),
  /** MaxMind DB files (.mmdb) for country, city or autonomous system. */
  geoFiles: z.array(z.string().min(1)).max(4).default([]),
  /** Threat lists on disk, with what may be known of all of them together. */
  threatLists: z.array(threatList).max(50).default([]),
  threatIndicatorsMax: z.number().int().min(1000).max(10_000_000).default(1_000_000),
  registeredDomain: z.boolean().default(true),
  userAgent: z.boolean().default(true),
  communityId: z.boolean().default(true),
  /** What is told around a finding: limit of each part, how long it is remembered, how many. */
  context: z
    .strictObject({
      timeLimitMs: z.number().int().min(10).max(10_000).default(500),
      cacheSeconds: z.number().int().min(0).max(3600).default(60),
      cacheEntriesMax: z.number().int().min(10).max(100_000).default(2000),
    })
    .prefault({}),
  /** How often the files are looked at for changes. */
  reloadSeconds: z.number().int().min(1).max(3600).default(30),
  /** Values of each kind whose result is remembered. */
  cacheEntriesMax: z.number().int().min(100).max(1_000_000).default(20_000),
});

/** Settings of the enrichments. */
export type EnrichmentConfig = Readonly<z.infer<typeof enrichmentSchema>>;
