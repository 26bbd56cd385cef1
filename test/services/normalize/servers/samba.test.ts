import { describe, expect, it } from "vitest";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";
import { samba } from "../../../../services/normalize/servers/samba.ts";
import { sambaJson } from "../../../../services/normalize/servers/samba-json.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

function samplesOf(id: string): string[] {
  return readFormatSamples()
    .filter(({ format }) => format === id)
    .map(({ text }) => text);
}

const LINES = samplesOf("samba");
const JSON_LINES = samplesOf("samba-json");
const FILE = "/srv/samba/sozialamt/Bescheide/2026-114.docx";

describe("file operations of Samba", () => {
  it.each([
    [0, { operation: "connect", outcome: "success", share: "Sozialamt", machine: "pc17" }],
    [1, { operation: "create_file", disposition: "open", file: FILE, user: "KREIS\\emustermann" }],
    [2, { operation: "renameat", file: FILE, target: `${FILE}.locked`, source_ip: "10.20.0.17" }],
    [3, { operation: "openat", access: "write", file: "/srv/home/emustermann/notiz|alt.txt" }],
    [4, { outcome: "failure", reason: "Permission denied", access: "read", share: "Kasse" }],
    [5, { operation: "unlinkat", file: "/srv/home/emustermann/alt.pdf", host: "file01" }],
  ])("say in sample %i %j", (index, fields) => {
    const line = LINES[index] ?? "";
    expect(sniffLine(samba, line)).toBe(0.95);
    expect(parseLine(samba, line).record).toMatchObject(fields);
  });

  it.each(["opening", "a|b|c", "u|10.0.0.1|unknown_op|ok|f", "u|10.0.0.1|openat|perhaps|r|f"])(
    "keep %j as a message",
    (message) => {
      const { record } = parseLine(samba, `Nov 21 05:38:16 file01 smbd_audit: ${message}`);
      expect(record).toMatchObject({ message });
      expect(record).not.toHaveProperty("operation");
    },
  );

  it("read under ECS and Sigma names", () => {
    const { record, time } = parseLine(samba, LINES[2] ?? "");
    expect(iso(time)).toBe("2026-11-21T04:38:18.000Z");
    expect(fieldOf(samba.shape, record, "TargetFilename")).toBe(`${FILE}.locked`);
    expect(fieldOf(samba.shape, record, "ShareName")).toBe("Sozialamt");
    expect(samba.ecs(record)).toMatchObject({
      "event.category": ["file"],
      "event.type": ["change"],
      "event.action": "renameat",
      "file.path": FILE,
      "source.ip": "10.20.0.17",
      "source.domain": "pc17",
      "user.name": "KREIS\\emustermann",
    });
    expect(samba.ecs(parseLine(samba, LINES[5] ?? "").record)["event.type"]).toEqual(["deletion"]);
    expect(routeOf(samba.shape, record)).toBe("samba /  / audit");
  });

  it("hand sign-ins inside to the format of the JSON audit", () => {
    const raw = {
      id: "r",
      idFromSender: false,
      source: "dc",
      timeZone: "Europe/Berlin",
      receivedAt: Date.UTC(2026, 10, 21, 5),
      text: LINES[7] ?? "",
    };
    const { event, format } = eventOrThrow(createNormalizer({ mappings: [] }).normalize(raw, "k"));
    expect(format.id).toBe("samba-json");
    expect(event.record).toMatchObject({ status: "NT_STATUS_WRONG_PASSWORD", host: "dc02" });
  });

  it.each(["", "plain", "Nov 21 05:38:16 file01 smbd[1]: u|10.0.0.1|openat|ok|r|f"])(
    "are not found in %j",
    (line) => {
      expect(sniffLine(samba, line)).toBe(0);
      expect(() => parseLine(samba, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survive any line", () => survivesAnything(samba, LINES));
});

describe("the JSON audit of Samba", () => {
  it.each([
    [0, "user.name", "emustermann"],
    [0, "TargetUserName", "emustermann"],
    [0, "EventID", 4624],
    [0, "source.ip", "10.20.0.17"],
    [0, "source.port", 50122],
    [0, "destination.port", 88],
    [1, "IpAddress", "2001:db8::17"],
    [1, "Status", "NT_STATUS_WRONG_PASSWORD"],
    [4, "group.name", "CN=Domain Admins,CN=Users,DC=kreis,DC=example"],
    [5, "operation", "Modify"],
  ])("holds in sample %i the field %s", (index, name, expected) => {
    const line = JSON_LINES[index] ?? "";
    expect(sniffLine(sambaJson, line)).toBe(0.95);
    expect(fieldOf(sambaJson.shape, parseLine(sambaJson, line).record, name)).toBe(expected);
  });

  it("reads under ECS names", () => {
    const { record, time } = parseLine(sambaJson, JSON_LINES[1] ?? "");
    expect(iso(time)).toBe("2026-11-21T04:38:17.123Z");
    expect(sambaJson.ecs(record)).toMatchObject({
      "event.category": ["authentication"],
      "event.code": "4625",
      "event.outcome": "failure",
      "event.reason": "NT_STATUS_WRONG_PASSWORD",
      "source.ip": "2001:db8::17",
      "source.domain": "PC17",
      "user.domain": "KREIS",
      "user.name": "emustermann",
      "samba.passwordType": "Plaintext",
    });
    expect(sambaJson.ecs(parseLine(sambaJson, JSON_LINES[4] ?? "").record)).toMatchObject({
      "event.category": ["iam"],
      "event.outcome": "success",
      "event.action": "Added",
    });
    expect(routeOf(sambaJson.shape, record)).toBe("samba /  / audit");
  });

  it.each(["", "{}", '{"type":"Authentication","timestamp":"x"}', '{"type":"other","other":{}}'])(
    "refuses %j",
    (line) => {
      expect(sniffLine(sambaJson, line)).toBe(0);
      expect(() => parseLine(sambaJson, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survives any line", () => survivesAnything(sambaJson, JSON_LINES));
});
