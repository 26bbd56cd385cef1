import { describe, expect, it } from "vitest";
import { configSchema } from "../../config/schema.ts";

const BINDING = { tenant: "kreis", source: "linux" };
const connection = { brokers: ["kafka1:9092"] };

function placesOfFaults(kafka: unknown, more: Readonly<Record<string, unknown>> = {}): string[] {
  const result = configSchema.safeParse({
    tenants: [{ id: "kreis", name: "Kreis" }],
    inputs: { kafka: [kafka] },
    ...more,
  });
  return (result.error?.issues ?? []).map(({ path }) => path.slice(3).join("."));
}

describe("settings of topics as an input", () => {
  it.each([
    ["a list", { connection, topics: ["logs"], binding: BINDING }, {}],
    ["a pattern", { connection, pattern: "logs-*", routes: [{ topic: "*", ...BINDING }] }, {}],
    ["tenants by header", { connection, topics: ["a"], tenantHeader: "m", tenants: ["kreis"] }, {}],
    ["the bus's connection", { topics: ["a"], binding: BINDING }, { bus: { kind: "kafka" } }],
  ])("are valid with %s", (_name, kafka, more) => {
    expect(placesOfFaults(kafka, more)).toEqual([]);
  });

  it.each([
    ["no topic", { connection, binding: BINDING }, ""],
    ["both kinds of topics", { connection, topics: ["a"], pattern: "b", binding: BINDING }, ""],
    ["nobody's records", { connection, topics: ["a"] }, ""],
    ["a topic with a space", { connection, topics: ["a b"], binding: BINDING }, "topics.0"],
    ["a pattern with brackets", { connection, pattern: "[ab]", binding: BINDING }, "pattern"],
    ["names without allowed tenants", { connection, topics: ["a"], tenantField: "m" }, "tenants"],
    [
      "allowed tenants without names",
      { connection, topics: ["a"], binding: BINDING, tenants: ["kreis"] },
      "tenants",
    ],
    [
      "fields in text",
      { connection, topics: ["a"], binding: BINDING, encoding: "text", sourceField: "host" },
      "encoding",
    ],
    [
      "an unknown tenant that may be named",
      { connection, topics: ["a"], tenantHeader: "m", tenants: ["fremd"] },
      "tenants.0.tenant",
    ],
    [
      "an unknown tenant of a route",
      { connection, topics: ["a"], routes: [{ topic: "a", ...BINDING, tenant: "fremd" }] },
      "routes.0.tenant",
    ],
    ["no connection beside the embedded bus", { topics: ["a"], binding: BINDING }, ""],
    [
      "our own topics",
      { connection, topics: ["heidewacht.kreis.raw"], binding: BINDING },
      "topics",
    ],
  ])("are refused with %s", (_name, kafka, place) => {
    expect(placesOfFaults(kafka)).toEqual([place]);
  });
});
