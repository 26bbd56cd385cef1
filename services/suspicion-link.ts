// Wires the sending of reports: ways and secrets as they are configured, and privacy for what people wrote.
import { readFileSync } from "node:fs";
import { AppError } from "../config/errors.ts";
import { createMailChannel } from "./cases/suspicion-report-mail.ts";
import { startSuspicionSender } from "./cases/suspicion-report-sender.ts";
import { createWebhookChannel } from "./cases/suspicion-report-webhook.ts";
import { createPrivacy } from "./privacy/protect.ts";
import { createTokens } from "./privacy/tokens.ts";
import type { Run } from "./run.ts";

/**
 * Starts sending where a way is configured.
 * @returns what stops it
 * @throws AppError HW_CONFIG_INVALID for a secret that can't be read
 */
export function startSuspicionReports(run: Run): () => Promise<void> {
  const { config, tenants, ports, ring, logger, now, at } = run;
  const { mail, webhook } = config.suspicion;
  if (mail === undefined && webhook === undefined) return async () => undefined;
  const secretOf = (path: string | undefined, place: string) =>
    path === undefined ? undefined : readSecret(at(path), place);
  const privacy = createPrivacy(ring);
  return startSuspicionSender({
    ...{ store: ports.store, tenants, language: config.language, now, logger },
    channels: {
      ...(mail === undefined
        ? {}
        : { mail: createMailChannel(mail, secretOf(mail.passwordFile, "mail.passwordFile")) }),
      ...(webhook === undefined
        ? {}
        : {
            webhook: createWebhookChannel(
              webhook.url,
              secretOf(webhook.secretFile, "webhook.secretFile"),
            ),
          }),
    },
    protect(tenant, text) {
      const field = { field: "message", value: text, operator: "", pattern: "" };
      const safe = privacy.protectMatched(tenant, new Map(), [field])[0]?.value ?? "";
      return createTokens().text(safe);
    },
  });
}

function readSecret(path: string, place: string): string {
  try {
    return readFileSync(path, "utf8").split(/\r?\n/, 1)[0] ?? "";
  } catch (cause) {
    throw new AppError(
      "HW_CONFIG_INVALID",
      `suspicion.${place}: ${path} kann nicht gelesen werden`,
      {
        place: `suspicion.${place}`,
        mend: "Pfad und Leserechte der Datei prüfen",
        cause,
      },
    );
  }
}
