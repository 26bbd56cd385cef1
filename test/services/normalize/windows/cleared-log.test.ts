// A cleared event log (System 104) names in its data which log was cleared, under the same name as the
// log that the event stands in. Rules mean the cleared one; the event stays one of System.
import { expect, it } from "vitest";
import { loadLogSources } from "../../../../config/log-sources.ts";
import { readRuleFile } from "../../../../detectors/rule-file.ts";
import { createSigmaEngine } from "../../../../detectors/sigma/engine.ts";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";
import { CONTEXT } from "../format-check.ts";

const rule = (title: string, condition: string) => `title: ${title}
logsource: { product: windows, service: system }
detection:
  selection: { EventID: 104 }
  core: { Channel: [Security, System, "Windows PowerShell"] }
  condition: ${condition}
`;
const { rules } = readRuleFile(
  [rule("core", "selection and core"), rule("other", "selection and not core")].join("---\n"),
  "cleared.yml",
);
const engine = createSigmaEngine({ rules, logSources: loadLogSources() });

const SYSTEM = `<System><Provider Name="Microsoft-Windows-Eventlog"/><EventID>104</EventID><TimeCreated SystemTime="2026-11-21T04:38:16Z"/><EventRecordID>7</EventRecordID><Channel>System</Channel><Computer>dc01</Computer></System>`;
const xml = (cleared: string) =>
  `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">${SYSTEM}<UserData><LogFileCleared><SubjectUserName>emustermann</SubjectUserName>${cleared}</LogFileCleared></UserData></Event>`;
const header = { EventID: 104, Channel: "System", Computer: "dc01", EventRecordID: 7 };
const winlog = { event_id: 104, channel: "System", computer_name: "dc01", record_id: 7 };
const time = "2026-11-21T04:38:16Z";

/** A cleared log as each way of sending it has it. */
const SENT: Readonly<Record<string, (log: string) => string>> = {
  "event XML": (log) => xml(`<Channel>${log}</Channel>`),
  "a decoded EVTX record": (log) =>
    JSON.stringify({ ...header, TimeCreated_SystemTime: time, Data_Channel: log }),
  "a tree of JSON": (log) =>
    JSON.stringify({
      Event: { System: header, UserData: { LogFileCleared: { Channel: log, BackupPath: "" } } },
    }),
  "Winlogbeat's user data": (log) =>
    JSON.stringify({ "@timestamp": time, winlog: { ...winlog, user_data: { Channel: log } } }),
  "Winlogbeat's event data": (log) =>
    JSON.stringify({ "@timestamp": time, winlog: { ...winlog, event_data: { Channel: log } } }),
};

function titles(text: string): string[] {
  const made = createNormalizer({ mappings: [] }).normalize(
    { id: "r1", idFromSender: false, source: "src", text, ...CONTEXT },
    "kreis",
  );
  return engine.match(eventOrThrow(made).event).map(({ detector }) => detector.title);
}

it.each(
  Object.keys(SENT).flatMap((way) => [
    { way, log: "Security", expected: "core" },
    { way, log: "Application", expected: "other" },
  ]),
)("tells from $way that $log was cleared", ({ way, log, expected }) => {
  expect(titles(SENT[way]?.(log) ?? "")).toEqual([expected]);
});

it("takes the log that an event stands in where its data names none", () => {
  expect(titles(xml(""))).toEqual(["core"]);
});
