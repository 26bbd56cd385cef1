// Whether a connection failed because one side does not believe the other's certificate: no waiting mends that.

/** Node's and OpenSSL's codes for certificates that are refused, by us or (alert) by the broker. */
const REFUSED =
  /^(?:ERR_TLS_CERT_|ERR_SSL_.*(?:ALERT_.*(?:CERT|CA$)|CERT)|UNABLE_TO_|CERT_|CRL_|HOSTNAME_MISMATCH|(?:DEPTH_ZERO_)?SELF_SIGNED_CERT)/;

/** Looks through the causes as well. */
export function isCertificateFault(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false;
  if ("code" in error && typeof error.code === "string" && REFUSED.test(error.code)) return true;
  const parts: readonly unknown[] = error instanceof AggregateError ? error.errors : [error.cause];
  return parts.some((part) => isCertificateFault(part, depth + 1));
}
