import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kafkaBroker } from "../../servers/addresses.ts";
import { awkwardLines, faultsInOrder, faultsOf, lineIn } from "../../support/awkward-lines.ts";
import { openTestTopics } from "../../support/kafka-topics.ts";
import { parseAll } from "../../support/shipper-ingest.ts";
import {
  fetchShippers,
  type Shipper,
  shipperFolder,
  startShipper,
} from "../../support/shippers.ts";
import { openKafka } from "./kafka-setup.ts";
import { createMemoryBus, type MemoryBus, until } from "./memory-bus.ts";

const LINES = awkwardLines(3000, 60_000);
const BINDING = { tenant: "kreis", source: "linux" };
const topics = openTestTopics();
type Folder = ReturnType<typeof shipperFolder>;

beforeAll(fetchShippers);
afterAll(() => topics[Symbol.asyncDispose]());

function startRsyslog(folder: Folder, topic: string): Shipper {
  const config = folder.write(
    "rsyslog.conf",
    `global(workDirectory="${folder.path}" maxMessageSize="128k")
module(load="imfile" mode="polling" pollingInterval="1")
module(load="omkafka")
template(name="schluessel" type="string" string="%programname%")
ruleset(name="out" queue.type="LinkedList" queue.filename="kafka" queue.saveOnShutdown="on") {
  action(type="omkafka" broker=["${kafkaBroker()}"] topic="${topic}" template="RSYSLOG_SyslogProtocol23Format"
    dynakey="on" key="schluessel" confParam=["compression.codec=lz4", "acks=all", "enable.idempotence=true"]
    partitions.auto="on" resubmitOnFailure="on" keepFailedMessages="on" failedMsgFile="${folder.path}/failed"
    closeTimeout="10000" action.resumeRetryCount="-1" action.resumeInterval="1")
}
input(type="imfile" file="${folder.path}/in.log" tag="fachverfahren:" ruleset="out")
`,
  );
  return startShipper("rsyslogd", ["-f", config, "-i", `${folder.path}/pid`]);
}

function startSyslogNg(folder: Folder, topic: string): Shipper {
  const config = folder.write(
    "syslog-ng.conf",
    `@version: 3.38
options { log-msg-size(131072); keep-hostname(yes); stats-freq(0); };
source s_file { file("${folder.path}/in.log" flags(no-parse) program-override("fachverfahren")); };
destination d_kafka { kafka-c(bootstrap-servers("${kafkaBroker()}") topic("${topic}") key("$PROGRAM")
  message("<$PRI>1 $ISODATE $HOST $PROGRAM - - - $MSG") batch-lines(500) batch-timeout(200) sync-send(yes)
  config("compression.codec"("zstd") "enable.idempotence"("true"))); };
log { source(s_file); destination(d_kafka); flags(flow-control); };
`,
  );
  const at = (name: string) => `${folder.path}/${name}`;
  return startShipper("syslog-ng", [
    ...["-f", config, "--persist-file", at("persist"), "--pidfile", at("pid")],
    ...["--control", at("control")],
  ]);
}

const linesOf = (bus: MemoryBus): string[] => bus.texts().map(lineIn);
const distinctOf = (bus: MemoryBus): string[] => [...new Set(linesOf(bus))];
const idsOf = (bus: MemoryBus) => bus.taken.map(({ record }) => record.id);

describe.each([
  ["rsyslog with omkafka", "rsyslog", startRsyslog],
  ["syslog-ng with kafka-c()", "syslog-ng", startSyslogNg],
] as const)("%s", (_name, short, start) => {
  it("ships every line whole, once and in the order of its key", async () => {
    const topic = await topics.create(`${short}-whole`, 4);
    using folder = shipperFolder();
    folder.write("in.log", `${LINES.join("\n")}\n`);
    await using shipper = start(folder, topic);
    await using input = openKafka({ topics: [topic], group: topic, binding: BINDING });
    await until(() => input.bus.taken.length >= LINES.length);
    expect(faultsInOrder(linesOf(input.bus), LINES), shipper.output()).toEqual([]);
    expect(new Set(idsOf(input.bus)).size).toBe(LINES.length);
    const events = parseAll(input.bus.taken.map(({ record }) => record));
    expect(events.filter(({ format }) => format !== "syslog")).toEqual([]);
    expect(events[0]?.record).toMatchObject({ program: "fachverfahren" });
  });

  it("loses nothing when both sides are restarted in the middle", async () => {
    const topic = await topics.create(`${short}-restart`, 4);
    using folder = shipperFolder();
    folder.write("in.log", `${LINES.join("\n")}\n`);
    const bus = createMemoryBus();
    const settings = { topics: [topic], group: topic, binding: BINDING, batchRecordsMax: 20 };
    {
      await using _shipper = start(folder, topic);
      await using _input = openKafka(settings, bus);
      await until(() => bus.taken.length > 50);
    }
    expect(bus.taken.length).toBeLessThan(LINES.length);
    await using again = start(folder, topic);
    await using _input = openKafka(settings, bus);
    await until(() => distinctOf(bus).length >= LINES.length);
    expect(faultsOf(distinctOf(bus), LINES), again.output()).toEqual([]);
    expect(new Set(idsOf(bus)).size).toBe(bus.taken.length);
  });
});
