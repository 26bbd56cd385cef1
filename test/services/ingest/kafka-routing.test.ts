import { describe, expect, it } from "vitest";
import { kafkaInputSchema } from "../../../config/kafka-inputs.ts";
import { createKafkaRouter, matchesTopic } from "../../../services/ingest/kafka-routing.ts";

const BINDING = { tenant: "kreis", source: "rest" };
const NAMED = {
  tenantHeader: "mandant",
  tenantField: "labels.mandant",
  sourceHeader: "quelle",
  sourceField: "host.name",
  tenants: ["kreis", "stadt"],
};

interface Given {
  readonly topic?: string;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
}

function routerOf(settings: Readonly<Record<string, unknown>>) {
  const router = createKafkaRouter(kafkaInputSchema.parse({ topics: ["logs"], ...settings }));
  return (given: Given) => {
    const { topic = "logs", text = "eine Zeile", headers = {} } = given;
    const header = (name: string) =>
      headers[name] === undefined ? undefined : Buffer.from(headers[name]);
    return router.bindingOf({ topic, text, header });
  };
}

const placeOf = (binding: { tenant: string; source: string } | undefined) =>
  binding && `${binding.tenant} ${binding.source}`;

describe("matchesTopic", () => {
  it.each([
    ["logs", "logs"],
    ["*", "logs"],
    ["logs-*", "logs-"],
    ["logs-*", "logs-web.01"],
    ["*-fw", "kreis-fw"],
    ["a*b*c", "a-b-b-c"],
    ["a**c", "ac"],
    ["a*a", "aa"],
  ])("%s fits %s", (pattern, topic) => expect(matchesTopic(pattern, topic)).toBe(true));

  it.each([
    ["logs", "logs2"],
    ["logs", "xlogs"],
    ["logs-*", "log-"],
    ["a*a", "a"],
    ["ab*bc", "abc"],
    ["a*b*b", "ab"],
    ["logs.*", "logsx"],
    ["*a*", "bcd"],
  ])("%s does not fit %s", (pattern, topic) => expect(matchesTopic(pattern, topic)).toBe(false));

  it("costs what the name is long, however hostile the pattern", () => {
    expect(matchesTopic(`${"*a".repeat(120)}b`, "a".repeat(249))).toBe(false);
  });
});

describe("the router of shippers' topics", () => {
  it.each<[string, Given, string]>([
    ["the first route that fits", { topic: "logs-fw" }, "stadt firewall"],
    ["a later route", { topic: "logs-web" }, "kreis web"],
    [
      "a route before what the record says",
      { topic: "logs-fw", headers: { mandant: "kreis" } },
      "stadt firewall",
    ],
    ["headers", { headers: { mandant: "stadt", quelle: "web01" } }, "stadt web01"],
    [
      "a header before a field",
      { text: '{"labels":{"mandant":"kreis"}}', headers: { mandant: "stadt" } },
      "stadt logs",
    ],
    ["fields", { text: '{"labels":{"mandant":"stadt"},"host":{"name":"db01"}}' }, "stadt db01"],
    [
      "fields whose path is one key",
      { text: '{"labels.mandant":"stadt","host.name":"db01"}' },
      "stadt db01",
    ],
    ["what is left to the binding", {}, "kreis rest"],
  ])("goes by %s", (_name, given, expected) => {
    const bindingOf = routerOf({
      ...NAMED,
      routes: [
        { topic: "*-fw", tenant: "stadt", source: "firewall" },
        { topic: "logs-*", tenant: "kreis", source: "web" },
      ],
      binding: BINDING,
    });
    expect(placeOf(bindingOf(given))).toBe(expected);
  });

  it.each<[string, Given]>([
    ["no name at all", {}],
    ["a tenant that is not allowed", { headers: { mandant: "fremd" } }],
    ["a header that is no UTF-8", { headers: { mandant: Buffer.from([0x6b, 0xff]) } }],
    ["a header that is endless", { headers: { mandant: "k".repeat(100_000) } }],
    ["a tenant in other letters", { headers: { mandant: "Kreis" } }],
    ["a field of the prototype", { text: '{"__proto__":{"labels":{"mandant":"kreis"}}}' }],
    ["a field that is no text", { text: '{"labels":{"mandant":["kreis"]}}' }],
    ["a path through a text", { text: '{"labels":"mandant"}' }],
    ["JSON that breaks off", { text: '{"labels":{"mandant":"kreis"' }],
    ["JSON too deep", { text: `${"[0,".repeat(50_000)}` }],
    ["deep fields", { text: `{"labels":${"[".repeat(9000)}${"]".repeat(9000)}}` }],
  ])("refuses %s where nothing catches it", (_name, given) => {
    expect(routerOf(NAMED)(given)).toBeUndefined();
  });

  it.each(["toString", "__proto__", "constructor"])("never takes %s of all objects", (name) => {
    const bindingOf = routerOf({ tenantField: name, tenants: ["kreis"], sourceField: name });
    expect(bindingOf({ text: "{}" })).toBeUndefined();
  });

  it.each(["", " web", "a\nb", "\u202Eweb", "x".repeat(101), "<b>"])(
    "calls a source like its topic when its name is %j",
    (quelle) => {
      expect(placeOf(routerOf(NAMED)({ headers: { mandant: "kreis", quelle } }))).toBe(
        "kreis logs",
      );
    },
  );

  it("tells sources of the binding's tenant apart", () => {
    const bindingOf = routerOf({ sourceHeader: "quelle", binding: BINDING });
    expect(placeOf(bindingOf({ headers: { quelle: "web01" } }))).toBe("kreis web01");
    expect(placeOf(bindingOf({}))).toBe("kreis rest");
  });

  it("keeps a bounded number of named sources, and gives the same object for the same one", () => {
    const bindingOf = routerOf({ ...NAMED, sourcesMax: 2 });
    const named = (quelle: string) => bindingOf({ headers: { mandant: "kreis", quelle } });
    const sources = ["a", "b", "c", "d", "a"].map(named);
    expect(sources.map((one) => one?.source)).toEqual(["a", "b", "logs", "logs", "a"]);
    expect(sources[0]).toBe(sources[4]);
    expect(sources[2]).toBe(sources[3]);
  });
});
