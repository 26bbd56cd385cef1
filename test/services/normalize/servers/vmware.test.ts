import { describe, expect, it } from "vitest";
import { loadLogSources } from "../../../../config/log-sources.ts";
import { createRouter } from "../../../../detectors/sigma/route.ts";
import type { Format } from "../../../../services/normalize/format.ts";
import { vcenter } from "../../../../services/normalize/servers/vcenter.ts";
import { vmwareEsxi } from "../../../../services/normalize/servers/vmware-esxi.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const samples = readFormatSamples();
const linesOf = ({ id }: Format) =>
  samples.filter((one) => one.format === id).map(({ text }) => text);
const ESXI = linesOf(vmwareEsxi);
const [
  LOGIN,
  CANNOT,
  REJECTED,
  SSH,
  ENABLED,
  KERNEL,
  KILL,
  STARTED,
  VPXA,
  OFF,
  FILE,
  NFS,
  LOCKED,
  RELAYED,
] = ESXI;
const VCENTER = linesOf(vcenter);
const [V_LOGIN, V_BAD, V_OFF, V_PERMISSION, V_SSO, V_SSO_FAILED, V_SERVICE] = VCENTER;

describe("ESXi's logs", () => {
  it.each([
    [LOGIN, "host.name", "esx01.kreis.example"],
    [LOGIN, "user.name", "KREIS\\emustermann"],
    [LOGIN, "source.ip", "10.1.2.3"],
    [LOGIN, "event.id", "616"],
    [LOGIN, "sub", "Vimsvc.ha-eventmgr"],
    [LOGIN, "process.pid", "2100147"],
    [CANNOT, "user.name", "emustermann"],
    [CANNOT, "event.outcome", "failure"],
    [REJECTED, "source.ip", "10.1.2.9"],
    [REJECTED, "log.level", "warning"],
    [SSH, "event.code", "vob.user.ssh.session.opened"],
    [SSH, "user.name", "root"],
    [ENABLED, "event.action", "ssh-enabled"],
    [KERNEL, "process.name", "vmkernel"],
    [KILL, "CommandLine", "esxcli vm process kill --type=force --world-id=2101000"],
    [KILL, "Image", "/bin/esxcli"],
    [KILL, "User", "root"],
    [STARTED, "command", undefined],
    [VPXA, "opID", "3c"],
    [OFF, "machine", "SRV01"],
    [OFF, "process.name", "hostd"],
    [FILE, "Image", "/bin/vim-cmd"],
    [NFS, "process.name", "vmkernel"],
    [LOCKED, "event.action", "account-locked"],
    [RELAYED, "host.name", "esx01.kreis.example"],
    [RELAYED, "user.target.name", "neu"],
  ])("%#: give their fields", (line = "", name, expected) => {
    expect(sniffLine(vmwareEsxi, line)).toBe(0.95);
    expect(fieldOf(vmwareEsxi.shape, parseLine(vmwareEsxi, line).record, name)).toBe(expected);
  });

  it.each([
    [LOGIN, "2026-11-21T04:38:16.123Z"],
    [OFF, "2026-11-21T04:38:19.000Z"],
    [RELAYED, "2026-11-21T04:38:20.000Z"],
  ])("%#: have their time", (line = "", expected) => {
    expect(iso(parseLine(vmwareEsxi, line).time)).toBe(expected);
  });

  it("read under ECS names", () => {
    expect(vmwareEsxi.ecs(parseLine(vmwareEsxi, KILL ?? "").record)).toMatchObject({
      "event.category": ["process"],
      "event.type": ["start"],
      "host.os.type": "esxi",
      "process.executable": "/bin/esxcli",
      "user.name": "root",
    });
    expect(vmwareEsxi.ecs(parseLine(vmwareEsxi, CANNOT ?? "").record)).toMatchObject({
      "event.category": ["authentication"],
      "event.outcome": "failure",
      "user.name": "emustermann",
    });
  });

  it.each([
    [KILL, "vmware linux / process_creation / esxi"],
    [LOGIN, "vmware /  / esxi"],
  ])("%#: reach their rules", (line = "", expected) => {
    expect(routeOf(vmwareEsxi, line)).toBe(expected);
  });

  it.each([
    "",
    "2026-11-21T04:38:19.000Z info myservice[1] [x] y",
    "<14>2026-11-21T04:38:18.000Z srv01 shell[1]: hello",
    "<38>2026-11-21T04:38:18.000Z esx01 sshd[1]: Accepted password for root from 10.1.2.3 port 1 ssh2",
    "Hostd: info",
  ])("refuse %j", (line) => refuses(vmwareEsxi, line));

  it("survive any line", () => survivesAnything(vmwareEsxi, ESXI));
});

