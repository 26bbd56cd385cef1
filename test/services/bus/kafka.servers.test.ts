// The Kafka bus keeps the contract of every bus, with both client libraries, against a real broker.
import { pino } from "pino";
import { afterAll } from "vitest";
import { type KafkaBusOptions, openKafkaBus } from "../../../services/bus/kafka.ts";
import { describeBusContract } from "../../contract/bus.ts";
import { CONTRACT_TOPICS } from "../../contract/bus-examples.ts";
import { kafkaBroker, ownPrefix } from "../../servers/addresses.ts";
import { deleteTopics } from "../../servers/kafka-cleaning.ts";

const logger = pino({ level: process.env.LOG_LEVEL ?? "silent" });
const prefixes: string[] = [];

afterAll(() => deleteTopics(kafkaBroker(), prefixes));

for (const client of ["platformatic", "kafkajs"] as const)
  describeBusContract(`the Kafka bus with ${client}`, async () => {
    const prefix = ownPrefix();
    prefixes.push(prefix);
    const open = (crash: AbortSignal) => openKafkaBus({ ...options(client, prefix), crash });
    const first = new AbortController();
    const bus = await open(first.signal);
    const controllers = [first];
    return {
      bus,
      // The first one is gone like a killed process: Kafka notices after the session timeout.
      reopen: () => {
        first.abort();
        const next = new AbortController();
        controllers.push(next);
        return open(next.signal);
      },
      dispose: async () => {
        // A consumer that hangs on purpose would hang close as well.
        await Promise.race([bus.close(), new Promise<void>((done) => setTimeout(done, 2000))]);
        for (const controller of controllers) controller.abort();
      },
    };
  });

function options(client: KafkaBusOptions["client"], prefix: string): KafkaBusOptions {
  return {
    connection: {
      brokers: [kafkaBroker()],
      clientId: "heidewacht-test",
      tls: undefined,
      sasl: undefined,
    },
    client,
    prefix,
    compression: "zstd",
    sessionTimeoutMs: 6000,
    topics: CONTRACT_TOPICS,
    sealedTopics: [],
    logger,
  };
}
