import { describe, expect, it } from "vitest";
import { azureSyslog } from "../../../../services/normalize/cloud/azure-syslog.ts";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";
import { CONTEXT, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const ROW = {
  TimeGenerated: "2026-11-21T04:38:16.123Z",
  HostName: "app01",
  Facility: "authpriv",
  SeverityLevel: "info",
  ProcessName: "sshd",
  ProcessID: 4711,
  SyslogMessage: "Failed password for root from 192.0.2.7 port 50122 ssh2",
};
const LINE = JSON.stringify(ROW);

describe("rows of the table Syslog", () => {
  it.each([
    [{}, "linux-auth", { host: "app01", source_ip: "192.0.2.7", pid: "4711" }],
    [
      {
        SyslogMessage:
          "<Event><System><EventID>1</EventID><Channel>Linux-Sysmon/Operational</Channel></System></Event>",
      },
      "windows-xml",
      { EventID: 1 },
    ],
    [{ ProcessName: "own", SyslogMessage: "words" }, "azure-syslog", { ProcessName: "own" }],
    [{ ProcessName: "a b\n", SyslogMessage: "words" }, "azure-syslog", { ProcessName: "a b\n" }],
  ])("with %j are read as %s", (change, id, record) => {
    const raw = { id: "1", idFromSender: false, source: "s", text: "", ...CONTEXT };
    const text = JSON.stringify({ ...ROW, ...change });
    const made = createNormalizer({ mappings: [] }).normalize({ ...raw, text }, "kreis");
    const { event, format } = eventOrThrow(made);
    expect(format.id).toBe(id);
    expect(event.record).toMatchObject(record);
    expect(event.time).toBe(Date.UTC(2026, 10, 21, 4, 38, 16, 123));
  });

  it("write ECS names", () => {
    expect(azureSyslog.ecs(parseLine(azureSyslog, LINE).record)).toMatchObject({
      "host.name": "app01",
      "process.name": "sshd",
      "process.pid": 4711,
      "log.syslog.facility.name": "authpriv",
      message: ROW.SyslogMessage,
    });
  });

  it.each([
    "{}",
    '{"SyslogMessage":"x"}',
    '{"SyslogMessage":1,"Facility":"a","SeverityLevel":"b"}',
  ])("are not %s", (line) => expect(sniffLine(azureSyslog, line)).toBe(0));

  it.each(["{}", "text"])("refuse %s", (line) => {
    expect(() => parseLine(azureSyslog, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive anything", () => survivesAnything(azureSyslog, [LINE]));
});
