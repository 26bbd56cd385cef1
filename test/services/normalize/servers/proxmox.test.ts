import { describe, expect, it } from "vitest";
import { proxmox } from "../../../../services/normalize/servers/proxmox.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LINES = readFormatSamples()
  .filter(({ format }) => format === "proxmox")
  .map(({ text }) => text);
const [START, END, FAILED, SIGNED_IN, BACKUP, BROKEN, PBS, WORKER, ACCESS, DENIED, PBS_ACCESS] =
  LINES;

describe("Proxmox' logs", () => {
  it.each([
    [START, "user.name", "root@pam"],
    [START, "event.code", "qmstop"],
    [START, "task_id", "103"],
    [START, "node", "pve01"],
    [END, "event.outcome", "success"],
    [END, "user.name", "emustermann@kreis"],
    [FAILED, "source.ip", "::ffff:10.1.2.9"],
    [FAILED, "event.outcome", "failure"],
    [FAILED, "user.name", "emustermann@kreis"],
    [SIGNED_IN, "event.action", "login"],
    [BACKUP, "machine", "103"],
    [BROKEN, "event.reason", "job failed with err -28 - No space left on device"],
    [PBS, "source.port", "50122"],
    [WORKER, "message", "worker 2001 finished"],
    [ACCESS, "cs-method", "POST"],
    [ACCESS, "url.path", "/api2/json/nodes/pve01/qemu/103/status/stop"],
    [DENIED, "sc-status", 401],
    [DENIED, "user.name", undefined],
    [PBS_ACCESS, "source.port", 50_123],
    [PBS_ACCESS, "url.path", "/api2/json/admin/datastore"],
  ])("%#: give their fields", (line = "", name, expected) => {
    expect(sniffLine(proxmox, line)).toBe(0.95);
    expect(fieldOf(proxmox.shape, parseLine(proxmox, line).record, name)).toBe(expected);
  });

  it.each([
    [START, "2026-11-21T04:38:16.000Z"],
    [ACCESS, "2026-11-21T04:38:24.000Z"],
  ])("%#: have their time", (line = "", expected) => {
    expect(iso(parseLine(proxmox, line).time)).toBe(expected);
  });

  it("read under ECS names", () => {
    expect(proxmox.ecs(parseLine(proxmox, FAILED ?? "").record)).toMatchObject({
      "event.category": ["authentication"],
      "source.ip": "10.1.2.9",
    });
    expect(proxmox.ecs(parseLine(proxmox, DENIED ?? "").record)).toMatchObject({
      "event.category": ["web"],
      "event.outcome": "failure",
      "source.ip": "10.1.2.9",
    });
  });

  it.each([
    "",
    "<30>Nov 21 05:38:16 pve01 other[1]: <root@pam> starting task",
    "<30>Nov 21 05:38:16 pve01 pvedaemon[1]: pam_unix(proxmox-ve-auth:auth): authentication failure",
    '10.1.2.3 - - [21/Nov/2026:05:38:24 +0100] "GET / HTTP/1.1" 200 61',
  ])("are refused in %j", (line) => {
    expect(sniffLine(proxmox, line)).toBe(0);
    expect(() => parseLine(proxmox, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => survivesAnything(proxmox, LINES));
});
