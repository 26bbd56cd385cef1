// What Fluent Bit and Filebeat write to Kafka, in the shape of their outputs `kafka`: written by us.
import { afterAll, describe, expect, it } from "vitest";
import { openTestTopics } from "../../support/kafka-topics.ts";
import { parseAll } from "../../support/shipper-ingest.ts";
import { openKafka } from "./kafka-setup.ts";
import { until } from "./memory-bus.ts";

const topics = openTestTopics();
afterAll(() => topics[Symbol.asyncDispose]());

const SYSLOG = "<38>1 2026-11-20T10:15:30Z web01 sshd 4711 - - Failed password for root";
const ACCESS =
  '203.0.113.7 - - [20/Nov/2026:10:15:30 +0100] "GET /antrag HTTP/1.1" 404 153 "-" "curl/8.5.0"';
const CEF = "CEF:0|Muster|Wächter|1.0|100|Anmeldung|5|src=203.0.113.7 suser=jlange";

/** Output `kafka` with `Format json`: the record's fields beside a time in seconds. */
const fluentBit = (fields: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ "@timestamp": 1_795_169_730.123456, ...fields });

const filebeat = (message: string, more: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    "@timestamp": "2026-11-20T10:15:30.123Z",
    "@metadata": { beat: "filebeat", type: "_doc", version: "8.19.0" },
    log: { offset: 4711, file: { path: "/var/log/muster.log", inode: "917", device_id: "66305" } },
    message,
    input: { type: "filestream" },
    agent: { id: "3f0c", name: "web01", type: "filebeat", version: "8.19.0", ephemeral_id: "9a" },
    ecs: { version: "8.0.0" },
    host: { name: "web01" },
    ...more,
  });

const windowsEvent = {
  channel: "Security",
  computer_name: "DC01.kreis.example",
  event_id: "4625",
  provider_name: "Microsoft-Windows-Security-Auditing",
  record_id: 815,
  event_data: { TargetUserName: "jlange", IpAddress: "203.0.113.7", LogonType: "3" },
};

const dockerFields = { stream: "stdout", tag: "docker.portal", host: "web01" };

describe("envelopes of shippers on Kafka", () => {
  it.each([
    ["Fluent Bit around syslog", fluentBit({ log: SYSLOG, host: "web01" }), "linux-auth"],
    [
      "Fluent Bit around a line of a container",
      fluentBit({ log: ACCESS, ...dockerFields }),
      "web-access",
    ],
    ["Fluent Bit around CEF", fluentBit({ message: CEF }), "cef"],
    ["Filebeat around syslog", filebeat(SYSLOG), "linux-auth"],
    ["Filebeat around a web server's line", filebeat(ACCESS), "web-access"],
    ["Filebeat around CEF", filebeat(CEF), "cef"],
    [
      "Winlogbeat",
      filebeat("Fehler beim Anmelden eines Kontos.", {
        winlog: windowsEvent,
        agent: { type: "winlogbeat", version: "8.19.0" },
      }),
      "winlogbeat",
    ],
  ])("are taken off: %s", async (name, value, format) => {
    const topic = await topics.create(`envelope-${name.replaceAll(/\W+/g, "-")}`);
    await topics.send(topic, [{ value, key: "web01" }], "gzip");
    await using input = openKafka({
      topics: [topic],
      group: topic,
      sourceField: "host.name",
      binding: { tenant: "kreis", source: "rest" },
    });
    await until(() => input.bus.taken.length === 1);
    const [taken] = input.bus.taken;
    expect(taken?.record.source).toBe(value.includes('"host":{') ? "web01" : "rest");
    const [event] = parseAll(input.bus.taken.map(({ record }) => record));
    expect(event?.format).toBe(format);
  });
});
