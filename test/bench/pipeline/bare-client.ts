// The limit of any consumer in this language: takes a topic's records from the broker, parses the JSON,
// and forgets it. `node bare-client.ts BROKER TOPIC RECORDS` prints its CPU-seconds.
import { Consumer, MessagesStreamFallbackModes, MessagesStreamModes } from "@platformatic/kafka";

const [broker = "", topic = "", count = "0"] = process.argv.slice(2);
const consumer = new Consumer({
  clientId: "bare",
  groupId: `bare-${process.pid}`,
  bootstrapBrokers: [broker],
});
const stream = await consumer.consume({
  topics: [topic],
  mode: MessagesStreamModes.COMMITTED,
  fallbackMode: MessagesStreamFallbackModes.EARLIEST,
  autocommit: false,
});
let left = Number(count);
let fields = 0;
const before = process.cpuUsage();
for await (const { value } of stream) {
  fields += Object.keys(JSON.parse(String(value))).length;
  left -= 1;
  if (left === 0) break;
}
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${JSON.stringify({ cpuSeconds: (user + system) / 1e6, fields })}\n`);
await consumer.close(true);