describe("vCenter's logs", () => {
  it.each([
    [V_LOGIN, "user.name", "KREIS.EXAMPLE\\emustermann"],
    [V_LOGIN, "source.ip", "10.1.2.3"],
    [V_LOGIN, "event.code", "vim.event.UserLoginSessionEvent"],
    [V_LOGIN, "user_agent.original", "JAX-WS RI 2.2.9-b130926.1035"],
    [V_LOGIN, "datacenter", "Rechenzentrum"],
    [V_BAD, "event.outcome", "failure"],
    [V_BAD, "user.name", "emustermann"],
    [V_OFF, "machine", "SRV01"],
    [V_OFF, "user.name", "KREIS.EXAMPLE\\emustermann"],
    [V_PERMISSION, "user.target.name", "KREIS.EXAMPLE\\emustermann"],
    [V_PERMISSION, "user.name", "VSPHERE.LOCAL\\Administrator"],
    [V_SSO, "source.ip", "10.1.2.3"],
    [V_SSO, "event.outcome", "success"],
    [V_SSO_FAILED, "event.outcome", "failure"],
    [V_SSO_FAILED, "user.name", "emustermann@KREIS.EXAMPLE"],
    [V_SERVICE, "log.level", "info"],
    [V_SERVICE, "host.name", "vcsa01"],
  ])("%#: give their fields", (line = "", name, expected) => {
    expect(sniffLine(vcenter, line)).toBe(0.95);
    expect(fieldOf(vcenter.shape, parseLine(vcenter, line).record, name)).toBe(expected);
  });

  it.each([
    [V_LOGIN, "2026-11-21T04:38:16.017Z"],
    [V_SSO, "2026-11-21T04:38:21.123Z"],
    [V_SSO_FAILED, "2026-11-21T04:38:22.123Z"],
    [V_SERVICE, "2026-11-21T04:38:23.123Z"],
  ])("%#: have their time", (line = "", expected) => {
    expect(iso(parseLine(vcenter, line).time)).toBe(expected);
  });

  it("read under ECS names", () => {
    expect(vcenter.ecs(parseLine(vcenter, V_PERMISSION ?? "").record)).toMatchObject({
      "event.category": ["iam"],
      "event.type": ["change"],
      message:
        "Permission created for KREIS.EXAMPLE\\emustermann on Datacenters, role is Administrator, propagation is Enabled",
    });
    expect(routeOf(vcenter, V_LOGIN ?? "")).toBe("vmware /  / vcenter");
  });

  it("is read as far as it goes when its JSON was cut off", () => {
    const line = `${(V_SSO_FAILED ?? "").slice(0, -1)}`;
    expect(parseLine(vcenter, line).record.message).toContain("failed to log in");
  });

  it.each([
    "",
    "<14>1 2026-11-21T04:38:17.640474+00:00 vcsa01 sshd 4035 - - Event [1] [1-1]",
    '2026-11-21T04:38:22.123Z {"user":"x","type":"other"}',
    "2026-11-21T04:38:22.123Z [x] y",
  ])("refuse %j", (line) => refuses(vcenter, line));

  it("survive any line", () => survivesAnything(vcenter, VCENTER));
});

function refuses(format: Format, line: string): void {
  expect(sniffLine(format, line)).toBe(0);
  expect(() => parseLine(format, line)).toThrow(
    expect.objectContaining({ code: "HW_PARSE_FAILED" }),
  );
}

function routeOf(format: Format, line: string): string {
  const table = loadLogSources().find((one) => one.families.includes(format.shape.family));
  const route = createRouter(format.shape, table, [], (one) => one)(parseLine(format, line).record);
  return [route.products, route.categories, route.services]
    .map((names) => [...names].join(" "))
    .join(" / ");
}

describe("a vCenter event cut in two", () => {
  const HEAD = "<14>1 2026-11-21T04:38:17.640474+00:00 vcsa01 vpxd 4035 - - Event [4184629]";
  const REST =
    "[2026-11-21T04:38:16.017928Z] [vim.event.UserLoginSessionEvent] [info] [KREIS\\emustermann] [RZ] [4184629]";
  const part = (number: string, text: string) =>
    parseLine(vcenter, `${HEAD} [${number}] ${REST} [${text}]`).record;
  const first = part("1-2", "User KREIS\\emustermann@10.1");
  const second = part("2-2", ".2.3 logged in as JAX-WS RI");

  it.each([
    ["in order", [first, second]],
    ["out of order", [second, first]],
  ])("becomes one, %s", (_order, records) => {
    expect(new Set(records.map((record) => vcenter.join?.keyOf(record)))).toEqual(
      new Set(["vcsa01/4184629"]),
    );
    expect(records.map((_, at) => vcenter.join?.isComplete(records.slice(0, at + 1)))).toEqual([
      false,
      true,
    ]);
    expect(vcenter.join?.merge(records)).toEqual(
      part("1-1", "User KREIS\\emustermann@10.1.2.3 logged in as JAX-WS RI"),
    );
  });

  it("leaves a whole event alone and takes a part that came twice for one", () => {
    expect(vcenter.join?.keyOf(part("1-1", "x"))).toBeUndefined();
    expect(vcenter.join?.isComplete([first, first])).toBe(false);
  });
});
