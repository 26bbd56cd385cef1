// A connection to Kafka as its files say it: settings of the configuration with certificates and secrets
// read, in a form that each client library's adapter turns into its own.
import { readFileSync } from "node:fs";
import { AppError } from "../../config/errors.ts";
import type { KafkaConnectionConfig } from "../../config/kafka.ts";

/** Who we are to the brokers. */
export type KafkaSasl =
  | {
      readonly mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512";
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: "OAUTHBEARER";
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: string | undefined;
    };

/** Everything a client library needs to reach the brokers. */
export interface KafkaConnection {
  /** `host:port`. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** PEM texts; undefined: without TLS. */
  readonly tls:
    | {
        readonly ca: string | undefined;
        readonly cert: string | undefined;
        readonly key: string | undefined;
      }
    | undefined;
  readonly sasl: KafkaSasl | undefined;
}

/**
 * Reads the files that the settings name.
 * @param at makes a path of the configuration absolute
 * @param place where the settings stand, for faults
 * @throws AppError HW_CONFIG_INVALID for a file that can't be read
 */
export function readKafkaConnection(
  config: KafkaConnectionConfig,
  at: (path: string) => string,
  place: string,
): KafkaConnection {
  const { brokers, clientId, tls, sasl } = config;
  const read = (path: string | undefined, name: string) =>
    path === undefined ? undefined : readText(at(path), `${place}.${name}`);
  return {
    brokers,
    clientId,
    tls: tls && {
      ca: read(tls.caFile, "tls.caFile"),
      cert: read(tls.certificateFile, "tls.certificateFile"),
      key: read(tls.keyFile, "tls.keyFile"),
    },
    sasl: sasl && readSasl(sasl, at, place),
  };
}

function readSasl(
  sasl: NonNullable<KafkaConnectionConfig["sasl"]>,
  at: (path: string) => string,
  place: string,
): KafkaSasl {
  if (sasl.mechanism === "OAUTHBEARER") {
    const { tokenUrl, clientId, clientSecretFile, scope } = sasl;
    const clientSecret = firstLine(readText(at(clientSecretFile), `${place}.sasl`));
    return { mechanism: "OAUTHBEARER", tokenUrl, clientId, clientSecret, scope };
  }
  const { mechanism, username, passwordFile } = sasl;
  return { mechanism, username, password: firstLine(readText(at(passwordFile), `${place}.sasl`)) };
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? "";
}

function readText(path: string, place: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("HW_CONFIG_INVALID", `${place}: ${path} kann nicht gelesen werden`, {
      place,
      mend: "Pfad und Leserechte der Datei prüfen",
      cause,
    });
  }
}
