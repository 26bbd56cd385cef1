import { describe, expect, it } from "vitest";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";
import { journald } from "../../../../services/normalize/servers/journald.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const SAMPLES = readFormatSamples().filter(({ format }) => format === "journald");
const lines = SAMPLES.map(({ text }) => text);
const [SSH = "", , , AUDIT = "", JAVA = "", CONTAINER = "", VECTOR = "", FLUENT_BIT = ""] = lines;
const BEAT = lines.at(-1) ?? "";

function normalized(text: string) {
  const raw = {
    id: "r",
    idFromSender: false,
    source: "journal",
    timeZone: "Europe/Berlin",
    receivedAt: Date.UTC(2026, 10, 21, 5),
    text,
  };
  return eventOrThrow(createNormalizer({ mappings: [] }).normalize(raw, "kreis"));
}

describe("journal entries", () => {
  it.each([
    [SSH, "hostname", "web01"],
    [SSH, "_SYSTEMD_UNIT", "ssh.service"],
    [SSH, "process.executable", "/usr/sbin/sshd"],
    [SSH, "program", "sshd"],
    [JAVA, "message", "Anmeldung geprüft"],
    [JAVA, "CommandLine", "java -jar /opt/zeit/zeit.jar --user=emustermann"],
    [CONTAINER, "container.name", "fachverfahren"],
    [VECTOR, "host.name", "web01"],
    [FLUENT_BIT, "PRIORITY", "6"],
    [FLUENT_BIT, "host.name", "web02"],
    [FLUENT_BIT, "nothing", undefined],
    [BEAT, "host.name", "web03"],
    [BEAT, "process.executable", "/usr/sbin/sshd"],
    [BEAT, "agent.type", "filebeat"],
  ])("hold in %.60s the field %s", (line, name, expected) => {
    expect(sniffLine(journald, line)).toBe(0.95);
    expect(fieldOf(journald.shape, parseLine(journald, line).record, name)).toBe(expected);
  });

  it.each([
    ["the source's own", AUDIT, "2026-11-21T04:38:19.121Z"],
    ["the journal's", SSH, "2026-11-21T04:38:16.123Z"],
    ["Vector's", VECTOR, "2026-11-21T04:38:22.123Z"],
    ["Fluent Bit's", FLUENT_BIT, "2026-11-21T04:38:23.123Z"],
    ["Filebeat's", BEAT, "2026-11-21T04:38:24.123Z"],
  ])("take %s time", (_what, line, expected) => {
    expect(iso(parseLine(journald, line).time)).toBe(expected);
  });

  it("are the same entry wherever they come twice", () => {
    expect(parseLine(journald, SSH).identity).toMatch(/^s=1c7e;i=1;/);
    expect(parseLine(journald, FLUENT_BIT).identity).toBeUndefined();
  });

  it.each([
    [SSH, "linux-auth", { action: "ssh-login", user: "emustermann", source_ip: "192.0.2.7" }],
    [SSH, "linux-auth", { host: "web01", pid: "2214", "journald.exe": "/usr/sbin/sshd" }],
    [lines[1] ?? "", "linux-auth", { action: "sudo", command: "/usr/bin/systemctl stop auditd" }],
    [lines[2] ?? "", "linux-system", { action: "usb-device-attached", program: "kernel" }],
    [AUDIT, "auditd", { type: "USER_LOGIN", serial: "4713", acct: "emustermann", node: "web01" }],
    [VECTOR, "linux-auth", { outcome: "failure", user: "oracle", host: "web01" }],
    [FLUENT_BIT, "linux-auth", { action: "su", host: "web02" }],
    [BEAT, "linux-auth", { outcome: "failure", host: "web03", pid: "2320" }],
    [JAVA, "journald", { exe: "/usr/lib/jvm/java-21/bin/java" }],
    [CONTAINER, "journald", { container_name: "fachverfahren" }],
  ])("are read by the program's own format where it has one: %.50s as %s", (line, id, fields) => {
    const { event, format } = normalized(line);
    expect(format.id).toBe(id);
    expect(event.record).toMatchObject(fields);
    expect(iso(event.time)).toMatch(/^2026-11-21T04:38:/);
  });

  it("keep quotes and brackets of a command line on the way", () => {
    const entry = JSON.stringify({ ...JSON.parse(SSH), _CMDLINE: 'a "b" [c] \\d' });
    expect(normalized(entry).event.record["journald.cmdline"]).toBe('a "b" [c] \\d');
  });

  it("reach the Linux rules", () => {
    expect(routeOf(journald.shape, parseLine(journald, SSH).record)).toBe(
      "linux /  / syslog+sshd+auth",
    );
  });

  it("read under ECS names", () => {
    expect(journald.ecs(parseLine(journald, JAVA).record)).toMatchObject({
      "host.name": "web01",
      "process.name": "zeiterfassung",
      "process.pid": 911,
      "process.executable": "/usr/lib/jvm/java-21/bin/java",
      "service.name": "zeiterfassung.service",
      "user.id": "998",
      message: "Anmeldung geprüft",
    });
  });

  it.each(["", "plain", "{}", '{"MESSAGE":"x"}', '{"message":"x","host":"y"}', '{"_BOOT_ID":"x"}'])(
    "refuse %j",
    (line) => {
      expect(sniffLine(journald, line)).toBe(0);
      expect(() => parseLine(journald, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survive any line", () => survivesAnything(journald, lines));
});
