// Windows events for tests, laid out as Windows writes them: the header in one template, the event's own
// data in a second one inside a value.
import {
  type Content,
  type Element,
  type EvtxInstance,
  type EvtxValue,
  VALUE,
} from "./evtx-writer.ts";

/** What differs from event to event. */
export interface TestEvent {
  readonly recordId: number;
  readonly eventId: number;
  readonly channel: string;
  readonly computer: string;
  /** Milliseconds UTC. */
  readonly time: number;
  readonly data: Readonly<Record<string, EvtxValue>>;
}

const PROVIDER = "Microsoft-Windows-Sysmon";
const PROVIDER_GUID = "5770385F-C22A-43E0-BF4C-06F5698FFBD9";

const value = (number: number): readonly Content[] => [{ value: number }];

const EVENT: Element = {
  name: "Event",
  attributes: { xmlns: "http://schemas.microsoft.com/win/2004/08/events/event" },
  content: [
    {
      name: "System",
      content: [
        { name: "Provider", attributes: { Name: PROVIDER, Guid: `{${PROVIDER_GUID}}` } },
        { name: "EventID", attributes: { Qualifiers: { value: 4 } }, content: value(3) },
        { name: "Version", content: value(11) },
        { name: "Level", content: value(0) },
        { name: "Task", content: value(2) },
        { name: "Opcode", content: value(1) },
        { name: "Keywords", content: value(5) },
        { name: "TimeCreated", attributes: { SystemTime: { value: 6 } } },
        { name: "EventRecordID", content: value(10) },
        { name: "Correlation", attributes: { ActivityID: { value: 7 } } },
        { name: "Execution", attributes: { ProcessID: { value: 8 }, ThreadID: { value: 9 } } },
        { name: "Channel", content: value(14) },
        { name: "Computer", content: value(15) },
        { name: "Security", attributes: { UserID: { value: 12 } } },
      ],
    },
    { value: 13 },
  ],
};

const dataTemplates = new Map<string, Element>();

/** The event as a template instance. */
export function windowsEvent(event: TestEvent): EvtxInstance {
  const names = Object.keys(event.data);
  return {
    template: EVENT,
    values: [
      VALUE.uint8(4),
      VALUE.uint8(0),
      VALUE.uint16(1),
      VALUE.uint16(event.eventId),
      VALUE.nothing,
      VALUE.hex64(0x8000000000000000n),
      VALUE.fileTime(event.time, 1234),
      VALUE.nothing,
      VALUE.uint32(2212),
      VALUE.uint32(3120),
      VALUE.uint64(BigInt(event.recordId)),
      VALUE.uint8(5),
      VALUE.sid("S-1-5-18"),
      VALUE.binXml({ template: dataTemplate(names), values: Object.values(event.data) }),
      VALUE.string(event.channel),
      VALUE.string(event.computer),
    ],
  };
}

/** The header as `windowsEvent` writes it, under the names that records have. */
export function headerOf(event: TestEvent): Readonly<Record<string, unknown>> {
  return {
    Provider_Name: PROVIDER,
    Provider_Guid: `{${PROVIDER_GUID}}`,
    EventID: event.eventId,
    Version: 5,
    Level: 4,
    Task: 1,
    Opcode: 0,
    Keywords: "0x8000000000000000",
    TimeCreated_SystemTime: `${new Date(event.time).toISOString().slice(0, -1)}123Z`,
    EventRecordID: event.recordId,
    Execution_ProcessID: 2212,
    Execution_ThreadID: 3120,
    Channel: event.channel,
    Computer: event.computer,
    Security_UserID: "S-1-5-18",
  };
}

/** A process creation as Sysmon writes it; numbers vary, so that no cache can help. */
export function processCreation(recordId: number): TestEvent {
  const number = String(recordId).padStart(12, "0");
  return {
    recordId,
    eventId: 1,
    channel: "Microsoft-Windows-Sysmon/Operational",
    computer: `pc${recordId % 900}.kreis.example`,
    time: 1_795_235_896_123 + 1000 * recordId,
    data: {
      RuleName: VALUE.string("-"),
      UtcTime: VALUE.string("2026-11-21 04:38:16.632"),
      ProcessGuid: VALUE.guid(`0197231E-9BE6-6934-5301-${number}`),
      ProcessId: VALUE.uint32(recordId % 65_000),
      Image: VALUE.string("C:\\Windows\\System32\\cmd.exe"),
      FileVersion: VALUE.string("10.0.26100.2454 (WinBuild.160101.0800)"),
      Description: VALUE.string("Windows Command Processor"),
      Product: VALUE.string("Microsoft® Windows® Operating System"),
      Company: VALUE.string("Microsoft Corporation"),
      OriginalFileName: VALUE.string("Cmd.Exe"),
      CommandLine: VALUE.string(`C:\\WINDOWS\\system32\\cmd.exe /d /s /c "whoami ${recordId}"`),
      CurrentDirectory: VALUE.string("C:\\Users\\emustermann\\"),
      User: VALUE.string("KREIS\\emustermann"),
      LogonGuid: VALUE.guid(`0197231E-99CA-6934-A8EB-${number}`),
      LogonId: VALUE.hex64(0x1eba8n),
      TerminalSessionId: VALUE.uint32(1),
      IntegrityLevel: VALUE.string("Medium"),
      Hashes: VALUE.string(`MD5=352B525E9C26CB92693899528FE007C2,SHA256=${"1F".repeat(32)}`),
      ParentProcessGuid: VALUE.guid(`0197231E-9B6B-6934-2B01-${number}`),
      ParentProcessId: VALUE.uint32(1092),
      ParentImage: VALUE.string("C:\\Windows\\explorer.exe"),
      ParentCommandLine: VALUE.string("C:\\Windows\\explorer.exe /factory"),
      ParentUser: VALUE.string("KREIS\\emustermann"),
    },
  };
}

function dataTemplate(names: readonly string[]): Element {
  const key = names.join("\n");
  let template = dataTemplates.get(key);
  if (template === undefined) {
    template = {
      name: "EventData",
      content: names.map((name, number) => ({
        name: "Data",
        attributes: { Name: name },
        content: [{ value: number }],
      })),
    };
    dataTemplates.set(key, template);
  }
  return template;
}
