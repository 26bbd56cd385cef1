// An analyst who is a program: judges findings through the API, and repeats with what it reads anew until it
// is acknowledged. Each attempt says something of its own, so that it can be found again.
import { setTimeout as sleep } from "node:timers/promises";
import type { FindingPage, VersionedFinding } from "../../services/api/schemas.ts";
import type { Random } from "../../services/simulator/random.ts";

const EVERY_MS = 1500;
const RETRY_MS = 500;
const ANSWER_MS = 20_000;
/** Begins every comment of its own. */
const SIMULATED = "[simuliert]";
const FINDINGS = 100;

/** A verdict that the API has acknowledged. */
export interface Acknowledged {
  readonly finding: string;
  readonly comment: string;
}

export interface Analyst {
  readonly acknowledged: readonly Acknowledged[];
  /** Attempts without an acknowledgement; they may have been carried out all the same. */
  readonly retries: number;
  /** Resolves when the verdict at hand is acknowledged. */
  stop(): Promise<void>;
}

/** Begins to judge. False positives are none of it: they would change what other findings are made of. */
export function startAnalyst(consoleUrl: string, token: string, random: Random): Analyst {
  const acknowledged: Acknowledged[] = [];
  const ask = apiOf(consoleUrl, token);
  let attempts = 0;
  let isStopping = false;
  const pickFinding = async (): Promise<string | undefined> => {
    const page = await ask<FindingPage>(`/findings?limit=${FINDINGS}&sort=raisedAt`);
    return page.findings.length === 0 ? undefined : random.pick(page.findings).id;
  };
  const judge = async (finding: string): Promise<void> => {
    const path = `/findings/${encodeURIComponent(finding)}`;
    const { version } = await ask<VersionedFinding>(path);
    attempts += 1;
    const comment = `${SIMULATED} Versuch ${attempts}`;
    const verdict = attempts % 3 === 0 ? "undetermined" : "true_positive";
    await ask<VersionedFinding>(`${path}/verdict`, { version, verdict, comment });
    acknowledged.push({ finding, comment });
  };
  const work = async () => {
    while (!isStopping) {
      const finding = await untilDone(pickFinding);
      if (finding !== undefined) await untilDone(() => judge(finding));
      await sleep(EVERY_MS);
    }
  };
  let failure: unknown;
  const working = work().catch((error: unknown) => {
    failure = error;
  });
  return {
    acknowledged,
    get retries() {
      return attempts - acknowledged.length;
    },
    async stop() {
      isStopping = true;
      await working;
      if (failure !== undefined) throw failure;
    },
  };
}

/** Whatever goes wrong (no answer, 5xx, somebody was quicker): all of it again. */
async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refused) throw error;
      await sleep(RETRY_MS);
    }
  }
}

/** The request itself is wrong. */
class Refused extends Error {}

function apiOf(consoleUrl: string, token: string) {
  return async <T>(path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${consoleUrl}/api/v1${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    const { status } = response;
    if (status >= 400 && status < 500 && status !== 409 && status !== 429)
      throw new Refused(`${path}: ${status} ${text.slice(0, 300)}`);
    if (!response.ok) throw new Error(`${path}: ${status}`);
    const answer: T = JSON.parse(text);
    return answer;
  };
}
