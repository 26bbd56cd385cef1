// The ways by which pages leave the house: servers and gateways with their secrets in files. Several of a
// kind are possible; people and policies name them.
import { z } from "zod";

const file = z.string().min(1).max(1000);
const httpUrl = z.url({ protocol: /^https?$/ });
const mailAddress = z
  .string()
  .max(254)
  .regex(/^[^\s<>,;:"()[\]@\\]+@[^\s<>,;:"()[\]@\\]+$/, "eine Mailadresse wie soc@kreis.example");
const timeoutMs = z.number().int().min(100).max(60_000).default(10_000);
/** Certificate authorities of the house, beside those of the system. */
const caFile = file.optional();

const common = {
  timeoutMs,
  /** Leaves the administration's own networks: pages marked TLP:RED or TLP:AMBER+STRICT say nothing there. */
  leavesHouse: z.boolean().default(false),
};

const mail = z.strictObject({
  ...{ kind: z.literal("mail"), ...common, caFile },
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65_535).default(587),
  /** `starttls`: encryption is insisted on; `tls`: from the first byte; `none`: only on own networks. */
  security: z.enum(["starttls", "tls", "none"]).default("starttls"),
  from: mailAddress,
  user: z.string().min(1).max(200).optional(),
  passwordFile: file.optional(),
});

/** Our own JSON, signed: HMAC-SHA-256 over time and body. */
const webhook = z.strictObject({
  ...{ kind: z.literal("webhook"), ...common, caFile, url: httpUrl, secretFile: file.optional() },
});

/** The address of these two is itself the secret, so it lies in a file. */
const teams = z.strictObject({
  ...{ kind: z.literal("teams"), ...common, leavesHouse: z.boolean().default(true) },
  ...{ urlFile: file, caFile },
});
const mattermost = z.strictObject({
  kind: z.literal("mattermost"),
  ...common,
  urlFile: file,
  caFile,
});

const ntfy = z.strictObject({
  ...{ kind: z.literal("ntfy"), ...common, caFile, url: httpUrl, tokenFile: file.optional() },
  /** Where a contact names none. */
  topic: z
    .string()
    .regex(/^[-_A-Za-z0-9]{1,64}$/)
    .optional(),
});

const matrix = z.strictObject({
  ...{ kind: z.literal("matrix"), ...common, caFile },
  homeserver: httpUrl,
  tokenFile: file,
  /** Who may answer: Matrix user → configured person is told by the contacts; rooms of contacts are joined. */
  answers: z.boolean().default(true),
});

/** A gateway of any maker: where number, text and id stand in its request is configured. */
const smsHttp = z.strictObject({
  ...{ kind: z.literal("sms_http"), ...common, caFile, url: httpUrl },
  method: z.enum(["POST", "GET"]).default("POST"),
  encoding: z.enum(["json", "form"]).default("json"),
  /** Values may hold `{to}`, `{text}`, `{id}`, `{from}` and `{secret}`. */
  fields: z.record(z.string().min(1).max(100), z.string().max(500)),
  headers: z.record(z.string().min(1).max(100), z.string().max(500)).default({}),
  secretFile: file.optional(),
  /** What `{from}` stands for. */
  from: z.string().max(30).optional(),
  /** Answers come by HTTP to our own API, signed with this. */
  answerSecretFile: file.optional(),
});

/** A local modem, driven by Gammu's SMS daemon. */
const gammu = z.strictObject({
  ...{ kind: z.literal("gammu"), ...common },
  /** `files`: its spool folders; `command`: `gammu-smsd-inject`, and replies from the inbox folder. */
  way: z.enum(["files", "command"]).default("command"),
  /** Configuration file of gammu-smsd, for the command. */
  configFile: file.optional(),
  command: z.string().min(1).default("gammu-smsd-inject"),
  outboxFolder: file.optional(),
  inboxFolder: file.optional(),
});

const syslog = z.strictObject({
  ...{ kind: z.literal("syslog"), ...common, caFile },
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65_535).default(6514),
  transport: z.enum(["tls", "tcp", "udp"]).default("tls"),
  /** `cef`: ArcSight's Common Event Format in the message. */
  format: z.enum(["rfc5424", "cef"]).default("cef"),
  /** Client certificate, where the server asks for one. */
  certificateFile: file.optional(),
  keyFile: file.optional(),
});

/** Hands over to a GoAlert of the house, which then escalates by its own rules. */
const goalert = z.strictObject({
  ...{ kind: z.literal("goalert"), ...common, caFile, url: httpUrl, tokenFile: file },
});

export const channelSchema = z.discriminatedUnion("kind", [
  mail,
  webhook,
  teams,
  mattermost,
  ntfy,
  matrix,
  smsHttp,
  gammu,
  syslog,
  goalert,
]);
export type ChannelConfig = Readonly<z.infer<typeof channelSchema>>;
export type ChannelConfigOf<K extends ChannelConfig["kind"]> = Extract<ChannelConfig, { kind: K }>;

export const channelsSchema = z.record(
  z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/),
  channelSchema,
);
