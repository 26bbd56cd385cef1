// Events of which each makes a finding of its own, and how long it takes from sending one until the API
// lists its finding.
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const POLL_MS = 20;
/** A finding that is not there after this long is counted as missing. */
const WAIT_MS_MAX = 60_000;
const PROBES_PER_PAGE = 200;

/** A rule without state that hits probes and nothing else. */
export const PROBE_RULE = `title: Probe
id: 6f7f9a52-6f06-4b4f-9a0c-3a0f4f3a7b11
status: stable
description: Hits the events by which delays are measured.
level: high
logsource:
  product: windows
detection:
  selection:
    EventID: 31337
  condition: selection
`;
const RULE_ID = "6f7f9a52-6f06-4b4f-9a0c-3a0f4f3a7b11";

/** A Windows event of a machine that nothing else speaks of. */
function probeLine(name: string, time: number): string {
  return JSON.stringify({
    "@timestamp": new Date(time).toISOString(),
    EventID: 31_337,
    Channel: "Probe",
    Computer: name,
  });
}

const pageSchema = z.object({
  findings: z.array(z.object({ entities: z.array(z.object({ value: z.string() })) })),
});

export interface ProbeApi {
  readonly url: string;
  readonly token: string;
}

/** Machines whose findings the API lists, newest first. */
async function listed({ url, token }: ProbeApi): Promise<string[]> {
  const query = new URLSearchParams({
    detector: RULE_ID,
    sort: "raisedAt",
    limit: String(PROBES_PER_PAGE),
  });
  const answer = await fetch(`${url}/api/v1/findings?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(`the API answered ${answer.status}: ${await answer.text()}`);
  const { findings } = pageSchema.parse(await answer.json());
  return findings.flatMap(({ entities }) => entities.map(({ value }) => value.toLowerCase()));
}

/**
 * Sends probes at an even pace and waits for their findings.
 * @param send resolves when the probe is acknowledged
 * @returns milliseconds from the begin of sending to the answer that lists the finding, one each
 */
export async function measureDelays(
  api: ProbeApi,
  send: (line: string) => Promise<void>,
  {
    probes,
    everyMs,
    run,
  }: { readonly probes: number; readonly everyMs: number; readonly run: string },
): Promise<number[]> {
  const sentAt = new Map<string, number>();
  const delays: number[] = [];
  let isSending = true;
  const sending = (async () => {
    for (let number = 0; number < probes; number += 1) {
      const name = `probe-${run}-${number}`;
      sentAt.set(name, performance.now());
      await send(probeLine(name, Date.now()));
      await sleep(everyMs);
    }
    isSending = false;
  })();
  let quietSince = performance.now();
  while ((isSending || sentAt.size > 0) && performance.now() - quietSince < WAIT_MS_MAX) {
    const names = await listed(api);
    const now = performance.now();
    for (const name of names) {
      const sent = sentAt.get(name);
      if (sent === undefined) continue;
      sentAt.delete(name);
      delays.push(now - sent);
      quietSince = now;
    }
    await sleep(POLL_MS);
  }
  await sending;
  if (sentAt.size > 0) throw new Error(`${sentAt.size} of ${probes} probes made no finding`);
  return delays;
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
