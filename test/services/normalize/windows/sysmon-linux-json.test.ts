import { describe, expect, it } from "vitest";
import { sysmonLinuxJson } from "../../../../services/normalize/windows/sysmon-linux-json.ts";
import { winlogbeat } from "../../../../services/normalize/windows/winlogbeat.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const winlog = {
  channel: "Linux-Sysmon/Operational",
  computer_name: "web01",
  event_id: "1",
  provider_name: "Linux-Sysmon",
  record_id: "101",
  event_data: { Image: "/usr/bin/dash", CommandLine: "sh -c id", User: "www-data" },
};
const AGENT = JSON.stringify({
  "@timestamp": "2026-11-21T04:38:16.120Z",
  event: { code: "1", dataset: "sysmon_linux.log", kind: "event" },
  host: { name: "web01", os: { type: "linux" } },
  winlog,
});
const DOTTED =
  '{"@timestamp":"2026-11-21T04:38:16.120Z","winlog.channel":"Linux-Sysmon/Operational","winlog.event_id":"3","winlog.event_data.Image":"/usr/bin/curl"}';
const WINDOWS = AGENT.replace("Linux-Sysmon/", "Microsoft-Windows-Sysmon/");

describe("Sysmon for Linux as JSON", () => {
  it.each([
    [AGENT, "Image", "/usr/bin/dash"],
    [AGENT, "process.command_line", "sh -c id"],
    [AGENT, "EventID", "1"],
    [DOTTED, "Image", "/usr/bin/curl"],
  ])("gives from %.60s the field %s", (line, name, expected) => {
    expect(sniffLine(sysmonLinuxJson, line)).toBe(1);
    expect(sniffLine(winlogbeat, line)).toBe(0);
    const { record } = parseLine(sysmonLinuxJson, line);
    expect(fieldOf(sysmonLinuxJson.shape, record, name)).toBe(expected);
  });

  it.each([
    [AGENT, "linux / process_creation / sysmon"],
    [DOTTED, "linux / network_connection / sysmon"],
  ])("reaches with %.60s the rules for Linux", (line, expected) => {
    const { record } = parseLine(sysmonLinuxJson, line);
    expect(routeOf(sysmonLinuxJson.shape, record)).toBe(expected);
  });

  it("writes ECS names", () => {
    const { record, time, identity } = parseLine(sysmonLinuxJson, AGENT);
    expect(iso(time)).toBe("2026-11-21T04:38:16.120Z");
    expect(identity).toBe("web01/Linux-Sysmon/Operational/101");
    expect(sysmonLinuxJson.ecs(record)).toMatchObject({
      "event.action": "created-process",
      "host.os.type": "linux",
      "process.executable": "/usr/bin/dash",
      "user.name": "www-data",
    });
  });

  it.each([
    ["Windows' Sysmon", WINDOWS],
    ["no winlog", '{"channel":"Linux-Sysmon/Operational"}'],
    ["a channel that is none", '{"winlog":{"channel":7}}'],
  ])("leaves %s alone", (_what, line) => {
    expect(sniffLine(sysmonLinuxJson, line)).toBe(0);
  });

  it.each([
    ["nothing", ""],
    ["text", "Linux-Sysmon/Operational"],
    ["no winlog", '{"a":1}'],
  ])("refuses %s", (_what, line) => {
    expect(() => parseLine(sysmonLinuxJson, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(sysmonLinuxJson, [AGENT, DOTTED]));
});
