// What the API tells of the stages' unread records.
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ProbeApi } from "./probe.ts";

const POLL_MS = 50;
const statusSchema = z.object({ lag: z.array(z.object({ records: z.number() })) });

/** Resolves when nothing is unread any more at any stage. */
export async function untilNothingUnread({ url, token }: ProbeApi): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/api/v1/status`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`the API answered ${answer.status}: ${await answer.text()}`);
    const { lag } = statusSchema.parse(await answer.json());
    if (lag.every(({ records }) => records === 0)) return;
    await sleep(POLL_MS);
  }
}

/** Sum of a counter over all its labels, by a process's `/metrics`; 0 where it has none yet. */
export async function counterOf(monitoringPort: number, name: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${monitoringPort}/metrics`);
  return (await answer.text())
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}

/** Events that a `detect` process has matched. */
export function eventsDetected(monitoringPort: number): Promise<number> {
  return counterOf(monitoringPort, "heidewacht_detect_events_total");
}
