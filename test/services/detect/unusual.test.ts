// Which events are activities, in the documents that formats make, and that hostile values are none.
import { describe, expect, it } from "vitest";
import { activityOfRow, rowOf } from "../../../detectors/anomaly/activity-row.ts";
import { activityOf, unusualOf } from "../../../services/detect/unusual.ts";

const about = { id: "e1", time: 1_780_303_600_000, source: "dc" };
const logon = {
  "event.category": ["authentication"],
  "event.type": ["start"],
  "event.outcome": "success",
  "user.name": "HEIDE\\k-4711",
  "host.name": "SRV-DC01.kreis.local",
  "source.ip": "10.1.2.3",
  "winlog.logon.type": "RemoteInteractive",
};
const flow = {
  "event.category": ["network"],
  "event.action": "close",
  "source.ip": "10.1.2.3",
  "destination.ip": "192.0.2.9",
  "destination.port": 443,
  "source.bytes": "21426",
  "destination.bytes": 2386,
  "event.duration": 1_500_000_000,
};

describe("an activity", () => {
  it.each([
    [
      "a logon",
      logon,
      {
        ...{ kind: "logon", account: "k-4711", host: "srv-dc01.kreis.local", from: "10.1.2.3" },
        ...{ succeeded: true, method: "remoteinteractive" },
      },
    ],
    ["a failed logon", { ...logon, "event.outcome": "failure" }, { succeeded: false }],
    [
      "a program start",
      {
        ...{ "event.category": ["process"], "event.type": ["start"], "host.name": "PC17" },
        ...{
          "process.name": "PowerShell.exe",
          "process.parent.executable": "C:\\Office\\WINWORD.EXE",
        },
      },
      { kind: "process", host: "pc17", process: "powershell.exe", parent: "winword.exe" },
    ],
    [
      "a connection",
      flow,
      {
        ...{ kind: "flow", to: "192.0.2.9", port: 443, bytesOut: 21426, bytesIn: 2386 },
        ...{ durationMs: 1500, allowed: true },
      },
    ],
    ["a refused connection", { ...flow, "event.action": "deny" }, { allowed: false }],
    [
      "a name",
      {
        ...{ "event.category": "network", "host.name": "PC17" },
        ...{ "dns.question.name": "A.Example.Test.", "dns.question.type": "TXT" },
      },
      { kind: "dns", from: "pc17", name: "a.example.test", type: "TXT" },
    ],
    [
      "a request",
      { "event.category": ["web"], "source.ip": "198.51.100.7", "http.response.status_code": 404 },
      { kind: "web", from: "198.51.100.7", status: 404 },
    ],
    [
      "a written file",
      {
        ...{ "event.category": ["file"], "event.type": ["creation"], "host.name": "PC17" },
        "file.path": "C:\\Daten\\v1.2\\Bescheid.DOCX",
      },
      { kind: "deed", deed: "file_write", object: "docx" },
    ],
    [
      "a new service",
      {
        ...{ "event.category": ["configuration"], "event.code": "7045", "host.name": "PC17" },
        "winlog.event_data.ServiceName": "PSEXESVC",
      },
      { kind: "deed", deed: "service", object: "psexesvc" },
    ],
  ])("is made of %s, and travels as a row", (_, document, expected) => {
    const activity = activityOf(document, about);
    expect(activity).toMatchObject({ ...about, ...expected });
    if (activity === undefined) throw new Error("no activity");
    expect(activityOfRow(activity.kind, rowOf(activity), about)).toEqual(activity);
  });

  it.each([
    ["telemetry without a category", { "host.name": "pc17" }],
    ["a logoff", { ...logon, "event.type": ["end"] }],
    ["a logon of nobody", { ...logon, "user.name": "-" }],
    ["a logon that is under way", { ...logon, "event.outcome": "unknown" }],
    ["a connection without a port", { ...flow, "destination.port": "" }],
    ["a process that ends", { "event.category": ["process"], "event.type": ["end"] }],
    ["a file that is read", { "event.category": ["file"], "event.type": ["access"] }],
    ["fields of other types", { "event.category": 7, "user.name": ["a"], "host.name": 1 }],
  ])("is not made of %s", (_, document) => {
    expect(activityOf(document, about)).toBeUndefined();
  });

  it.each([
    ["a sentence of a program", "linux-auth", "sshd: Server listening on 0.0.0.0 port 22."],
    ["a firewall's text", "fortigate", undefined],
    ["a Windows event", "windows", undefined],
  ])("stands back for %s of %s: %s", (_, family, message) => {
    const document = {
      ...{ "host.name": "WEB01", "process.name": "sshd" },
      message: "Server listening on 0.0.0.0 port 22.",
    };
    const seen = unusualOf(document, family, about);
    expect(seen?.group).toEqual(message === undefined ? undefined : ["web01", message]);
    expect(unusualOf({ ...document, message: "-" }, family, about)).toBeUndefined();
    expect(unusualOf({ message: "x" }, family, about)).toBeUndefined();
  });

  it("comes before the sentence that tells of it, and long sentences are cut", () => {
    const seen = unusualOf({ ...logon, message: "Accepted password" }, "linux-auth", about);
    expect(seen?.value).toBe("logon");
    const long = { "host.name": "web01", message: "x".repeat(1_000_000) };
    expect(unusualOf(long, "linux-auth", about)?.group.join("").length).toBeLessThan(1100);
  });

  it("of hostile numbers has none, and of long texts the beginning", () => {
    const hostile = { ...flow, "source.bytes": "1e999", "source.ip": "a".repeat(1_000_000) };
    const activity = activityOf(hostile, about);
    if (activity === undefined) throw new Error("no activity");
    const row = rowOf(activity);
    expect(row.join("").length).toBeLessThan(1000);
    expect(activityOfRow("flow", row, about)).toMatchObject({ bytesOut: 0 });
  });

  it.each([
    ["an unknown kind", "toString", []],
    ["an empty row", "logon", []],
    ["a port that is no number", "flow", ["a", "b", "ssh", "", "1", "1", "", ""]],
  ])("is not made of %s", (_, kind, row) => {
    expect(activityOfRow(kind, row, about)).toBeUndefined();
  });
});
