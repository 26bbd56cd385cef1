import { describe, expect, it } from "vitest";
import { splitHeader } from "../../../../services/normalize/header-lines.ts";
import { w3cProxy } from "../../../../services/normalize/network/w3c-proxy.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { CONTEXT, fieldOf, iso, parseLine, survivesAnything } from "../format-check.ts";

const SAMPLES = readFormatSamples()
  .filter(({ format }) => format === "w3c-proxy")
  .map(({ text }) => splitHeader(text));
const [OBSERVED, DENIED, TUNNEL, CISCO, FOREFRONT] = SAMPLES.map(({ header, line }) =>
  parseLine(w3cProxy, line, { ...CONTEXT, header }),
);
const HEADER = "#Fields: date time c-ip cs-host s-action";
const WEB_SERVER = "#Fields: date time s-ip cs-method cs-uri-stem c-ip sc-status";

describe("proxies' W3C logs", () => {
  it.each([
    [OBSERVED, "c-uri", "http://www.example.org/a/b.exe?id=1"],
    [OBSERVED, "c-uri-extension", "exe"],
    [OBSERVED, "cs-host", "www.example.org"],
    [OBSERVED, "c-useragent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"],
    [OBSERVED, "sc-status", 200],
    [OBSERVED, "user.name", "KREIS\\emustermann"],
    [OBSERVED, "cs-categories", "Technology/Internet"],
    [DENIED, "c-uri", "https://c2.example.net:8443/gate.php"],
    [DENIED, "x-exception-id", "policy_denied"],
    [TUNNEL, "c-uri", "updates.example.net:443"],
    [CISCO, "cs-host", "www.example.org"],
    [CISCO, "sc-status", 200],
    [CISCO, "event.action", "TCP_MISS"],
    [FOREFRONT, "c-useragent", "Mozilla/5.0 (compatible; MSIE 10.0)"],
    [FOREFRONT, "c-uri-query", "y=z"],
    [FOREFRONT, "dst_ip", "203.0.113.7"],
  ])("%#: give what rules ask for", (parsed, name, expected) => {
    expect(fieldOf(w3cProxy.shape, parsed?.record ?? {}, name)).toBe(expected);
  });

  it.each([
    [OBSERVED, "2026-11-21T04:38:16.000Z"],
    [CISCO, "2026-11-21T04:38:19.150Z"],
    [FOREFRONT, "2026-11-21T04:38:20.000Z"],
  ])("%#: have their time in UTC", (parsed, expected) => {
    expect(iso(parsed?.time)).toBe(expected);
  });

  it("read under ECS names", () => {
    expect(w3cProxy.ecs(DENIED?.record ?? {})).toMatchObject({
      "event.outcome": "failure",
      "event.type": ["access", "denied"],
      "http.request.bytes": 1400,
      "url.original": "https://c2.example.net:8443/gate.php",
      "url.domain": "c2.example.net",
      "user.name": "KREIS\\emustermann",
      "w3c_proxy.sc-filter-result": "DENIED",
    });
    expect(w3cProxy.ecs(OBSERVED?.record ?? {})).toMatchObject({
      "event.duration": 120e6,
      "event.outcome": "success",
      "destination.ip": "203.0.113.7",
    });
  });

  it.each([
    ["2026-11-21 04:38:16 10.1.2.3 www.example.org", HEADER],
    ["2026-11-21 04:38:16 10.1.2.3 www.example.org TCP_MISS more", HEADER],
    ["", HEADER],
    ["2026-11-21 04:38:16 10.0.0.1 GET / 10.1.2.3 200", WEB_SERVER],
    ["2026-11-21 04:38:16 10.1.2.3 www.example.org TCP_MISS", undefined],
  ])("%#: refuse what does not fit its header", (line, header) => {
    expect(w3cProxy.sniff(line, undefined, header)).toBe(0);
    expect(() => parseLine(w3cProxy, line, { ...CONTEXT, header })).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () =>
    survivesAnything(
      told,
      SAMPLES.map(({ line }) => line),
    ));
});

// As the normaliser calls it for a source whose header it knows.
const told = {
  ...w3cProxy,
  parse: (line: string) =>
    w3cProxy.parse(line, { ...CONTEXT, header: SAMPLES[0]?.header }, undefined),
};
