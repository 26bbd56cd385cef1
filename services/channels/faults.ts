// What goes wrong on the way to a peer, as a fault of a channel: a stable key and a code. Texts of the network
// and of peers stay out, as they hold addresses, and so do causes, as logs print them.
import { ChannelFault } from "./channel.ts";

const RETRY_AFTER_MS_MAX = 3_600_000;
const TLS_TRUST =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|HOSTNAME_MISMATCH$|INVALID_CA$|ERR_TLS_|ERR_SSL_|EPROTO$)/;
const DNS = /^(?:ENOTFOUND|EAI_[A-Z]+|EDNS|ENODATA|ESERVFAIL|EREFUSED|ETIMEOUT)$/;

export interface Limits {
  /** Of the one who asked. */
  readonly signal: AbortSignal;
  /** Of our own patience. */
  readonly late: AbortSignal;
  readonly timeoutMs: number;
}

/** A broken connection, a name that nobody knows, a certificate that is not trusted, a lack of answer. */
export function networkFault(error: unknown, { signal, late, timeoutMs }: Limits): ChannelFault {
  if (signal.aborted) return new ChannelFault("unreachable", "aborted");
  if (late.aborted) return new ChannelFault("unreachable", `timeout ${timeoutMs} ms`);
  return codeFault(codeOf(error));
}

/** By the code that the system gives. */
export function codeFault(code: string | undefined): ChannelFault {
  if (code === undefined) return new ChannelFault("unreachable", "network");
  if (TLS_TRUST.test(code)) return new ChannelFault("misconfigured", `tls ${code}`);
  return new ChannelFault("unreachable", `${DNS.test(code) ? "dns" : "network"} ${code}`);
}

/** An answer of HTTP that is no success. */
export function statusFault(status: number, retryAfter?: string): ChannelFault {
  const message = `status ${status}`;
  if (status >= 500 || [408, 425, 429].includes(status)) {
    const retryAfterMs = retryAfterMsOf(retryAfter, Date.now());
    return new ChannelFault("unreachable", message, {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  const isOurs = status < 400 || [401, 403, 404, 405, 407, 410].includes(status);
  return new ChannelFault(isOurs ? "misconfigured" : "refused", message);
}

/** Seconds or a date (RFC 9110 section 10.2.3), at most an hour. */
function retryAfterMsOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(header.trim())
    ? Number(header) * 1000
    : Date.parse(header.slice(0, 100)) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), RETRY_AFTER_MS_MAX);
}

/** The code of an error of the system: capital letters and digits, nothing foreign. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const { code } = error;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : undefined;
}
