// Publishes numbered records and reads them at the same time, until it is killed. Arguments: data folder,
// first number.
import { openEmbeddedBus } from "../../../services/bus/embedded.ts";

const [dataDir = "", first = "0"] = process.argv.slice(2);
const limits = { retentionMs: 1e12, retentionBytes: 1e12, backlogBytesMax: 1e12 };
const topics = [{ name: "single", partitions: 1, compacted: false, ...limits }];
const bus = openEmbeddedBus({ dataDir, topics, sealedTopics: [] });
await bus.consume(["a"], {
  topic: "single",
  group: "child",
  recordsPerBatchMax: 10,
  lingerMs: 0,
  retryDelayMs: 5,
  handle: async () => undefined,
});
for (let number = Number(first); ; number += 3) {
  const record = (value: number) => ({ key: "k", value: Buffer.from(String(value)) });
  await bus.publish("a", "single", [number, number + 1, number + 2].map(record));
  process.stdout.write(`${number + 2}\n`);
}
