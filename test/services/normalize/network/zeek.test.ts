import { describe, expect, it } from "vitest";
import { loadLogSources } from "../../../../config/log-sources.ts";
import { createRouter } from "../../../../detectors/sigma/route.ts";
import type { Format } from "../../../../services/normalize/format.ts";
import { splitHeader } from "../../../../services/normalize/header-lines.ts";
import { zeekJson } from "../../../../services/normalize/network/zeek-json.ts";
import { zeekTsv } from "../../../../services/normalize/network/zeek-tsv.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { CONTEXT, fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const samples = readFormatSamples();
const textsOf = (id: string) =>
  samples.filter(({ format }) => format === id).map(({ text }) => text);
const TSV = textsOf("zeek-tsv");
const JSON_LINES = textsOf("zeek-json");
const HEADER = "#separator \\x09\n#unset_field\t-\n#path\tdce_rpc\n#fields\tts\tuid\toperation";

/** The first sample of a log. */
function sampleOf(format: Format, path: string) {
  for (const text of format === zeekTsv ? TSV : JSON_LINES) {
    const { header, line } = splitHeader(text);
    const parsed = parseLine(format, line, { ...CONTEXT, header });
    if (parsed.record._path === path) return parsed;
  }
  throw new RangeError(`no sample of ${path}`);
}

describe("Zeek's logs", () => {
  it.each([
    [zeekTsv, "conn", "source.ip", "10.1.2.3"],
    [zeekTsv, "conn", "dst_port", 443],
    [zeekTsv, "conn", "tunnel_parents", undefined],
    [zeekTsv, "conn", "local_orig", true],
    [zeekTsv, "conn", "zeek.conn_state", "SF"],
    [zeekTsv, "dns", "query", "www.example.org"],
    [zeekTsv, "dns", "answers", ["web.example.org", "203.0.113.7"]],
    [zeekTsv, "dns", "rejected", false],
    [zeekTsv, "dns", "Z", 0],
    [zeekTsv, "dns", "id.resp_p", 53],
    [zeekTsv, "http", "resp_mime_types", ["application/x-dosexec"]],
    [zeekTsv, "http", "c-useragent", "Mozilla/5.0 (Windows NT 10.0)"],
    [zeekTsv, "http", "cs-host", "www.example.org"],
    [zeekTsv, "http", "status_code", 200],
    [zeekTsv, "http", "password", undefined],
    [zeekTsv, "kerberos", "cipher", "rc4-hmac"],
    [zeekTsv, "smb_files", "path", "\\\\srv01.kreis.example\\ADMIN$"],
    [zeekTsv, "rdp", "id.orig_h", "203.0.113.9"],
    [zeekTsv, "dce_rpc", "operation", "EfsRpcOpenFileRaw"],
    [zeekJson, "conn", "destination.port", 443],
    [zeekJson, "dns", "record_type", "A"],
    [zeekJson, "x509", "certificate.serial", "8BB00EE"],
    [zeekJson, "smb_files", "name", "atsvc"],
    [zeekJson, "smb_mapping", "share_type", "DISK"],
    [zeekJson, "kerberos", "service", "krbtgt/KREIS.EXAMPLE"],
    [zeekJson, "ntlm", "user.name", "emustermann"],
    [zeekJson, "ssh", "auth_success", false],
    [zeekJson, "files", "file.name", "b.exe"],
    [zeekJson, "dhcp", "source.mac", "00:00:5e:00:53:01"],
    [zeekJson, "notice", "rule.name", "SSH::Password_Guessing"],
    [zeekJson, "rdp", "id.orig_h", "203.0.113.9"],
  ])("%#: give what rules ask for", (format, path, name, expected) => {
    expect(fieldOf(format.shape, sampleOf(format, path).record, name)).toEqual(expected);
  });

  it.each([
    [zeekTsv, "conn", "2026-11-21T04:38:16.123Z"],
    [zeekJson, "conn", "2026-11-21T04:38:16.123Z"],
    [zeekJson, "dns", "2026-11-21T04:38:16.200Z"],
  ])("%#: have their time", (format, path, expected) => {
    expect(iso(sampleOf(format, path).time)).toBe(expected);
  });

  it("are one record in columns and in JSON", () => {
    const { _system_name, _write_ts, community_id, ts, ...json } = sampleOf(
      zeekJson,
      "conn",
    ).record;
    const { ts: other, ...columns } = sampleOf(zeekTsv, "conn").record;
    expect(columns).toEqual(json);
  });

  it("are told by their fields when JSON does not name them", () => {
    const paths = JSON_LINES.map((line) => parseLine(zeekJson, line).record._path);
    expect(paths).toEqual(
      "conn dns http ssl x509 files smb_files smb_mapping dce_rpc kerberos ntlm ssh notice dhcp rdp".split(
        " ",
      ),
    );
  });

  it("read under ECS names", () => {
    expect(zeekTsv.ecs(sampleOf(zeekTsv, "http").record)).toMatchObject({
      "event.dataset": "zeek.http",
      "event.category": ["network", "web"],
      "event.outcome": "success",
      "url.original": "/a/b.exe?id=1",
      "url.path": "/a/b.exe",
      "url.query": "id=1",
      "user.name": "emustermann",
      "http.response.status_code": 200,
    });
    expect(zeekTsv.ecs(sampleOf(zeekTsv, "conn").record)).toMatchObject({
      "event.duration": 12_345_678_000,
      "network.bytes": 5480,
      "source.packets": 12,
    });
    expect(zeekTsv.ecs(sampleOf(zeekTsv, "dns").record)["dns.resolved_ip"]).toEqual([
      "203.0.113.7",
    ]);
    const kerberos = zeekJson.ecs(sampleOf(zeekJson, "kerberos").record);
    expect(kerberos).toMatchObject({
      "user.name": "emustermann",
      "user.domain": "KREIS.EXAMPLE",
      "event.outcome": "failure",
    });
    expect(kerberos["zeek.client"]).toBeUndefined();
    expect(zeekTsv.ecs(sampleOf(zeekTsv, "smb_files").record)["file.path"]).toBe(
      "\\\\srv01.kreis.example\\ADMIN$\\SYSTEM32\\qXbZ.tmp",
    );
    expect(zeekJson.ecs(sampleOf(zeekJson, "notice").record)).toMatchObject({
      "event.kind": "alert",
      "source.ip": "203.0.113.9",
    });
  });

  it("may bear a name that every object has", () => {
    const { record } = parseLine(zeekJson, '{"_path":"constructor","ts":1795235896.1}');
    expect(zeekJson.ecs(record)["event.category"]).toEqual(["network"]);
  });

  it("never keep a captured password", () => {
    const document = zeekJson.ecs(sampleOf(zeekJson, "http").record);
    expect(Object.values(document)).not.toContain("geheim");
  });

  it.each([
    ["conn", "conn", "firewall"],
    ["http", "http", "proxy webserver"],
    ["dns", "dns", "dns"],
    ["x509", "x509", ""],
  ])("reach the rules of %s", (path, service, categories) => {
    for (const { shape } of [zeekTsv, zeekJson]) {
      const table = loadLogSources().find((one) => one.families.includes(shape.family));
      const route = createRouter(shape, table, [], (found) => found)({ _path: path });
      expect([...route.products]).toEqual(["zeek"]);
      expect([...route.services]).toEqual([service]);
      expect([...route.categories].join(" ")).toBe(categories);
    }
  });
});

