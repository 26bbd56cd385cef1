// The start where Kafka or Elasticsearch are away: waits for them as long as it takes, tells whoever asks
// that this process is not ready yet, and gives up only what no waiting mends.
import type { Logger } from "pino";
import { Registry } from "prom-client";
import { isAppError } from "../config/errors.ts";
import type { Config } from "../config/schema.ts";
import { checkMasterKey } from "./master-key.ts";
import { startMonitoring } from "./monitoring-server.ts";
import { openPorts, type Ports, type PortsParts } from "./ports.ts";

/** A start that takes no longer needs nobody who answers for it. */
const QUIET_MS = 2000;

export interface ServerWait extends Omit<PortsParts, "openPatienceMs"> {
  readonly tenants: readonly string[];
  readonly now: () => number;
}

/**
 * Opens the ports; resolves when their servers have answered, and the key is the one that the data was begun
 * with. Meanwhile the address that will tell the health of this process says that it is not ready.
 * @param onOpen given the ports as soon as there is something to close
 * @throws AppError what waiting can't mend: HW_DECRYPT_FAILED, HW_STORE_VERSION, HW_UNAUTHENTICATED,
 * HW_FORBIDDEN, HW_CONFIG_INVALID, HW_UNAVAILABLE where Elasticsearch refuses us; HW_PLACE_TAKEN for the
 * address; HW_CLOSED when told to stop
 */
export async function openWhenThere(
  wait: ServerWait,
  onOpen: (ports: Ports) => void,
): Promise<Ports> {
  const { config, logger } = wait;
  const progress: Progress = { missing: config.bus.kind };
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(wait.signal ? [wait.signal] : [])]);
  const opening = open({ ...wait, signal }, onOpen, progress);
  if (await isWithin(opening, QUIET_MS)) return opening;
  const room = await waitingRoom(config, progress, logger).catch(async (error: unknown) => {
    stop.abort();
    // Nothing may go on waiting; what comes of it does not matter any more.
    await opening.catch(() => undefined);
    throw error;
  });
  const { missing } = progress;
  logger.warn(
    { missing, health: room.url },
    "waiting for the servers; not ready until they answer",
  );
  try {
    return await opening;
  } finally {
    await room.close();
  }
}

interface Progress {
  /** Kind of the server that has not answered yet. */
  missing: string;
}

async function open(
  wait: ServerWait,
  onOpen: (ports: Ports) => void,
  progress: Progress,
): Promise<Ports> {
  const { config, ring, tenants, now } = wait;
  const ports = await openPorts({ ...wait, openPatienceMs: Number.POSITIVE_INFINITY });
  onOpen(ports);
  progress.missing = config.store.kind;
  const isAway = await elasticsearchIsAway(config);
  await repeated(isAway, () => checkMasterKey(ring, ports.store, tenants, now()));
  return ports;
}

/** The clients wait for a while themselves, and say once that a server is away. */
async function repeated(
  isAway: (error: unknown) => boolean,
  work: () => Promise<void>,
): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  }
}

async function elasticsearchIsAway({ store }: Config): Promise<(error: unknown) => boolean> {
  if (store.kind !== "elasticsearch") return () => false;
  const { errorType } = await import("./elasticsearch/retry.ts");
  return (error) =>
    isAppError(error, "HW_UNAVAILABLE") && errorType(error.cause) !== "security_exception";
}

async function isWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Listens where the API or the monitoring server will, with no figures yet. */
function waitingRoom(config: Config, progress: Progress, logger: Logger) {
  const { host, port } = config.services.includes("api") ? config.console : config.monitoring;
  const ready = async () => [progress.missing];
  return startMonitoring({ host, port, registry: new Registry(), ready, logger, isForNow: true });
}
