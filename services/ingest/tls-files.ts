// The certificate files of a TLS listener: read and checked at the start, so that a fault names the file
// and its mend, and looked at again from time to time, so that a renewed certificate needs no restart.
import { constants, createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { AppError, messageOf } from "../../config/errors.ts";
import type { TlsConfig } from "../../config/network-inputs.ts";

/** The files of a listener as they lie on disk. */
export interface TlsFiles {
  /**
   * What the files hold now.
   * @throws AppError HW_CONFIG_INVALID with the file and how to mend it
   */
  load(): SecureContextOptions;
  /** Whether one of the files is another than at the last `load`. */
  haveChanged(): boolean;
}

/** @param resolve makes a path of the configuration absolute */
export function openTlsFiles(config: TlsConfig, resolve: (path: string) => string): TlsFiles {
  const certificateFile = resolve(config.certificateFile);
  const keyFile = resolve(config.keyFile);
  const caFile = config.clientCaFile === undefined ? undefined : resolve(config.clientCaFile);
  const stamps = (): string =>
    [certificateFile, keyFile, ...(caFile === undefined ? [] : [caFile])].map(stampOf).join();
  let loaded = "";
  return {
    load() {
      loaded = stamps();
      const cert = readPem(certificateFile);
      const key = readPem(keyFile);
      const certificate = parseCertificate(cert, certificateFile);
      if (!certificate.checkPrivateKey(parseKey(key, keyFile))) {
        throw fault(keyFile, `the key does not belong to the certificate ${certificateFile}`, {
          mend: "name the key that the certificate was made with",
        });
      }
      const options: SecureContextOptions = {
        cert,
        key,
        minVersion: config.minVersion,
        ...(config.maxVersion === undefined ? {} : { maxVersion: config.maxVersion }),
        // No resumed sessions: each connection shows its certificate to the authorities of now.
        secureOptions: constants.SSL_OP_NO_TICKET,
        ...(caFile === undefined ? {} : { ca: readAuthorities(caFile) }),
      };
      try {
        createSecureContext(options);
      } catch (cause) {
        throw fault(certificateFile, messageOf(cause), { cause, mend: "see the OpenSSL message" });
      }
      return options;
    },
    haveChanged: () => stamps() !== loaded,
  };
}

// Replaced files differ in their inode even when time and size are the same.
function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? "none" : `${stat.ino}/${stat.size}/${stat.mtimeMs}`;
}

function readPem(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch (cause) {
    throw fault(file, messageOf(cause), {
      cause,
      mend: "the file has to exist and be readable for the account that Heidewacht runs as",
    });
  }
}

function parseCertificate(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw fault(file, "the file holds no certificate in PEM form", {
      cause,
      mend: "it has to begin with -----BEGIN CERTIFICATE-----; intermediate certificates come after it",
    });
  }
}

function parseKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw fault(file, "the file holds no private key in PEM form without passphrase", {
      cause,
      mend: "make one with: openssl pkey -in OLD -out NEW",
    });
  }
}

function readAuthorities(file: string): string {
  const pem = readPem(file);
  for (const part of pem.split(/(?=-----BEGIN CERTIFICATE-----)/)) {
    if (part.trim() !== "") parseCertificate(part, file);
  }
  if (!pem.includes("-----BEGIN")) parseCertificate(pem, file);
  return pem;
}

function fault(
  place: string,
  message: string,
  options: { readonly mend: string; readonly cause?: unknown },
): AppError {
  return new AppError("HW_CONFIG_INVALID", message, { place, ...options });
}