describe("Zeek's columns without their header", () => {
  const { line } = splitHeader(TSV[0] ?? "");

  it("are claimed by nobody, and read where their number decides", () => {
    expect(sniffLine(zeekTsv, line)).toBe(0);
    expect(parseLine(zeekTsv, line).record._path).toBe("conn");
  });

  it("may be set apart by another character", () => {
    const header = "#separator \\x7c\n#path|dce_rpc\n#fields|ts|uid|operation";
    const parsed = parseLine(zeekTsv, "1795235896.1|C1|NetrLogonSamLogon", { ...CONTEXT, header });
    expect(parsed.record).toMatchObject({ uid: "C1", operation: "NetrLogonSamLogon" });
  });
});

describe("what is no log of Zeek", () => {
  it.each([
    "",
    "1795235896.123456\tC1",
    "1795235896.123456\tC1\top\tmore",
    "yesterday\tC1\top",
    "1795235896\tC1\top",
  ])("is refused as columns: %j", (line) => {
    expect(zeekTsv.sniff(line, undefined, HEADER)).toBe(0);
    expect(() => parseLine(zeekTsv, line, { ...CONTEXT, header: HEADER })).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it.each([
    "{}",
    '{"ts":1795235896.1,"uid":"C1"}',
    '{"uid":"C1","id.orig_h":"10.1.2.3"}',
    '{"ts":1,"msg":"started","level":"info"}',
    '{"timestamp":"2026-11-21T05:38:16+0100","event_type":"dns","src_ip":"10.1.2.3"}',
  ])("is refused as JSON: %j", (line) => {
    expect(sniffLine(zeekJson, line)).toBe(0);
    expect(() => parseLine(zeekJson, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });
});

it("Zeek's formats survive any line", () => {
  survivesAnything(
    zeekTsv,
    TSV.map((text) => splitHeader(text).line),
  );
  survivesAnything(zeekJson, JSON_LINES);
});
