// Where the real servers of the suite "servers" answer (global-setup.ts starts them), and names of which no
// two tests get the same, so that they share the servers without seeing each other.
import { randomBytes } from "node:crypto";

/** `host:port` of the broker, without TLS and sign-in. */
export function kafkaBroker(): string {
  return fromEnvironment("TEST_KAFKA");
}

/** URL of Elasticsearch. */
export function elasticsearchUrl(): string {
  return fromEnvironment("TEST_ELASTICSEARCH");
}

/** The superuser of the test's Elasticsearch. */
export const ELASTIC_USER = { username: "elastic", password: "test-password-1" } as const;

/** A prefix that nobody else has: letters and digits, at most 20. */
export function ownPrefix(): string {
  return `t${randomBytes(5).toString("hex")}`;
}

function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run npm run test:servers`);
  return value;
}
