// Once a day writes down the head of each tenant's audit chain outside of the store: a line in a file, a
// syslog message, a request. What can't be reached is tried again every hour.
import { createSocket } from "node:dgram";
import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import type { AnchorConfig } from "../config/audit.ts";
import { isAppError, messageOf } from "../config/errors.ts";
import type { KeyRing } from "./privacy/keys.ts";
import { type Anchor, lastEntry, signAnchor } from "./store/audit-anchor.ts";
import { SETTING_KIND } from "./store/kinds.ts";
import type { Store } from "./store/store.ts";

const LOOK_MS = 3_600_000;
const WEBHOOK_TIMEOUT_MS = 10_000;
const SYSLOG_PORT = 514;
/** Facility 13 (log audit), severity 5 (notice): RFC 5424, section 6.2.1. */
const SYSLOG_PRIORITY = 13 * 8 + 5;
/** Names the last day that was anchored. */
const ANCHORED = "audit.anchored";

export interface AnchoringParts {
  readonly store: Store;
  readonly tenants: readonly string[];
  readonly ring: KeyRing;
  /** Its folder is absolute. */
  readonly anchor: AnchorConfig;
  /** ms UTC. */
  readonly now: () => number;
  readonly logger: Pick<Logger, "warn">;
}

/** Starts it; the result stops it and waits for what is under way. Without a place nothing happens. */
export function startAnchoring(parts: AnchoringParts): () => Promise<void> {
  if (Object.keys(parts.anchor).length === 0) return async () => undefined;
  let running = Promise.resolve();
  let isAway = false;
  const round = async (): Promise<void> => {
    for (const tenant of parts.tenants) {
      try {
        await anchorToday(parts, tenant);
        isAway = false;
      } catch (error) {
        if (!isAway)
          parts.logger.warn(
            { tenant, reason: messageOf(error) },
            "the audit chain was not anchored",
          );
        isAway = true;
      }
    }
  };
  const look = () => {
    running = running.then(round);
  };
  look();
  const timer = setInterval(look, LOOK_MS).unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}

/** Anchors a tenant's chain unless that was done today (UTC). @returns whether it was done now */
export async function anchorToday(parts: AnchoringParts, tenant: string): Promise<boolean> {
  const { store, ring, anchor, now } = parts;
  const at = now();
  const day = new Date(at).toISOString().slice(0, 10);
  const known = await store.get(tenant, SETTING_KIND, ANCHORED);
  if (known?.document.value === day) return false;
  const last = await lastEntry(store, tenant);
  if (last === undefined) return false;
  const { sequence, hash } = last;
  const line = signAnchor({ tenant, sequence, hash, at }, ring.derive(tenant, "anchor"));
  await Promise.all([
    anchor.folder === undefined ? undefined : appendLine(anchor.folder, line),
    anchor.syslog === undefined ? undefined : sendSyslog(anchor.syslog, line),
    anchor.webhook === undefined ? undefined : post(anchor.webhook, line),
  ]);
  const setting = { value: day, changedAt: at, changedBy: "system" };
  try {
    if (known === undefined) await store.create(tenant, SETTING_KIND, ANCHORED, setting);
    else await store.replace(tenant, SETTING_KIND, ANCHORED, setting, known.version);
  } catch (error) {
    // Another process has done it, too: two lines of a day say the same.
    if (!isAppError(error, "HW_EXISTS") && !isAppError(error, "HW_CONFLICT")) throw error;
  }
  return true;
}

/** Opened for appending only: all that a share for it has to allow. */
async function appendLine(folder: string, line: Anchor): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${line.tenant}.anchors.jsonl`);
  writeFileSync(path, `${JSON.stringify(line)}\n`, { flag: "a", flush: true });
}

async function sendSyslog(address: string, line: Anchor): Promise<void> {
  const { hostname: host, port } = new URL(address);
  const time = new Date(line.at).toISOString();
  const head = `<${SYSLOG_PRIORITY}>1 ${time} ${hostname()} heidewacht - audit-anchor -`;
  const name = host.replace(/^\[|\]$/g, "");
  const socket = createSocket(name.includes(":") ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      const told = (error: Error | null) => (error === null ? resolve() : reject(error));
      const text = `${head} ${JSON.stringify(line)}`;
      socket.send(text, Number(port) || SYSLOG_PORT, name, told);
    });
  } finally {
    socket.close();
  }
}

async function post(address: string, line: Anchor): Promise<void> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(line),
    redirect: "error",
    signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the webhook answers ${answer.status}`);
}
