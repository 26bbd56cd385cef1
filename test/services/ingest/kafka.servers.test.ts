import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { openTestTopics } from "../../support/kafka-topics.ts";
import { openKafka } from "./kafka-setup.ts";
import { createMemoryBus, type MemoryBus, until } from "./memory-bus.ts";

const BINDING = { tenant: "kreis", source: "linux" };
const topics = openTestTopics();
afterAll(() => topics[Symbol.asyncDispose]());

let groups = 0;
const newGroup = (): string => `${topics.prefix}-group-${groups++}`;
const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({ value: `Zeile ${from + at} über Lüneburg` }));
const valuesOf = (messages: readonly { value: string }[]) => messages.map(({ value }) => value);
const idsOf = (bus: MemoryBus) => bus.taken.map(({ record }) => record.id);
const sorted = (texts: readonly string[]) => [...texts].sort();

describe("topics of shippers", () => {
  it.each(["none", "gzip", "snappy", "lz4", "zstd"] as const)(
    "are read when compressed with %s, whole and in order",
    async (compression) => {
      const topic = await topics.create(`packed-${compression}`);
      const messages = numbered(500);
      await topics.send(topic, messages, compression);
      await using input = openKafka({ topics: [topic], group: newGroup(), binding: BINDING });
      await until(() => input.bus.taken.length >= messages.length);
      expect(input.bus.texts()).toEqual(valuesOf(messages));
      expect(input.bus.taken[7]).toMatchObject({
        tenant: "kreis",
        topic: "raw",
        key: `${topic}/0`,
        record: { source: "linux", idFromSender: false },
      });
      expect(input.bus.taken[7]?.record.id).toMatch(new RegExp(`^kafka/${topic}@[^/]+/0/7$`));
    },
  );

  it("give tenant and source by topic", async () => {
    const firewall = await topics.create("route-fw");
    const other = await topics.create("route-other");
    await topics.send(firewall, [{ value: "eins" }]);
    await topics.send(other, [{ value: "zwei" }]);
    await using input = openKafka({
      pattern: `${topics.prefix}-route-*`,
      group: newGroup(),
      routes: [{ topic: "*-fw", tenant: "stadt", source: "firewall", format: "fortigate" }],
      binding: BINDING,
    });
    await until(() => input.bus.taken.length === 2);
    expect(
      input.bus.taken.map(({ tenant, record: { source, format, text } }) => ({
        ...{ tenant, source, format, text },
      })),
    ).toEqual(
      expect.arrayContaining([
        { tenant: "stadt", source: "firewall", format: "fortigate", text: "eins" },
        { tenant: "kreis", source: "linux", format: undefined, text: "zwei" },
      ]),
    );
  });

  it("give tenant and source by header and field, and refuse tenants that are not allowed", async () => {
    const topic = await topics.create("named");
    const json = (value: unknown) => JSON.stringify(value);
    await topics.send(topic, [
      { value: "a", headers: { tenant: "kreis", quelle: "web01" } },
      { value: json({ org: { id: "stadt" }, host: { name: "db01" } }) },
      { value: "b", headers: { tenant: "fremd" } },
      { value: "c", headers: { tenant: Buffer.from([0xff, 0xfe]) } },
      { value: json({ org: { id: "__proto__" } }) },
      { value: "d", headers: { tenant: "stadt" } },
    ]);
    await using input = openKafka({
      topics: [topic],
      group: newGroup(),
      tenantHeader: "tenant",
      sourceHeader: "quelle",
      tenantField: "org.id",
      sourceField: "host.name",
      tenants: ["kreis", "stadt"],
    });
    await until(() => input.bus.taken.length === 3);
    expect(input.bus.taken.map(({ tenant, record }) => [tenant, record.source])).toEqual(
      expect.arrayContaining([
        ["kreis", "web01"],
        ["stadt", "db01"],
        ["stadt", topic],
      ]),
    );
    await until(async () => (await input.rejected("tenant")) === 3);
    expect(input.log.filter((line) => line.includes("names no tenant"))).toHaveLength(1);
  });

  it("are found when they are made later and fit the pattern, also with more partitions", async () => {
    await using input = openKafka({
      pattern: `${topics.prefix}-later-*`,
      group: newGroup(),
      startAt: "latest",
      binding: BINDING,
    });
    await until(() => input.log.some((line) => line.includes("topics of Kafka are read")));
    const topic = await topics.create("later-eins", 3);
    await topics.send(topic, [
      { value: "p0", partition: 0 },
      { value: "p1", partition: 1 },
      { value: "p2", partition: 2 },
    ]);
    await until(() => input.bus.taken.length === 3);
    expect(sorted(input.bus.texts())).toEqual(["p0", "p1", "p2"]);
  });

  it("are read on when they were deleted and made anew, under other ids", async () => {
    const topic = await topics.create("anew");
    await topics.send(topic, numbered(3));
    await using input = openKafka({ topics: [topic], group: newGroup(), binding: BINDING });
    await until(() => input.bus.taken.length === 3);
    await topics.delete(topic);
    await until(() => input.log.some((line) => line.includes("are not there")));
    await topics.create("anew");
    await topics.send(topic, numbered(3, 100));
    await until(() => input.bus.taken.length === 6);
    expect(input.bus.texts().slice(3)).toEqual(valuesOf(numbered(3, 100)));
    expect(new Set(idsOf(input.bus)).size).toBe(6);
  });

  it("begin at their end for a new group that asks so, and at the last place for a known one", async () => {
    const topic = await topics.create("latest");
    await topics.send(topic, numbered(5));
    const settings = { topics: [topic], group: newGroup(), binding: BINDING, startAt: "latest" };
    const bus = createMemoryBus();
    {
      await using input = openKafka(settings, bus);
      await until(() => input.log.some((line) => line.includes("topics of Kafka are read")));
      await topics.send(topic, numbered(2, 10));
      await until(() => bus.taken.length === 2);
    }
    await topics.send(topic, numbered(2, 20));
    await using _again = openKafka(settings, bus);
    await until(() => bus.taken.length === 4);
    expect(bus.texts()).toEqual([...valuesOf(numbered(2, 10)), ...valuesOf(numbered(2, 20))]);
  });
});

