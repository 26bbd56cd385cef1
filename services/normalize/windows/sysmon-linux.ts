// Sysmon for Linux: the same event XML as on Windows, written to syslog or the journal. A format of its
// own, because its events belong to the rules for Linux.
import type { Format } from "../format.ts";
import { flatWindowsDocument, flatWindowsShape } from "./windows-flat.ts";
import { providerOs, readEventXml } from "./windows-xml.ts";

/** Events of Sysmon for Linux. */
export const sysmonLinux: Format = {
  id: "sysmon-linux",
  title: "Sysmon for Linux",
  reads: "text",
  shape: { ...flatWindowsShape("sysmon-linux"), family: "sysmon-linux" },
  dataClass: "security",
  mayClaim: ({ message }) => /[<\s\u0080]/.test(message),
  sniff: (line, json) => (json === undefined && providerOs(line) === "linux" ? 1 : 0),
  parse: readEventXml,
  ecs: flatWindowsDocument,
};
