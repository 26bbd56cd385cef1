// Starts the real Kafka and Elasticsearch that the suite "servers" tests against, and stops them behind it.
// Where HEIDEWACHT_TEST_KAFKA (host:port) and HEIDEWACHT_TEST_ELASTICSEARCH (URL) name running ones, those
// are used and left alone.
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const KAFKA_PORT = 19_392;
const ELASTICSEARCH_PORT = 19_410;

/** Their files, fetched once. Elasticsearch runs as nobody, so the folder has to be reachable by all. */
const folder = process.env.HEIDEWACHT_SERVERS_FOLDER ?? join(tmpdir(), "heidewacht-servers");

export async function setup(): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const stops: (() => Promise<unknown>)[] = [];
  const start = async (name: string, port: number) => {
    const script = join(import.meta.dirname, `${name}.sh`);
    const place = join(folder, name);
    // Their own output goes to files; what they inherit would keep this process waiting for it.
    await run("bash", ["-c", `"$0" start "$1" "$2" > "$1.log" 2>&1`, script, place, String(port)]);
    stops.push(() => run("bash", [script, "stop", place]));
  };
  const given = takeFromEnvironment();
  if (given.kafka === undefined) await start("kafka", KAFKA_PORT);
  if (given.elasticsearch === undefined) await start("elasticsearch", ELASTICSEARCH_PORT);
  process.env.TEST_KAFKA = given.kafka ?? `127.0.0.1:${KAFKA_PORT}`;
  process.env.TEST_ELASTICSEARCH = given.elasticsearch ?? `http://127.0.0.1:${ELASTICSEARCH_PORT}`;
  return async () => {
    for (const stop of stops.reverse()) await stop();
  };
}

// Taken out of the environment: what our own processes inherit with this beginning they take for settings.
function takeFromEnvironment() {
  const { HEIDEWACHT_TEST_KAFKA: kafka, HEIDEWACHT_TEST_ELASTICSEARCH: elasticsearch } =
    process.env;
  delete process.env.HEIDEWACHT_TEST_KAFKA;
  delete process.env.HEIDEWACHT_TEST_ELASTICSEARCH;
  return { kafka, elasticsearch };
}
