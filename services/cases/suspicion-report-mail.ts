// Sends reports of a suspicion by mail: plain text over SMTP. Addresses come from the configuration, the
// subject from our texts, so that nothing foreign ever stands in a header.
import { createTransport } from "nodemailer";
import type { SuspicionMail } from "../../config/suspicion.ts";

const TIMEOUT_MS = 20_000;

/** A report as it goes out. */
export interface OutgoingReport {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
}

/** @param password where the server asks for one. The result throws what the server or the network says */
export function createMailChannel(
  { host, port, security, from, to, user }: SuspicionMail,
  password: string | undefined,
): (report: OutgoingReport) => Promise<void> {
  const transport = createTransport({
    ...{ host, port, secure: security === "tls", requireTLS: security === "starttls" },
    ignoreTLS: security === "none",
    ...(user === undefined ? {} : { auth: { user, pass: password ?? "" } }),
    ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const domain = from.slice(from.lastIndexOf("@") + 1);
  return async ({ id, subject, text }) => {
    await transport.sendMail({
      ...{ from, to: [...to], subject, text },
      // The same report has the same name, so that one that is sent twice can be told.
      messageId: `<${id.replace(/[^\w-]/g, "")}@${domain}>`,
      headers: { "Auto-Submitted": "auto-generated" },
    });
  };
}
