// One queue for each tenant of a listener: the bus pushes back per tenant, and one tenant's full backlog must
// hold up nobody else's records.
import assert from "node:assert/strict";
import type { SyslogConfig } from "../../config/network-inputs.ts";
import { createRecordQueue, type RecordQueue, type RecordQueueOptions } from "./record-queue.ts";

/**
 * The queues of a listener as one. Each tenant has its share of the bytes.
 * @param config tenants are those of `binding` and `senders`
 */
export function createTenantQueues(
  config: Pick<SyslogConfig, "binding" | "senders">,
  options: RecordQueueOptions,
): RecordQueue {
  const tenants = new Set(
    [config.binding, ...config.senders].flatMap((one) => (one === undefined ? [] : [one.tenant])),
  );
  const queueBytesMax = Math.max(1, Math.floor(options.queueBytesMax / tenants.size));
  const queues = new Map(
    [...tenants].map((tenant) => [tenant, createRecordQueue({ ...options, queueBytesMax })]),
  );
  const of = (tenant: string): RecordQueue => {
    const queue = queues.get(tenant);
    assert(queue !== undefined, "records have one of the listener's bindings");
    return queue;
  };
  return {
    offer: (record) => of(record.origin.binding.tenant).offer(record),
    async put(records) {
      const [first] = records;
      return first === undefined || of(first.origin.binding.tenant).put(records);
    },
    stopWaiting() {
      for (const queue of queues.values()) queue.stopWaiting();
    },
    async close(graceMs) {
      const left = await Promise.all([...queues.values()].map((queue) => queue.close(graceMs)));
      return left.reduce((sum, count) => sum + count, 0);
    },
  };
}
