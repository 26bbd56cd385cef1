// Sysmon for Linux as Elastic Agent and Filebeat send it: decoded into Winlogbeat's layout. A format of
// its own, because its events belong to the rules for Linux.
import type { Format } from "../format.ts";
import { isLinuxSysmon, winlogbeat } from "./winlogbeat.ts";

/** Events of Sysmon for Linux under `winlog`. */
export const sysmonLinuxJson: Format = {
  ...winlogbeat,
  id: "sysmon-linux-json",
  title: "Sysmon for Linux (Elastic Agent, Filebeat)",
  shape: { ...winlogbeat.shape, id: "sysmon-linux-json", family: "sysmon-linux" },
  sniff: (_line, json) => (json !== undefined && isLinuxSysmon(json) ? 1 : 0),
};
