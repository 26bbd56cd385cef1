// The files that channels name in the configuration: secrets, authorities, keys. Read when a channel is
// opened, so that a fault names the setting and its mend before the first page is due.
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";
import { AppError, messageOf } from "../../config/errors.ts";

const FILE_BYTES_MAX = 1_000_000;

export interface ChannelFiles {
  /** Makes a path of the configuration absolute. */
  at(path: string): string;
  /** First line of a file. @throws AppError HW_CONFIG_INVALID */
  secret(path: string, setting: string): string;
  /** All of a file. @throws AppError HW_CONFIG_INVALID */
  text(path: string, setting: string): string;
  /** An address that is itself a secret. @throws AppError HW_CONFIG_INVALID */
  url(path: string, setting: string): URL;
  /**
   * The system's authorities and those of the house; undefined: the system's alone.
   * @throws AppError HW_CONFIG_INVALID
   */
  authorities(path: string | undefined): readonly string[] | undefined;
}

/** @param place of the channel in the configuration, `paging.channels.mail` */
export function channelFiles(at: (path: string) => string, place: string): ChannelFiles {
  const fault = (setting: string, message: string, mend: string, cause?: unknown) =>
    new AppError("HW_CONFIG_INVALID", `${place}.${setting}: ${message}`, {
      ...{ place: `${place}.${setting}`, mend, cause },
    });
  const text = (path: string, setting: string): string => {
    try {
      const bytes = readFileSync(at(path));
      if (bytes.length > FILE_BYTES_MAX) throw new Error(`mehr als ${FILE_BYTES_MAX} Bytes`);
      return bytes.toString("utf8");
    } catch (cause) {
      const mend = "Pfad und Leserechte der Datei prüfen";
      throw fault(setting, `${path} kann nicht gelesen werden: ${messageOf(cause)}`, mend, cause);
    }
  };
  const secret = (path: string, setting: string): string => {
    const line = (text(path, setting).split(/\r?\n/, 1)[0] ?? "").trim();
    if (line !== "" && !/\p{Cc}/u.test(line)) return line;
    throw fault(setting, `${path} ist leer`, "das Geheimnis in die erste Zeile schreiben");
  };
  return {
    ...{ at, text, secret },
    url(path, setting) {
      const url = URL.parse(secret(path, setting));
      if (url !== null && /^https?:$/.test(url.protocol)) return url;
      const mend = "die Adresse des Webhooks in die erste Zeile schreiben, beginnend mit https://";
      throw fault(setting, `${path} enthält keine Adresse`, mend);
    },
    authorities(path) {
      if (path === undefined) return undefined;
      const pem = text(path, "caFile");
      const mend = "Zertifikate in PEM-Form angeben, beginnend mit -----BEGIN CERTIFICATE-----";
      if (!pem.includes("-----BEGIN")) {
        throw fault("caFile", `${path} enthält kein Zertifikat`, mend);
      }
      try {
        for (const part of pem.split(/(?=-----BEGIN)/)) {
          if (part.startsWith("-----BEGIN")) new X509Certificate(part);
        }
      } catch (cause) {
        throw fault("caFile", `${path}: ${messageOf(cause)}`, mend, cause);
      }
      return [...getCACertificates("default"), pem];
    },
  };
}
