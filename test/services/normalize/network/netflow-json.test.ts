import { describe, expect, it } from "vitest";
import { netflowJson } from "../../../../services/normalize/network/netflow-json.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LINES = readFormatSamples()
  .filter(({ format }) => format === "netflow-json")
  .map(({ text }) => text);
const FLOWS = LINES.filter((line) => !line.includes("2001:db8"));

describe("flows of collectors", () => {
  it.each(FLOWS)("say the same: %.60s", (line) => {
    expect(sniffLine(netflowJson, line)).toBe(0.95);
    const { record, time } = parseLine(netflowJson, line);
    expect(iso(time)?.slice(0, 19)).toBe("2026-11-21T04:38:16");
    expect(fieldOf(netflowJson.shape, record, "src_ip")).toBe("10.1.2.3");
    expect(fieldOf(netflowJson.shape, record, "dst_port")).toBe(443);
    expect(netflowJson.ecs(record)).toMatchObject({
      "event.category": ["network"],
      "source.ip": "10.1.2.3",
      "source.port": 50_122,
      "source.bytes": 1680,
      "source.packets": 12,
      "destination.ip": "203.0.113.7",
      "destination.port": 443,
      "network.transport": "tcp",
      "network.bytes": 1680,
    });
  });

  it("tell how long they took", () => {
    const durations = LINES.filter((line) => !line.includes("timestamp_start"))
      .map((line) => netflowJson.ecs(parseLine(netflowJson, line).record)["event.duration"])
      .filter((one) => one !== undefined);
    expect(new Set(durations)).toEqual(new Set([12e9]));
  });

  it("may be of IPv6", () => {
    const line = LINES.find((one) => one.includes("2001:db8")) ?? "";
    expect(netflowJson.ecs(parseLine(netflowJson, line).record)).toMatchObject({
      "source.ip": "2001:db8::3",
      "network.iana_number": "17",
      "network.transport": "udp",
    });
  });

  it("keep what has no ECS name", () => {
    const document = netflowJson.ecs(parseLine(netflowJson, LINES[0] ?? "").record);
    expect(document["netflow.tcp_flags"]).toBe("...AP.SF");
  });

  it.each([
    "",
    "{}",
    '{"src_addr":"10.1.2.3","dst_addr":"10.1.2.4"}',
    '{"ip_src":"10.1.2.3","ip_dst":"10.1.2.4"}',
    '{"netflow":{"x":1}}',
    '{"@type":"ipfix.template"}',
  ])("are not found in %j", (line) => {
    expect(sniffLine(netflowJson, line)).toBe(0);
    expect(() => parseLine(netflowJson, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => survivesAnything(netflowJson, LINES));
});
