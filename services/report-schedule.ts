// Wires the schedule of reports: publishing as the API does, the mail server of the configuration, and the
// folders that documents are handed over in.
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import type { Logger } from "pino";
import { AppError, isAppError } from "../config/errors.ts";
import type { ReportConfig } from "../config/report.ts";
import type { ReportProvider } from "./api/report-provider.ts";
import { reportMailText } from "./report/mail-text.ts";
import { startSchedule } from "./report/schedule.ts";
import { handOverFiles, writeHandOver } from "./report-document/hand-over.ts";
import { renderHtml } from "./report-document/html.ts";
import { renderPdfs } from "./report-document/pdf.ts";
import { publishedDocument, type ReportsParts } from "./report-link.ts";
import { timeZonesOf } from "./run.ts";
import type { PublishedReport } from "./store/report.ts";

const TIMEOUT_MS = 30_000;

/**
 * Starts it; the result stops it and waits for what is under way.
 * @throws AppError HW_CONFIG_INVALID for a password that can't be read
 */
export function startReportSchedule(
  parts: ReportsParts,
  reports: Pick<ReportProvider, "list" | "publish">,
  logger: Logger,
): () => Promise<void> {
  const { config, store, now, at } = parts;
  const stop = new AbortController();
  const send = config.report.mail === undefined ? undefined : mailer(config.report.mail, at);
  const close = startSchedule({
    ...{ store, now, logger, timeZoneOf: timeZonesOf(config) },
    schedules: config.report.schedule,
    publish: (tenant, period) => publishedOrLast(reports, tenant, period, now()),
    async mail(report, to) {
      const document = await publishedDocument(parts, report);
      const { accessible } = await renderPdfs(document, stop.signal);
      await send?.(report, to, `${document.fileName}.pdf`, accessible, reportMailText(document));
    },
    async file(report, folder) {
      const document = await publishedDocument(parts, report);
      const { archive, accessible } = await renderPdfs(document, stop.signal);
      const place = join(at(folder), document.fileName);
      try {
        await writeHandOver(place, await handOverFiles(document, archive));
      } catch (error) {
        // An attempt before has got that far.
        if (!isAppError(error, "HW_EXISTS")) throw error;
      }
      await writeFile(`${place}-ua.pdf`, accessible);
      await writeFile(`${place}.html`, renderHtml(document));
    },
  });
  return async () => {
    stop.abort();
    await close();
  };
}

async function publishedOrLast(
  reports: Pick<ReportProvider, "list" | "publish">,
  tenant: string,
  period: string,
  at: number,
): Promise<PublishedReport> {
  try {
    return await reports.publish(tenant, period, { at, actor: "system" });
  } catch (error) {
    if (!isAppError(error, "HW_EXISTS")) throw error;
    const last = (await reports.list(tenant)).find((one) => one.period.name === period);
    if (last === undefined) throw error;
    return last;
  }
}

function mailer(mail: NonNullable<ReportConfig["mail"]>, at: (path: string) => string) {
  const { host, port, security, from, user, passwordFile } = mail;
  const password = passwordFile === undefined ? "" : readSecret(at(passwordFile));
  const transport = createTransport({
    ...{ host, port, secure: security === "tls", requireTLS: security === "starttls" },
    ignoreTLS: security === "none",
    ...(user === undefined ? {} : { auth: { user, pass: password } }),
    ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const domain = from.slice(from.lastIndexOf("@") + 1);
  return async (
    { hash }: PublishedReport,
    to: readonly string[],
    filename: string,
    content: Buffer,
    { subject, text }: ReturnType<typeof reportMailText>,
  ): Promise<void> => {
    await transport.sendMail({
      ...{ from, to: [...to], subject, text },
      attachments: [{ filename, content, contentType: "application/pdf" }],
      // The same report has the same name, so that one that is sent twice can be told.
      messageId: `<bericht-${hash.slice(0, 32)}@${domain}>`,
      headers: { "Auto-Submitted": "auto-generated" },
    });
  };
}

function readSecret(path: string): string {
  try {
    return readFileSync(path, "utf8").split(/\r?\n/, 1)[0] ?? "";
  } catch (cause) {
    throw new AppError("HW_CONFIG_INVALID", `report.mail: ${path} kann nicht gelesen werden`, {
      place: "report.mail.passwordFile",
      mend: "Pfad und Leserechte der Datei prüfen",
      cause,
    });
  }
}
