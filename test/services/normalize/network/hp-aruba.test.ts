import { describe, expect, it } from "vitest";
import { hpAruba } from "../../../../services/normalize/network/hp-aruba.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const OLD = "<14>Nov 21 05:38:16 sw-og2-01 ";
const CX = "<190>1 2026-11-21T05:38:16.412345+01:00 sw-cx-01 intfd 712 - - ";

describe("lines of Aruba switches", () => {
  it.each([
    [`${OLD}00076 ports:  port A5 is now on-line`, { interface: "A5", action: "port-up" }],
    [
      `${OLD}00077 ports: ST1-CMDR: port 1/24 is now off-line`,
      { interface: "1/24", action: "port-down", module: "ports", event_number: "00077" },
    ],
    [
      `${OLD}00435 ports:  port 7 is Blocked by STP`,
      { interface: "7", action: "stp-change", kind: "interface" },
    ],
    [
      `${OLD}00840 stp:  BPDU received on protected port 9`,
      { interface: "9", action: "bpdu-guard", kind: "threat" },
    ],
    [
      `${OLD}00419 auth:  Invalid user name/password on SSH session User 'emustermann' is trying to login from 198.51.100.9`,
      { user: "emustermann", src_ip: "198.51.100.9", outcome: "failure" },
    ],
    [
      `${OLD}03783 auth:  User 'emustermann' logged in from 10.1.2.3 to SSH session`,
      { user: "emustermann", outcome: "success" },
    ],
    [
      `${OLD}00179 mgr:  SME SSH from 10.1.2.3 - MANAGER Mode`,
      { src_ip: "10.1.2.3", service: "SSH", kind: "authentication" },
    ],
    [
      `${OLD}00332 FFI:  port 3-Security Violation, unauthorized MAC 005056-aa0001`,
      { interface: "3", src_mac: "005056-aa0001", action: "port-security-violation" },
    ],
    [
      `${CX}Event|404|LOG_INFO|AMM|-|Link status for interface 1/1/10 is down`,
      { interface: "1/1/10", action: "port-down", event_level: "INFO", program: "intfd" },
    ],
    [
      `${CX}Event|4604|LOG_INFO|AMM|-|User emustermann logged in from 10.1.2.3 through REST session`,
      { user: "emustermann", src_ip: "10.1.2.3" },
    ],
    [
      `${CX}Event|10503|LOG_WARN|AMM|-|Client 00:50:56:aa:00:03 authentication failed on interface 1/1/12`,
      { src_mac: "00:50:56:aa:00:03", interface: "1/1/12", outcome: "failure" },
    ],
    [
      `${CX}Event|10502|LOG_INFO|AMM|-|Client 00:50:56:aa:00:03 authenticated on interface 1/1/12`,
      { src_mac: "00:50:56:aa:00:03", outcome: "success" },
    ],
    [
      `${CX}Event|2001|LOG_WARN|AMM|-|MAC 00:50:56:aa:00:02 moved from port 1/1/3 to port 1/1/9`,
      { action: "mac-move", interface: "1/1/3" },
    ],
    [
      `${CX}Event|6801|LOG_INFO|AMM|-|Configuration saved to startup-config by user emustermann`,
      { kind: "configuration", user: "emustermann" },
    ],
    [`${CX}Event|7|LOG_INFO|AMM|-|Fan is fine`, { message: "Fan is fine", kind: undefined }],
  ])("are read: %s", (line, fields) => {
    expect(sniffLine(hpAruba, line)).toBe(0.9);
    const { record } = parseLine(hpAruba, line);
    for (const [name, value] of Object.entries(fields)) {
      expect([name, fieldOf(hpAruba.shape, record, name)]).toEqual([name, value]);
    }
  });

  it.each([
    [`${OLD}00076 ports:  port 5 is now on-line`, "2026-11-21T04:38:16.000Z"],
    [`${CX}Event|7|LOG_INFO|AMM|-|Fan is fine`, "2026-11-21T04:38:16.412Z"],
  ])("have the time of %.50s", (line, expected) => {
    expect(iso(parseLine(hpAruba, line).time)).toBe(expected);
  });

  it("write ECS names", () => {
    const document = hpAruba.ecs(
      parseLine(
        hpAruba,
        `${OLD}00332 FFI:  port 3-Security Violation, unauthorized MAC 005056-aa0001`,
      ).record,
    );
    expect(document).toMatchObject({
      "event.category": ["intrusion_detection", "network"],
      "event.code": "00332",
      "event.kind": "alert",
      "host.name": "sw-og2-01",
      "observer.ingress.interface.name": "3",
      "observer.product": "ArubaOS-Switch",
      "observer.type": "switch",
      "source.mac": "00-50-56-AA-00-01",
    });
  });

  it.each([
    "",
    "00076 ports:  port 5 is now on-line",
    `${OLD}0076 ports: too short a number`,
    `${OLD}00076 ports without a colon`,
    `${CX}Event|x|LOG_INFO|AMM|-|no number`,
    '{"a":1}',
  ])("are not %j", (line) => {
    expect(sniffLine(hpAruba, line)).toBe(0);
    expect(() => parseLine(hpAruba, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () =>
    survivesAnything(hpAruba, [
      `${OLD}00419 auth:  Invalid user name/password on SSH session User 'x' is trying to login from 198.51.100.9`,
      `${CX}Event|10503|LOG_WARN|AMM|-|Client 00:50:56:aa:00:03 authentication failed on interface 1/1/12`,
    ]));
});
