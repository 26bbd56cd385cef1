// Simulated days, shipped record after record in the order of time at a steady pace, each retried until it is
// acknowledged. What was shipped can be shipped again to another installation.
import { setTimeout as sleep } from "node:timers/promises";
import { createBulkSender } from "../../services/cli/bulk-sender.ts";
import { simulate } from "../../services/simulator/simulate.ts";
import { BROKEN_SOURCE, type Installation } from "../support/loopback.ts";
import { orderedShipments, type Shipment } from "../support/replay.ts";

const FIRST_DAY = "2026-01-12";
const RECORDS_A_DAY = 8000;
const RECORDS_PER_SHIPMENT_MAX = 20;
const RETRY_MS = 500;

/** Days without end, each with an intrusion; the same for the same seed. */
export function* shipmentsOfDays(seed: string): Generator<Shipment> {
  for (let days = 0; ; days += 1) {
    const day = Temporal.PlainDate.from(FIRST_DAY).add({ days }).toString();
    const options = { seed: `${seed}/${days}`, day, eventsTarget: RECORDS_A_DAY, intrusion: true };
    yield* orderedShipments(simulate(options).records, RECORDS_PER_SHIPMENT_MAX);
  }
}

export interface Shipping {
  /** What was acknowledged so far, in order. */
  readonly acknowledged: readonly Shipment[];
  /** Attempts that were not acknowledged. */
  readonly retries: number;
  /** Resolves when a further request was acknowledged. @throws Error when none is until `deadline` (ms UTC) */
  untilNext(deadline: number): Promise<void>;
  /** Resolves when the request at hand is acknowledged. */
  stop(): Promise<void>;
}

/** @param everyMs between two requests; what was held up is caught up with as fast as it is taken */
export function startShipping(
  shipments: Iterable<Shipment>,
  installation: Installation,
  everyMs: number,
): Shipping {
  const acknowledged: Shipment[] = [];
  const startedAt = Date.now();
  let retries = 0;
  let isStopping = false;
  let failure: unknown;
  const send = senderOf(installation, () => {
    retries += 1;
  });
  const ship = async () => {
    for (const shipment of shipments) {
      const dueInMs = startedAt + acknowledged.length * everyMs - Date.now();
      if (dueInMs > 0) await sleep(dueInMs);
      if (isStopping) return;
      await send(shipment);
      acknowledged.push(shipment);
    }
  };
  const shipping = ship().catch((error: unknown) => {
    failure = error;
  });
  return {
    acknowledged,
    get retries() {
      return retries;
    },
    async untilNext(deadline) {
      // One may be under way that was taken before.
      const wanted = acknowledged.length + 2;
      while (acknowledged.length < wanted) {
        if (failure !== undefined) throw failure;
        if (Date.now() >= deadline) throw new Error("no sender is acknowledged any more");
        await sleep(20);
      }
    },
    async stop() {
      isStopping = true;
      await shipping;
      if (failure !== undefined) throw failure;
    },
  };
}

/** Ships all of it, as fast as it is taken. */
export async function shipAll(
  shipments: Iterable<Shipment>,
  installation: Installation,
): Promise<void> {
  const send = senderOf(installation, () => undefined);
  for (const shipment of shipments) await send(shipment);
}

function senderOf(
  installation: Installation,
  onRetry: () => void,
): (shipment: Shipment) => Promise<void> {
  const { inputUrl, keyOf } = installation;
  const sender = createBulkSender(inputUrl, keyOf, onRetry);
  const broken = createBulkSender(inputUrl, () => keyOf(BROKEN_SOURCE), onRetry);
  return async ({ isBroken, source, records }) => {
    for (;;) {
      try {
        await (isBroken ? broken : sender).send(source, records);
        return;
      } catch (error) {
        // It gives up after a while; shippers don't.
        if (!(error instanceof TypeError || isBusy(error))) throw error;
        await sleep(RETRY_MS);
      }
    }
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "HW_BUSY";
}
