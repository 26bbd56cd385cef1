import { describe, expect, it } from "vitest";
import { ecsJson } from "../../../../services/normalize/generic/ecs-json.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const FILEBEAT = JSON.stringify({
  "@timestamp": "2026-11-21T04:38:16.123Z",
  "@metadata": { beat: "filebeat" },
  ecs: { version: "8.0.0" },
  agent: { type: "filebeat" },
  host: { name: "web01" },
  log: { file: { path: "/var/log/app.log", inode: "42" }, offset: 1234 },
  message: "started",
  event: { dataset: "app", original: "started" },
});
const AGENT =
  '{"@timestamp":"2026-11-21T04:38:16Z","ecs.version":"8.0.0","event":{"id":"abc","kind":"event"},"source.ip":"192.0.2.7"}';

describe("ECS documents", () => {
  it.each([
    [FILEBEAT, "web01/var/log/app.log#42/1234"],
    [AGENT, "abc"],
    ['{"@timestamp":"x","ecs":{}}', undefined],
  ])("reads the identity of %.50s", (line, identity) => {
    expect(sniffLine(ecsJson, line)).toBeGreaterThan(0.5);
    expect(parseLine(ecsJson, line).identity).toBe(identity);
  });

  it("reads the time", () => {
    expect(iso(parseLine(ecsJson, FILEBEAT).time)).toBe("2026-11-21T04:38:16.123Z");
  });

  it.each(["text", "{}", '{"@timestamp":"x"}', '{"ecs":{}}'])("does not claim %s", (line) => {
    expect(sniffLine(ecsJson, line)).toBe(0);
  });

  it("refuses text", () => {
    expect(() => parseLine(ecsJson, "text")).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("finds nested and dotted names alike and writes them flat", () => {
    const { record } = parseLine(ecsJson, AGENT);
    expect(fieldOf(ecsJson.shape, record, "source.ip")).toBe("192.0.2.7");
    expect(ecsJson.ecs(record)).toMatchObject({ "source.ip": "192.0.2.7", "event.id": "abc" });
    expect(ecsJson.ecs(parseLine(ecsJson, FILEBEAT).record)).not.toHaveProperty("event.original");
  });

  it("survives any line", () => survivesAnything(ecsJson, [FILEBEAT, AGENT]));
});

describe("lines that a shipper only carried", () => {
  it.each([
    [{ event: { dataset: "system.auth" } }, "linux-auth"],
    [{ log: { file: { path: "/var/log/auth.log" } } }, "linux-auth"],
    [{ log: { file: { path: "/var/log/secure-20261121" } } }, "linux-auth"],
    [{ event: { dataset: "nginx.access" } }, "web-access"],
    [{ log: { file: { path: "/var/log/apache2/other_vhosts_access.log.1" } } }, "web-access"],
    [{ event: { module: "auditd" } }, "auditd"],
    [{ log: { file: { path: "/var/log/audit/audit.log" } } }, "auditd"],
    [{ event: { dataset: "nginx.error" } }, undefined],
    [{ log: { file: { path: "/var/log/app.log" } } }, undefined],
    [{}, undefined],
  ])("knows from %j the format %s", (fields, format) => {
    const wrapped = ecsJson.inner?.({ message: "line", host: { name: "web01" }, ...fields });
    expect(wrapped?.format).toBe(format);
    if (wrapped !== undefined) expect(wrapped).toMatchObject({ text: "line", host: "web01" });
  });

  it("lets the text speak where a shipper made nothing of it", () => {
    const raw = { input: { type: "filestream" }, message: "CEF:0|a" };
    expect(ecsJson.inner?.(raw)).toEqual({ format: undefined, text: "CEF:0|a", host: undefined });
    expect(ecsJson.inner?.({ ...raw, event: { category: ["web"] } })).toBeUndefined();
  });

  it("finds Microsoft 365's record in the field of Filebeat's input", () => {
    expect(ecsJson.inner?.({ o365audit: { Operation: "x" } })).toEqual({
      format: "m365-audit",
      text: '{"Operation":"x"}',
    });
  });

  it.each([{}, { message: "" }, { message: 1 }])("finds none in %j", (fields) => {
    expect(ecsJson.inner?.({ event: { module: "auditd" }, ...fields })).toBeUndefined();
  });
});
