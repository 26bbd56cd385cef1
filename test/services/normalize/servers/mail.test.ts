import { describe, expect, it } from "vitest";
import { dovecot } from "../../../../services/normalize/servers/dovecot.ts";
import { postfix } from "../../../../services/normalize/servers/postfix.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

function samplesOf(id: string): string[] {
  return readFormatSamples()
    .filter(({ format }) => format === id)
    .map(({ text }) => text);
}

const POSTFIX = samplesOf("postfix");
const DOVECOT = samplesOf("dovecot");

describe("lines of Postfix", () => {
  it.each([
    [0, { action: "mail-connection", client_ip: "198.51.100.9", program: "postfix/smtpd" }],
    [
      1,
      {
        action: "mail-login",
        outcome: "failure",
        client_ip: "198.51.100.9",
        sasl_username: "emustermann@kreis.example",
      },
    ],
    [2, { action: "mail-disconnection", auth: "0/1" }],
    [
      3,
      {
        action: "mail-login",
        outcome: "success",
        queue_id: "4XzQ1L3vbZz2xK",
        client_name: "pc17.kreis.example",
        client_ip: "10.20.0.17",
        program: "postfix/submission/smtpd",
      },
    ],
    [4, { "message-id": "20261121043819.1c7e@pc17.kreis.example" }],
    [5, { action: "mail-queued", from: "emustermann@kreis.example", size: "18231" }],
    [
      6,
      {
        action: "mail-sent",
        outcome: "success",
        relay_name: "mx.land.example",
        relay_ip: "192.0.2.25",
        relay_port: "25",
        reason: "250 2.0.0 Ok: queued as 9F1C2",
      },
    ],
    [7, { action: "mail-bounced", outcome: "failure", queue_id: "9A0B1C2D3E", dsn: "5.2.2" }],
    [
      8,
      {
        action: "mail-rejected",
        outcome: "failure",
        stage: "RCPT",
        client_ip: "203.0.113.9",
        from: "werbung@example.org",
        reason: "554 5.7.1 <emustermann@kreis.example>: Relay access denied",
        helo: "gw.example.org",
      },
    ],
    [9, { action: "mail-connection", client_ip: "203.0.113.9", client_port: "40122" }],
    [10, { action: "mail-removed", queue_id: "4XzQ1L3vbZz2xK" }],
  ])("say in sample %i %j", (index, fields) => {
    const line = POSTFIX[index] ?? "";
    expect(sniffLine(postfix, line)).toBe(0.95);
    expect(parseLine(postfix, line).record).toMatchObject(fields);
  });

  it("read under ECS names", () => {
    const { record, time } = parseLine(postfix, POSTFIX[6] ?? "");
    expect(iso(time)).toBe("2026-11-21T04:38:20.250Z");
    expect(fieldOf(postfix.shape, record, "recipient")).toBe("poststelle@land.example");
    expect(postfix.ecs(record)).toMatchObject({
      "email.to.address": "poststelle@land.example",
      "email.local_id": "4XzQ1L3vbZz2xK",
      "destination.ip": "192.0.2.25",
      "destination.port": 25,
      "event.category": ["email"],
      "event.outcome": "success",
      "host.name": "mail01",
    });
    expect(routeOf(postfix.shape, record)).toBe("postfix / mail / mail");
  });

  it.each([
    "",
    "plain",
    "Nov 21 05:38:16 mail01 smtpd[1]: connect from unknown[198.51.100.9]",
    "Nov 21 05:38:16 mail01 app[1]: postfix/smtpd is down",
    "Nov 21 05:38:16 mail01 postfix: reload",
  ])("refuse %j", (line) => {
    expect(sniffLine(postfix, line)).toBe(0);
    expect(() => parseLine(postfix, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => survivesAnything(postfix, POSTFIX));
});

describe("lines of Dovecot", () => {
  it.each([
    [
      0,
      {
        action: "mail-login",
        outcome: "success",
        user: "emustermann",
        source_ip: "10.20.0.17",
        destination_ip: "10.20.0.25",
        service: "imap-login",
        session: "kXd1m0w6v2",
      },
    ],
    [
      1,
      {
        action: "mail-login",
        outcome: "failure",
        user: "emustermann@kreis.example",
        source_ip: "198.51.100.9",
        reason: "auth failed, 3 attempts in 15 secs",
      },
    ],
    [2, { action: "mail-disconnection", source_ip: "203.0.113.9" }],
    [3, { action: "mail-login", outcome: "failure", user: "emustermann", service: "auth-worker" }],
    [4, { outcome: "failure", reason: "unknown user", source_ip: "198.51.100.9" }],
    [5, { action: "mail-logout", user: "emustermann", service: "imap" }],
    [6, { action: "mail-saved", user: "emustermann", host: "imap01" }],
    [7, { action: "mail-login", outcome: "success", level: "info", source_ip: "10.20.0.18" }],
    [8, { level: "warning", message: "SIGHUP received - reloading configuration" }],
  ])("say in sample %i %j", (index, fields) => {
    const line = DOVECOT[index] ?? "";
    expect(sniffLine(dovecot, line)).toBe(0.95);
    expect(parseLine(dovecot, line).record).toMatchObject(fields);
  });

  it("read under ECS names", () => {
    const { record } = parseLine(dovecot, DOVECOT[1] ?? "");
    expect(dovecot.ecs(record)).toMatchObject({
      "event.category": ["authentication"],
      "event.outcome": "failure",
      "source.ip": "198.51.100.9",
      "user.name": "emustermann@kreis.example",
      "network.protocol": "imap-login",
      "dovecot.method": "LOGIN",
    });
    expect(routeOf(dovecot.shape, record)).toBe("dovecot / mail / mail");
  });

  it.each([
    "",
    "plain",
    "Nov 21 05:38:16 imap01 dovecot: hello",
    "Nov 21 05:38:16 imap-login: Login: user=<x>",
    "Nov 21 05:38:16 host auth: Info: x",
  ])("refuse %j", (line) => {
    expect(sniffLine(dovecot, line)).toBe(0);
    expect(() => parseLine(dovecot, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => survivesAnything(dovecot, DOVECOT));
});
