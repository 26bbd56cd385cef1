// Ships simulated records to a running input as Beats do: by the Elasticsearch bulk protocol, with the
// source's own id, retried until they are acknowledged.
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../config/errors.ts";
import type { SimulatedRecord, SourceName } from "../simulator/record.ts";

const RETRY_MS = 250;
const ATTEMPTS_MAX = 240;

// What a Filebeat module says of a line that it carries.
const MODULES: Partial<Record<SourceName, string>> = {
  firewall: "fortinet_fortigate",
  linux: "system.auth",
  audit: "auditd",
  web: "nginx.access",
};

export interface BulkSender {
  /** Resolves when every record of the batch was acknowledged. */
  send(source: SourceName, records: readonly SimulatedRecord[]): Promise<void>;
}

/** @param keyOf `id:key` of the shipper of a source */
export function createBulkSender(
  inputUrl: string,
  keyOf: (source: SourceName) => string,
): BulkSender {
  return {
    async send(source, records) {
      const body = records.map((record) => `${actionOf(record)}\n${documentOf(record)}\n`).join("");
      const authorization = `ApiKey ${Buffer.from(keyOf(source)).toString("base64")}`;
      for (let attempt = 1; ; attempt += 1) {
        const response = await fetch(`${inputUrl}/_bulk?filter_path=errors,items.*.error`, {
          method: "POST",
          headers: { "content-type": "application/x-ndjson", authorization },
          body,
        }).catch((error: unknown) => {
          if (attempt >= ATTEMPTS_MAX) throw error;
          return undefined;
        });
        if (response?.ok === true) {
          const answer = await response.text();
          if (!answer.includes('"errors":true')) return;
          throw new AppError("HW_REQUEST_INVALID", answer.slice(0, 500), { place: source });
        }
        const status = response?.status ?? 0;
        const again = response === undefined || status === 429 || status >= 500;
        if (!again || attempt >= ATTEMPTS_MAX) {
          throw new AppError("HW_BUSY", `the input answered ${status}`, { place: inputUrl });
        }
        await sleep(RETRY_MS);
      }
    },
  };
}

function actionOf(record: SimulatedRecord): string {
  return JSON.stringify({ create: { _index: "logs", _id: record.id } });
}

function documentOf(record: SimulatedRecord): string {
  const module = MODULES[record.source];
  if (module === undefined) return record.text;
  return JSON.stringify({ message: record.text, event: { module } });
}
