// Speaks SMTP with the mail server of the house for one mail at a time, within a bounded time and as long as
// the one who asked wants it. Encryption that is configured is insisted on.
import { createSecureContext } from "node:tls";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { ChannelFault } from "./channel.ts";
import { codeFault, codeOf, type Limits, networkFault } from "./faults.ts";

/** After which a server that doesn't hang up is left. */
const CLOSE_TIMEOUT_MS = 1000;

interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly security: "starttls" | "tls" | "none";
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Missing: those of the system. */
  readonly authorities: readonly string[] | undefined;
  /** For a whole conversation. */
  readonly timeoutMs: number;
}

interface SmtpPeer {
  /**
   * Resolves when the server has taken the mail into its queue.
   * @throws ChannelFault
   */
  deliver(mail: { from: string; to: string; message: Buffer }, signal: AbortSignal): Promise<void>;
  /** Greets, encrypts, signs in and goes. @throws ChannelFault */
  probe(signal: AbortSignal): Promise<void>;
}

export function openSmtpPeer(settings: SmtpSettings): SmtpPeer {
  const { user, password } = settings;
  const connect = connector(settings);
  const begin = async (connection: SMTPConnection) => {
    await asPromise((done) => connection.connect(done));
    if (user === undefined) return;
    await asPromise((done) => connection.login({ user, pass: password ?? "" }, done));
  };
  return {
    deliver: ({ from, to, message }, signal) =>
      converse(connect, settings.timeoutMs, signal, async (connection) => {
        await begin(connection);
        await asPromise((done) => connection.send({ from, to: [to] }, message, done));
      }),
    probe: (signal) =>
      converse(connect, settings.timeoutMs, signal, async (connection) => {
        await begin(connection);
        await asPromise((done) => connection.reset(done));
      }),
  };
}

function connector({ host, port, security, authorities, timeoutMs }: SmtpSettings) {
  const secureContext =
    authorities === undefined ? undefined : createSecureContext({ ca: [...authorities] });
  return () =>
    new SMTPConnection({
      ...{ host, port, secure: security === "tls" },
      ...{ requireTLS: security === "starttls", ignoreTLS: security === "none" },
      // The time for the whole conversation ends before these.
      ...{ connectionTimeout: 2 * timeoutMs, greetingTimeout: 2 * timeoutMs },
      ...{ socketTimeout: 2 * timeoutMs, dnsTimeout: 2 * timeoutMs },
      socketCloseTimeout: CLOSE_TIMEOUT_MS,
      logger: false,
      ...(secureContext === undefined ? {} : { tls: { secureContext } }),
    });
}

async function converse(
  connect: () => SMTPConnection,
  timeoutMs: number,
  signal: AbortSignal,
  talk: (connection: SMTPConnection) => Promise<void>,
): Promise<void> {
  const late = AbortSignal.timeout(timeoutMs);
  const ended = AbortSignal.any([signal, late]);
  if (ended.aborted) throw networkFault(undefined, { signal, late, timeoutMs });
  const connection = connect();
  try {
    await new Promise<void>((resolve, reject) => {
      // Stays, because a connection may break more than once.
      connection.on("error", reject);
      connection.on("end", () => reject(new Error("ended")));
      ended.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
      talk(connection).then(resolve, reject);
    });
    connection.quit();
  } catch (error) {
    throw smtpFault(error, { signal, late, timeoutMs });
  } finally {
    connection.close();
  }
}

/** Calls that give their error first. */
function asPromise(call: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error instanceof Error ? reject(error) : resolve()));
  });
}

// RFC 4954 and RFC 5321: signing in is asked for, weak, wrong, or encryption is.
const SIGN_IN = [530, 534, 535, 538];

function smtpFault(error: unknown, limits: Limits): ChannelFault {
  if (limits.signal.aborted || limits.late.aborted) return networkFault(error, limits);
  const { code, originalCode, status, enhanced, command } = partsOf(error);
  if (status !== undefined) {
    const message = `smtp ${status}${enhanced === undefined ? "" : ` ${enhanced}`}`;
    if (status < 500 && status >= 400) return new ChannelFault("unreachable", message);
    // The address of the sender, the way of encryption and the account are ours to mend.
    const isOurs =
      SIGN_IN.includes(status) ||
      code === "ETLS" ||
      code === "EAUTH" ||
      !/^(?:RCPT TO|DATA)/.test(command);
    return new ChannelFault(isOurs ? "misconfigured" : "refused", message);
  }
  if (originalCode !== undefined) return codeFault(originalCode);
  if (code === "EAUTH") return new ChannelFault("misconfigured", "smtp sign-in");
  if (code === "ETLS" && command === "STARTTLS") return new ChannelFault("misconfigured", "tls");
  if (code === "EENVELOPE") return new ChannelFault("refused", "smtp envelope");
  if (code === "EMESSAGE") return new ChannelFault("refused", "smtp size");
  return codeFault(code);
}

interface SmtpErrorParts {
  /** nodemailer's own: EAUTH, ETLS, EENVELOPE … */
  readonly code: string | undefined;
  /** The system's, which it covers: ECONNREFUSED, CERT_HAS_EXPIRED … */
  readonly originalCode: string | undefined;
  readonly status: number | undefined;
  /** RFC 3463, without the text that follows it. */
  readonly enhanced: string | undefined;
  readonly command: string;
}

function partsOf(error: unknown): SmtpErrorParts {
  const of = (name: string): unknown =>
    error instanceof Error ? Object.entries(error).find(([key]) => key === name)?.[1] : undefined;
  const original = of("originalCode");
  const status = of("responseCode");
  const response = of("response");
  const command = of("command");
  return {
    code: codeOf(error),
    originalCode: typeof original === "string" ? original : undefined,
    status: typeof status === "number" ? status : undefined,
    enhanced:
      typeof response === "string"
        ? /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1]
        : undefined,
    command: typeof command === "string" ? command : "",
  };
}
