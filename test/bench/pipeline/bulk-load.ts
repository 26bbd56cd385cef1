// Sends lines to the HTTP input as shippers do, with several requests under way, and again where the
// answer is that there is no room.
import { setTimeout as sleep } from "node:timers/promises";

const LINES_PER_REQUEST = 500;
const REQUESTS_AT_ONCE = 4;
const RETRY_MS = 50;

export interface BulkTarget {
  readonly inputUrl: string;
  /** `id:key` */
  readonly key: string;
}

/**
 * Sends all lines; ids are `<run>-<number>`.
 * @param perSecond pace; undefined: as fast as they are taken
 */
export async function sendBulk(
  target: BulkTarget,
  lines: readonly string[],
  run: string,
  perSecond?: number,
): Promise<void> {
  const startedAt = performance.now();
  let next = 0;
  const sendInTurn = async () => {
    while (next < lines.length) {
      const first = next;
      next += LINES_PER_REQUEST;
      if (perSecond !== undefined) {
        const due = startedAt + (first / perSecond) * 1000;
        await sleep(Math.max(0, due - performance.now()));
      }
      const part = lines.slice(first, first + LINES_PER_REQUEST);
      await post(target, part, (at) => `${run}-${first + at}`);
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, sendInTurn));
}

async function post(
  { inputUrl, key }: BulkTarget,
  lines: readonly string[],
  idOf: (at: number) => string,
): Promise<void> {
  const body = lines
    .map((line, at) => `{"create":{"_index":"logs","_id":"${idOf(at)}"}}\n${line}\n`)
    .join("");
  const headers = {
    authorization: `ApiKey ${Buffer.from(key).toString("base64")}`,
    "content-type": "application/x-ndjson",
  };
  for (;;) {
    const answer = await fetch(`${inputUrl}/_bulk?filter_path=errors`, {
      ...{ method: "POST", headers, body },
    });
    const text = await answer.text();
    if (answer.ok && !text.includes("true")) return;
    if (answer.status !== 429) throw new Error(`the input answered ${answer.status}: ${text}`);
    await sleep(RETRY_MS);
  }
}
