// What never comes onto a block list, for each tenant: own networks, own domains, and what must stay
// reachable whatever happens.
import ipaddr from "ipaddr.js";
import { z } from "zod";
import { TENANT_NAME } from "./tenant-name.ts";

const network = z
  .string()
  .refine(
    (text) => ipaddr.isValidCIDR(text) || ipaddr.isValid(text),
    "ein Netz wie 192.0.2.0/24 oder eine Adresse",
  );

const domain = z
  .string()
  .max(253)
  .regex(/^(?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]+$/u, "ein Domänenname ohne Stern");

const protectedSchema = z.strictObject({
  tenant: z.string().regex(TENANT_NAME, "die Kennung eines Mandanten"),
  ownNetworks: z.array(network).max(1000).default([]),
  /** With everything below them. */
  ownDomains: z.array(domain).max(1000).default([]),
  /** Name servers, updates, the other administrations' networks: networks, addresses or domains. */
  critical: z
    .array(z.union([network, domain], "ein Netz, eine Adresse oder ein Domänenname"))
    .max(1000)
    .default([]),
});

export const blockListsSchema = z.strictObject({
  /** Days after which an entry leaves the list, where its proposal names none. */
  days: z.number().int().min(1).max(365).default(30),
  protected: z
    .array(protectedSchema)
    .max(200)
    .refine(
      (all) => new Set(all.map(({ tenant }) => tenant)).size === all.length,
      "jeder Mandant darf nur einmal vorkommen",
    )
    .default([]),
});
export type BlockListsConfig = z.infer<typeof blockListsSchema>;
