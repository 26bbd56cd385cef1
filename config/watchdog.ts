// The watchdog's own configuration, in a file of its own: it shares nothing with the service that it watches,
// so that nothing that stops the one stops the other.
import { z } from "zod";
import { channelsSchema } from "./paging-channels.ts";

const CONTACTS_MAX = 20;
const TARGETS_MAX = 20;
const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "nur Kleinbuchstaben, Ziffern und Bindestriche");

const targetSchema = z.strictObject({
  /** Good is what answers 200 here. Without a path: `/heartbeat`, which services and watchdogs have. */
  url: z.url({ protocol: /^https?$/ }).transform((url) => {
    const address = new URL(url);
    if (address.pathname === "/") address.pathname = "/heartbeat";
    return address.href;
  }),
  /** Certificate authorities of the house. */
  caFile: z.string().min(1).max(1000).optional(),
});

export const watchdogSchema = z
  .strictObject({
    /** The administration, as pages name it. */
    tenantName: z.string().min(1).max(200),
    language: z.enum(["de", "en"]).default("de"),
    targets: z
      .record(name, targetSchema)
      .refine((all) => Object.keys(all).length >= 1 && Object.keys(all).length <= TARGETS_MAX, {
        message: `1 bis ${TARGETS_MAX} Ziele`,
      }),
    askEverySeconds: z.number().min(1).max(60).default(10),
    /** For one question. */
    timeoutMs: z.number().int().min(100).max(30_000).default(5000),
    /** Without a good answer for so long, somebody is paged. */
    silentSeconds: z.number().min(5).max(3600).default(60),
    /** As long as it is silent, again and again. */
    repeatMinutes: z.number().min(1).max(1440).default(15),
    channels: channelsSchema,
    /** All of them, at once. */
    contacts: z
      .array(z.strictObject({ channel: name, to: z.string().min(1).max(254).optional() }))
      .min(1)
      .max(CONTACTS_MAX),
    /** What it remembers over a restart. */
    stateFile: z.string().min(1).max(1000).default("waechter.json"),
    /** Where it says itself that it lives. */
    heartbeat: z
      .strictObject({
        host: z.string().default("127.0.0.1"),
        port: z.number().int().min(0).max(65_535).default(8723),
      })
      .prefault({}),
  })
  .superRefine((config, context) => {
    config.contacts.forEach(({ channel }, at) => {
      if (Object.hasOwn(config.channels, channel)) return;
      const message = `der Kanal ${channel} fehlt unter channels`;
      context.addIssue({ code: "custom", path: ["contacts", at, "channel"], message });
    });
  });
export type WatchdogConfig = Readonly<z.infer<typeof watchdogSchema>>;