describe("what must not be lost", () => {
  it("waits in Kafka while the bus is full, and its lag is told", async () => {
    const topic = await topics.create("full");
    const messages = numbered(300);
    await topics.send(topic, messages);
    const bus = createMemoryBus();
    bus.full = true;
    await using input = openKafka(
      { topics: [topic], group: newGroup(), binding: BINDING, batchRecordsMax: 50 },
      bus,
    );
    await until(async () => (await input.lag(topic)) === messages.length);
    expect(bus.taken).toEqual([]);
    bus.full = false;
    await until(() => bus.taken.length >= messages.length);
    expect(bus.texts()).toEqual(valuesOf(messages));
    await until(async () => (await input.lag(topic)) === 0);
  });

  it("comes again with the same ids and times when we end between publish and commit", async () => {
    const topic = await topics.create("killed");
    await topics.send(topic, numbered(20));
    const group = newGroup();
    const first = createMemoryBus();
    const publish = first.publish.bind(first);
    // The records are durable, but we never learn it: as if the process ended then.
    let published = 0;
    first.publish = async (...args) => {
      await publish(...args);
      published++;
      throw new Error("the process ended");
    };
    {
      await using _input = openKafka({ topics: [topic], group, binding: BINDING }, first);
      await until(() => published > 0);
    }
    const second = createMemoryBus();
    await using _again = openKafka({ topics: [topic], group, binding: BINDING }, second);
    await until(() => second.taken.length === 20);
    expect(first.taken.slice(0, 20)).toEqual(second.taken);
  });

  it("goes on after a restart where it stopped", async () => {
    const topic = await topics.create("restart", 4);
    const messages = numbered(2000).map((one, at) => ({ ...one, partition: at % 4 }));
    await topics.send(topic, messages);
    const settings = { topics: [topic], group: newGroup(), binding: BINDING, batchRecordsMax: 40 };
    const bus = createMemoryBus();
    {
      await using _input = openKafka(settings, bus);
      await until(() => bus.taken.length > 200);
    }
    expect(bus.taken.length).toBeLessThan(messages.length);
    await using _again = openKafka(settings, bus);
    await until(() => bus.taken.length >= messages.length);
    expect(sorted(bus.texts())).toEqual(sorted(valuesOf(messages)));
  });

  it("is shared by two members without loss, while one comes and one goes", async () => {
    const topic = await topics.create("shared", 4);
    const group = newGroup();
    const sent: string[] = [];
    const send = async (): Promise<void> => {
      const messages = numbered(400, sent.length).map((one, at) => ({ ...one, partition: at % 4 }));
      sent.push(...valuesOf(messages));
      await topics.send(topic, messages);
    };
    const buses = [createMemoryBus(), createMemoryBus()] as const;
    const distinct = () => new Set(buses.flatMap((bus) => bus.texts()));
    const settings = { topics: [topic], group, binding: BINDING };
    const first = openKafka(settings, buses[0]);
    await send();
    await until(() => distinct().size > 0);
    await using _second = openKafka(settings, buses[1]);
    while (buses[1].taken.length === 0) {
      await send();
      await sleep(100);
    }
    await send();
    await until(() => distinct().size === sent.length);
    await first.close();
    await send();
    await until(() => distinct().size === sent.length);
    const ids = buses.flatMap((bus) =>
      bus.taken.map(({ record: { id, text } }) => `${id} ${text}`),
    );
    expect(new Set(ids).size).toBe(sent.length);
    expect(sorted([...distinct()])).toEqual(sorted(sent));
  });

  it("is cut when too long, counted when empty, and never stops what follows", async () => {
    const topic = await topics.create("poison");
    await topics.send(topic, [
      { value: "" },
      { value: "ä".repeat(2000) },
      { value: "[".repeat(20_000) },
      { value: Buffer.from([0x4d, 0xfc, 0x6c, 0x6c]) },
      { value: '{"__proto__":{"tenant":"kreis"}}' },
      { value: "heil" },
    ]);
    await using input = openKafka({
      topics: [topic],
      group: newGroup(),
      binding: BINDING,
      encoding: "json",
      sourceField: "host.name",
      frameBytesMax: 1025,
    });
    await until(() => input.bus.taken.length === 5);
    expect(input.bus.texts()).toEqual([
      "ä".repeat(512),
      "[".repeat(1025),
      "Müll",
      '{"__proto__":{"tenant":"kreis"}}',
      "heil",
    ]);
    expect(await input.rejected("empty")).toBe(1);
    expect(await input.rejected("cut")).toBe(2);
    expect(await input.rejected("encoding")).toBe(4);
  });
});

describe("a broker that is away", () => {
  it("is told once, and tried again until we are closed", async () => {
    const input = openKafka(
      { topics: ["t"], group: newGroup(), binding: BINDING },
      createMemoryBus(),
      "127.0.0.1:9",
    );
    await until(() => input.log.some((line) => line.includes("can't be reached")));
    await input.close();
    expect(input.log.filter((line) => line.includes("can't be reached"))).toHaveLength(1);
  });
});
