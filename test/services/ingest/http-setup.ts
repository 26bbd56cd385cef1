// An HTTP input on a free loopback port with one shipper's key, for the tests.
import { createHash } from "node:crypto";
import { pino } from "pino";
import { Registry } from "prom-client";
import { inputsSchema } from "../../../config/inputs.ts";
import { type HttpInput, openHttpInput } from "../../../services/ingest/http-input.ts";
import { createIngestMetrics } from "../../../services/ingest/metrics.ts";
import { createRawSink } from "../../../services/ingest/raw-sink.ts";
import { createStaticShipperKeys } from "../../../services/ingest/shipper-keys.ts";
import { createMemoryBus, type MemoryBus } from "./memory-bus.ts";

const KEY_ID = "dc01";
const KEY = "s3cret-Key:with-colon";
export const API_KEY = Buffer.from(`${KEY_ID}:${KEY}`).toString("base64");
export const AUTHORIZATION = { authorization: `ApiKey ${API_KEY}` };

export interface HttpSetup extends AsyncDisposable {
  readonly input: HttpInput;
  readonly bus: MemoryBus;
  readonly registry: Registry;
  counted(name: string): Promise<number>;
}

export async function openTestInput(settings: Record<string, unknown> = {}): Promise<HttpSetup> {
  const bus = createMemoryBus();
  const registry = new Registry();
  const metrics = createIngestMetrics(registry);
  const key = {
    id: KEY_ID,
    sha256: createHash("sha256").update(KEY).digest("hex"),
    tenant: "kreis",
    source: "domaenencontroller",
    timeZone: "Europe/Berlin",
  };
  const { http } = inputsSchema.parse({ http: { port: 0, keys: [key], ...settings } });
  const input = await openHttpInput({
    config: http,
    sink: createRawSink(bus, metrics),
    metrics,
    keys: createStaticShipperKeys(http.keys),
    logger: pino({ level: "silent" }),
  });
  return {
    input,
    bus,
    registry,
    async counted(name) {
      const values = (await registry.getSingleMetric(name)?.get())?.values ?? [];
      return values.reduce((sum, one) => sum + one.value, 0);
    },
    [Symbol.asyncDispose]: () => input.close(),
  };
}
