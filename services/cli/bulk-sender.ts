// Ships simulated records to a running input as Beats do: by the Elasticsearch bulk protocol, with the
// source's own id, retried until they are acknowledged.
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../config/errors.ts";
import type { SimulatedRecord, SourceName } from "../simulator/record.ts";

const RETRY_MS = 250;
const ATTEMPTS_MAX = 240;

// The Filebeat data set of a line that it carries; the module is its first part.
const DATASETS: Partial<Record<SourceName, string>> = {
  firewall: "fortinet.firewall",
  linux: "system.auth",
  audit: "auditd.log",
  web: "nginx.access",
};
const ECS_VERSION = "8.0.0";

export interface BulkSender {
  /** Resolves when every record of the batch was acknowledged. */
  send(source: SourceName, records: readonly SimulatedRecord[]): Promise<void>;
}

/**
 * @param keyOf `id:key` of the shipper of a source
 * @param onRetry told of every attempt that was not acknowledged
 */
export function createBulkSender(
  inputUrl: string,
  keyOf: (source: SourceName) => string,
  onRetry: () => void = () => undefined,
): BulkSender {
  return {
    async send(source, records) {
      const body = records.map((record) => `${actionOf(record)}\n${documentOf(record)}\n`).join("");
      const authorization = `ApiKey ${Buffer.from(keyOf(source)).toString("base64")}`;
      for (let attempt = 1; ; attempt += 1) {
        const answer = await post(inputUrl, authorization, body).catch((error: unknown) => {
          if (attempt >= ATTEMPTS_MAX) throw error;
          return undefined;
        });
        if (answer?.ok === true) {
          if (!answer.text.includes('"errors":true')) return;
          throw new AppError("HW_REQUEST_INVALID", answer.text.slice(0, 500), { place: source });
        }
        const status = answer?.status ?? 0;
        const again = answer === undefined || status === 429 || status >= 500;
        if (!again || attempt >= ATTEMPTS_MAX) {
          throw new AppError("HW_BUSY", `the input answered ${status}`, { place: inputUrl });
        }
        onRetry();
        await sleep(RETRY_MS);
      }
    },
  };
}

// Whole: an answer that breaks off acknowledges nothing.
async function post(inputUrl: string, authorization: string, body: string) {
  const response = await fetch(`${inputUrl}/_bulk?filter_path=errors,items.*.error`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson", authorization },
    body,
  });
  return { ok: response.ok, status: response.status, text: await response.text() };
}

function actionOf(record: SimulatedRecord): string {
  return JSON.stringify({ create: { _index: "logs", _id: record.id } });
}

// As Filebeat 8 ships a line before any ingest pipeline: `@timestamp` is when it read it.
function documentOf(record: SimulatedRecord): string {
  const dataset = DATASETS[record.source];
  if (dataset === undefined) return record.text;
  return JSON.stringify({
    "@timestamp": new Date(record.time).toISOString(),
    message: record.text,
    event: { module: dataset.split(".")[0], dataset },
    ecs: { version: ECS_VERSION },
    agent: { type: "filebeat" },
  });
}
