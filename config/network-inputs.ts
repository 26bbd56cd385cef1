// Settings of the inputs that listen for senders by themselves: syslog, RELP, GELF and Lumberjack, with the
// limits and the TLS that they share.
import { z } from "zod";
import {
  bindingFields,
  bindingSchema,
  bytes,
  count,
  MIB,
  MINUTE_MS,
  milliseconds,
  port,
  recordBytes,
  SECOND_MS,
} from "./input-values.ts";

const path = z.string().min(1).max(4096);

const tlsSchema = z
  .strictObject({
    /** PEM: the server's certificate, the intermediate ones after it. */
    certificateFile: path,
    /** PEM, without passphrase. */
    keyFile: path,
    /** PEM: the authorities that senders' certificates are signed by. */
    clientCaFile: path.optional(),
    /** `optional`: senders may show a certificate; one that is not valid is refused all the same. */
    clientCertificates: z.enum(["off", "optional", "required"]).default("off"),
    minVersion: z.enum(["TLSv1.2", "TLSv1.3"]).default("TLSv1.2"),
    /** Left out: 1.2 where senders are never answered (syslog, GELF), unless `minVersion` is 1.3. */
    maxVersion: z.enum(["TLSv1.2", "TLSv1.3"]).optional(),
    /** The files are looked at so often; connections that stand keep what they began with. */
    reloadMs: milliseconds.default(MINUTE_MS),
  })
  .refine(
    (one) => (one.clientCertificates === "off") === (one.clientCaFile === undefined),
    "clientCaFile und clientCertificates: optional oder required gehören zusammen",
  );

/** Settings of TLS on a listener. */
export type TlsConfig = Readonly<z.infer<typeof tlsSchema>>;

const network = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]);
const FINGERPRINT = /^sha256:[0-9a-f]{64}$/;

const senderSchema = z
  .strictObject({
    networks: z.array(network).min(1).max(1000).optional(),
    /** Names in the sender's certificate (SAN or CN), or `sha256:` and its fingerprint. */
    certificates: z
      .array(
        z
          .string()
          .min(1)
          .max(255)
          .refine(
            (name) => !name.startsWith("sha256:") || FINGERPRINT.test(name),
            "nach sha256: stehen 64 Hexadezimalziffern ohne Doppelpunkte",
          ),
      )
      .min(1)
      .max(1000)
      .optional(),
    ...bindingFields,
  })
  .refine(
    (one) => one.networks !== undefined || one.certificates !== undefined,
    "networks oder certificates muss sagen, welche Absender gemeint sind",
  );

const listenerFields = {
  host: z.string().min(1).default("127.0.0.1"),
  /** Senders that no entry of `senders` names; left out: those are refused. */
  binding: bindingSchema.optional(),
  /** The first entry counts whose network and certificate, as far as it names them, are the sender's. */
  senders: z.array(senderSchema).max(1000).default([]),
  tls: tlsSchema.optional(),
  /** Of one record; what is longer is cut and counted. */
  frameBytesMax: recordBytes.default(64 * 1024),
  connectionsMax: count.default(1000),
  /** Of one address. */
  connectionsPerSenderMax: count.default(100),
  /** Of one address; above it TCP waits and UDP is dropped and counted. */
  recordsPerSecondMax: count.default(100_000),
  /** Longest wait for a TLS handshake, and where the protocol has one, for its first frame. */
  handshakeMs: milliseconds.default(10 * SECOND_MS),
  /** Longest wait for a sender to end a frame that it began. */
  frameMs: milliseconds.default(MINUTE_MS),
  idleMs: milliseconds.default(15 * MINUTE_MS),
  /** Received and not yet on the bus, of all senders; above it UDP is dropped and counted, TCP waits. */
  queueBytesMax: bytes.default(64 * MIB),
  busyRetryMs: milliseconds.default(500),
};

const batchFields = {
  /** The kernel's buffer for datagrams that were not read yet. */
  receiveBufferBytes: bytes.default(4 * MIB),
  batchRecordsMax: count.default(500),
  batchMs: milliseconds.default(50),
};

interface Bindable {
  readonly binding?: unknown;
  readonly senders: readonly { readonly certificates?: unknown }[];
  readonly tls?: TlsConfig | undefined;
  readonly protocol?: string;
}

function checkListener(one: Bindable, context: z.core.$RefinementCtx): void {
  const fault = (message: string, at: string[] = []): void => {
    context.addIssue({ code: "custom", path: at, message, input: one });
  };
  if (one.binding === undefined && one.senders.length === 0) {
    fault("binding oder senders muss sagen, wem die Zeilen gehören");
  }
  if (one.protocol === "tls" && one.tls === undefined) {
    fault("protocol: tls braucht tls mit certificateFile und keyFile");
  }
  if (one.protocol !== undefined && one.protocol !== "tls" && one.tls !== undefined) {
    fault("tls gilt nur mit protocol: tls", ["tls"]);
  }
  const asksCertificates = one.tls !== undefined && one.tls.clientCertificates !== "off";
  if (!asksCertificates && one.senders.some(({ certificates }) => certificates !== undefined)) {
    fault("certificates braucht tls mit clientCertificates: optional oder required", ["senders"]);
  }
}

export const syslogSchema = z
  .strictObject({
    protocol: z.enum(["udp", "tcp", "tls"]),
    port: port.default(5514),
    ...listenerFields,
    ...batchFields,
  })
  .superRefine(checkListener);

/** Settings of one syslog listener. */
export type SyslogConfig = Readonly<z.infer<typeof syslogSchema>>;

export const relpSchema = z
  .strictObject({ port: port.default(2514), ...listenerFields })
  .superRefine(checkListener);

/** Settings of one RELP listener; with `tls` it speaks TLS. */
export type RelpConfig = Readonly<z.infer<typeof relpSchema>>;

export const gelfSchema = z
  .strictObject({
    protocol: z.enum(["udp", "tcp", "tls"]),
    port: port.default(12_201),
    ...listenerFields,
    frameBytesMax: recordBytes.default(MIB),
    ...batchFields,
    /** Messages in chunks of which some are missing still. */
    chunkMs: milliseconds.default(5 * SECOND_MS),
    chunkBytesMax: bytes.default(16 * MIB),
    chunkedMessagesMax: count.default(1000),
  })
  .superRefine(checkListener);

/** Settings of one GELF listener. */
export type GelfConfig = Readonly<z.infer<typeof gelfSchema>>;

export const lumberjackSchema = z
  .strictObject({
    port: port.default(5044),
    ...listenerFields,
    frameBytesMax: recordBytes.default(MIB),
    /** Records that a sender may send before it waits for their acknowledgement. */
    windowRecordsMax: count.default(100_000),
    /** Of a compressed frame, as sent and unpacked. */
    compressedBytesMax: bytes.default(16 * MIB),
    unpackedBytesMax: bytes.default(32 * MIB),
    /** While records wait for a full bus, senders are told so often that we still live. */
    keepAliveMs: milliseconds.default(3 * SECOND_MS),
  })
  .superRefine(checkListener);

/** Settings of one Lumberjack (Beats) listener; with `tls` it speaks TLS. */
export type LumberjackConfig = Readonly<z.infer<typeof lumberjackSchema>>;
