// What PowerShell's events say inside one text: `ContextInfo` of 4103 (`User = KREIS\name`, in the
// system's language) and the last value of the classic 400, 403, 600 and 800 (`UserId=KREIS\name`). Read
// for the ECS document only: Sigma rules search the texts themselves.

/** Longest text that is read, in UTF-16 units, and most of its lines. */
const TEXT_CHARACTERS_MAX = 32 * 1024;
const LINES_MAX = 60;

/** Labels of ContextInfo, English and German, and keys of the classic events → ECS name. */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "Host Application": "process.command_line",
    Hostanwendung: "process.command_line",
    HostApplication: "process.command_line",
    "Engine Version": "powershell.engine.version",
    Modulversion: "powershell.engine.version",
    EngineVersion: "powershell.engine.version",
    "Command Name": "powershell.command.name",
    Befehlsname: "powershell.command.name",
    CommandName: "powershell.command.name",
    "Command Type": "powershell.command.type",
    Befehlstyp: "powershell.command.type",
    CommandType: "powershell.command.type",
    "Command Path": "powershell.command.path",
    Befehlspfad: "powershell.command.path",
    CommandPath: "powershell.command.path",
    CommandLine: "powershell.command.value",
    "Script Name": "file.path",
    Skriptname: "file.path",
    ScriptName: "file.path",
    User: "@account",
    Benutzer: "@account",
    UserId: "@account",
  }),
);

/** Hands on what the texts of an event's data name, by ECS name. */
export function readPowerShellContext(
  data: Readonly<Record<string, unknown>>,
  take: (ecs: string, value: string) => void,
): void {
  const { ContextInfo: context, Data: unnamed, param3, param2 } = data;
  const last = Array.isArray(unnamed) ? unnamed.slice(0, 10) : [unnamed];
  for (const text of [context, ...last, param2, param3]) {
    if (typeof text !== "string" || !text.includes("=")) continue;
    for (const line of text.slice(0, TEXT_CHARACTERS_MAX).split("\n", LINES_MAX)) {
      const equals = line.indexOf("=");
      const name = NAMES.get(line.slice(0, equals).trim());
      const value = line.slice(equals + 1).trim();
      if (equals > 0 && name !== undefined && value !== "") take(name, value);
    }
  }
}

/** Whether an event of the log is one of those. */
export function hasPowerShellContext(log: string, eventId: string): boolean {
  if (log === "PowerShell") return eventId === "4103";
  return log === "PowerShellClassic" && /^(?:400|403|600|800)$/.test(eventId);
}
