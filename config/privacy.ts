// The part of the configuration about identities: where the master key lies, how long pseudonyms hold, and
// which directories tell the names of people.
import { z } from "zod";
import { TENANT_NAME } from "./tenant-name.ts";

const tenant = z.string().regex(TENANT_NAME, "die Kennung eines Mandanten");

export const privacySchema = z
  .strictObject({
    /** 64 hexadecimal digits; made at the first start where the file is missing. */
    masterKeyFile: z.string().default("data/keys/master.key"),
    /** How long pseudonyms are made with one key, days. */
    rotationDays: z.number().int().min(7).max(730).default(90),
    /** How long the key before is kept beside it, so that what rests on old pseudonyms can follow. */
    overlapDays: z.number().int().min(1).max(90).default(7),
    /** CSV exports of the directory: sAMAccountName;UPN;mail;givenName;sn;displayName */
    directories: z
      .array(z.strictObject({ tenant, file: z.string().min(1) }))
      .max(200)
      .default([]),
    /** Directory servers; the account needs to read people only. */
    ldap: z
      .array(
        z.strictObject({
          tenant,
          url: z.string().regex(/^ldaps?:\/\/[^\s/]+$/, "ldaps://rechner[:port]"),
          bindDn: z.string().min(1),
          passwordFile: z.string().min(1),
          baseDn: z.string().min(1),
          filter: z.string().min(1).default("(&(objectCategory=person)(objectClass=user))"),
          /** Certificates of the authority that the server's is signed by (PEM). */
          caFile: z.string().min(1).optional(),
        }),
      )
      .max(20)
      .default([]),
    /** How often directories are looked at. */
    reloadSeconds: z.number().int().min(1).max(86_400).default(300),
  })
  .refine(
    ({ rotationDays, overlapDays }) => overlapDays < rotationDays,
    "overlapDays muss kleiner sein als rotationDays",
  )
  .prefault({});

/** Settings of names and pseudonyms. */
export type PrivacyConfig = Readonly<z.infer<typeof privacySchema>>;
