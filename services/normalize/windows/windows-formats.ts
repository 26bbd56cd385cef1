// The list of Windows and of services on it. A new one is one file and one line here.
import type { Format } from "../format.ts";
import { dhcpWindows } from "./dhcp-windows.ts";
import { dnsWindows } from "./dns-windows.ts";
import { exchangeLog } from "./exchange-log.ts";
import { exchangeTracking } from "./exchange-tracking.ts";
import { iis } from "./iis.ts";
import { nps } from "./nps.ts";
import { nxlogSyslog } from "./nxlog-syslog.ts";
import { snare } from "./snare.ts";
import { sysmonLinux } from "./sysmon-linux.ts";
import { sysmonLinuxJson } from "./sysmon-linux-json.ts";
import { windowsFirewall } from "./windows-firewall.ts";
import { windowsFlat } from "./windows-flat.ts";
import { windowsNested } from "./windows-nested.ts";
import { windowsServicing } from "./windows-servicing.ts";
import { windowsXml } from "./windows-xml.ts";
import { winlogbeat } from "./winlogbeat.ts";

export const WINDOWS_FORMATS: readonly Format[] = [
  winlogbeat,
  windowsFlat,
  windowsNested,
  windowsXml,
  sysmonLinux,
  sysmonLinuxJson,
  snare,
  nxlogSyslog,
  nps,
  iis,
  exchangeTracking,
  exchangeLog,
  dhcpWindows,
  dnsWindows,
  windowsServicing,
  windowsFirewall,
];
