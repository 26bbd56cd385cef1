// A client of Elasticsearch as the configuration says it, and the names of all that is ours there.
import { readFileSync } from "node:fs";
import { Client, type ClientOptions } from "@elastic/elasticsearch";
import type { StoreConfig } from "../../config/elasticsearch.ts";
import { AppError } from "../../config/errors.ts";

const IDLE_MS_MAX = 10_000;

/** A client with what the store and the archive have to know beside it. */
export interface Elasticsearch {
  readonly client: Client;
  /** All our names begin with it. */
  readonly prefix: string;
  readonly replicas: number;
  readonly eventShards: number;
}

/**
 * Makes the client; nothing is asked of the server yet.
 * @param at makes a path of the configuration absolute
 * @throws AppError HW_CONFIG_INVALID for a file that can't be read
 */
export function openElasticsearch(
  config: StoreConfig,
  at: (path: string) => string,
): Elasticsearch {
  const read = (path: string, name: string) => readText(at(path), `store.${name}`);
  // Where connections die without a word, each costs a request its whole patience. Those that lie idle
  // meanwhile are gone when it asks again, so that it waits for one of them, not for all in turn.
  const idleMs = Math.min(IDLE_MS_MAX, config.requestTimeoutMs / 2);
  const options: ClientOptions = {
    nodes: [...config.nodes],
    requestTimeout: config.requestTimeoutMs,
    agent: { keepAliveTimeout: idleMs, keepAliveMaxTimeout: idleMs },
    // Repeating is decided where it is known whether it is harmless.
    maxRetries: 0,
    // No line to elsewhere: neither telemetry nor a look at what the server is sold as.
    enableMetaHeader: false,
  };
  if (config.caFile !== undefined) options.tls = { ca: read(config.caFile, "caFile") };
  if (config.apiKeyFile !== undefined) {
    options.auth = { apiKey: firstLine(read(config.apiKeyFile, "apiKeyFile")) };
  } else if (config.username !== undefined && config.passwordFile !== undefined) {
    const password = firstLine(read(config.passwordFile, "passwordFile"));
    options.auth = { username: config.username, password };
  }
  const { prefix, replicas, eventShards } = config;
  return { client: new Client(options), prefix, replicas, eventShards };
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? "";
}

function readText(path: string, place: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("HW_CONFIG_INVALID", `${place}: ${path} kann nicht gelesen werden`, {
      place,
      mend: "Pfad und Leserechte der Datei prüfen",
      cause,
    });
  }
}
