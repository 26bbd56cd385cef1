import { describe, expect, it } from "vitest";
import {
  windowsXml,
  XML_DEPTH_MAX,
  XML_FIELDS_MAX,
} from "../../../../services/normalize/windows/windows-xml.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const SYSTEM =
  "<System><Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'/><EventID Qualifiers='0'>4624</EventID><Version>2</Version><Level>0</Level><TimeCreated SystemTime='2026-11-21T04:38:16.1234567Z'/><EventRecordID>77</EventRecordID><Execution ProcessID='640' ThreadID='12'/><Channel>Security</Channel><Computer>dc01.kreis.example</Computer><Security/></System>";
const RAW = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>${SYSTEM}<EventData><Data Name='TargetUserName'>m&#252;ller &amp; co</Data><Data Name='LogonType'>3</Data><Data Name='IpAddress'>192.0.2.7</Data><Data Name='Empty'/></EventData></Event>`;
const RENDERED = `<?xml version="1.0" encoding="utf-8"?><Event xmlns="x">${SYSTEM}<EventData><Data>one</Data><Data>two</Data></EventData><RenderingInfo Culture="de-DE"><Message>Ein Konto wurde angemeldet.</Message><Level>Informationen</Level></RenderingInfo></Event>`;
const CLEARED = `<Event>${SYSTEM}<UserData><LogFileCleared xmlns="y"><SubjectUserName><![CDATA[admin]]></SubjectUserName></LogFileCleared></UserData></Event>`;
const FRAMED = `<14>Nov 21 05:38:16 dc01 Security: ${RAW}`;

const inSystem = (xml: string) => `<Event><System><EventID>1</EventID></System>${xml}</Event>`;

describe("Windows Event XML", () => {
  it.each([
    [RAW, "TargetUserName", "müller & co"],
    [RAW, "EventID", 4624],
    [RAW, "Provider_Name", "Microsoft-Windows-Security-Auditing"],
    [RAW, "Channel", "Security"],
    [RAW, "Computer", "dc01.kreis.example"],
    [RAW, "Execution_ProcessID", "640"],
    [RAW, "source.ip", "192.0.2.7"],
    [RENDERED, "Message", "Ein Konto wurde angemeldet."],
    [RENDERED, "Data", ["one", "two"]],
    [RENDERED, "Level", "0"],
    [RENDERED, "Rendered_Level", "Informationen"],
    [CLEARED, "SubjectUserName", "admin"],
    [FRAMED, "LogonType", "3"],
  ])("reads from %.40s the field %s", (line, name, expected) => {
    expect(sniffLine(windowsXml, line)).toBe(1);
    const { record } = parseLine(windowsXml, line);
    expect(fieldOf(windowsXml.shape, record, name)).toEqual(expected);
  });

  it("reads time and identity", () => {
    const parsed = parseLine(windowsXml, RAW);
    expect(iso(parsed.time)).toBe("2026-11-21T04:38:16.123Z");
    expect(parsed.identity).toBe("dc01.kreis.example/Security/77");
  });

  it("writes the same ECS names as for flat records", () => {
    expect(windowsXml.ecs(parseLine(windowsXml, RAW).record)).toMatchObject({
      "event.action": "logged-in",
      "user.name": "müller & co",
      "source.ip": "192.0.2.7",
      "winlog.logon.type": "Network",
      "host.name": "dc01.kreis.example",
    });
    const rendered = RENDERED.replace(
      "</RenderingInfo>",
      "<Task>Anmelden</Task><Keywords><Keyword>Überwachung erfolgreich</Keyword></Keywords></RenderingInfo>",
    );
    expect(windowsXml.ecs(parseLine(windowsXml, rendered).record)).toMatchObject({
      "log.level": "information",
      "winlog.keywords": ["Überwachung erfolgreich"],
      "winlog.task": "Anmelden",
    });
  });

  it.each([
    ["no XML", "text"],
    ["an unclosed element", "<Event><System><EventID>1</EventID>"],
    ["no event id", "<Event><System><Channel>a</Channel></System></Event>"],
    ["an unknown entity", inSystem("<EventData><Data Name='a'>&unknown;</Data></EventData>")],
    [
      "an entity bomb",
      `<!DOCTYPE Event [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${inSystem("<EventData><Data Name='a'>&b;</Data></EventData>")}`,
    ],
    [
      "an external entity",
      `<!DOCTYPE Event [<!ENTITY x SYSTEM "file:///etc/passwd">]>${inSystem("<EventData><Data Name='a'>&x;</Data></EventData>")}`,
    ],
    ["elements too deep", inSystem("<a>".repeat(XML_DEPTH_MAX) + "</a>".repeat(XML_DEPTH_MAX))],
    [
      "too many fields",
      inSystem(`<EventData>${"<Data Name='a'>1</Data>".repeat(XML_FIELDS_MAX)}</EventData>`),
    ],
    ["two roots", `${inSystem("")}<Event/>`],
  ])("refuses %s", (_what, line) => {
    expect(() => parseLine(windowsXml, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("keeps the header apart from event data of the same name", () => {
    const data = "<UserData><a><Channel>Application</Channel></a></UserData>";
    const { record } = parseLine(windowsXml, RAW.replace(/<EventData>.*<\/EventData>/, data));
    expect(record).toMatchObject({ Channel: "Security", Data_Channel: "Application" });
  });

  it.each([
    "<EventData><Data Name='a'>1</Data>x<Data Name=''>2</Data><b>3</b></EventData>",
    "<UserData><x>4<Data Name='a'>1</Data></x></UserData>",
    "<EventData Name='e'><c>5<Data Name='a'>1</Data>6</c></EventData>",
    "<RenderingInfo><Data Name='a'>1</Data></RenderingInfo><Data Name='b'>2</Data>",
  ])("reads %s as the full parser does", (xml) => {
    // Only the full parser reads comments.
    const full = parseLine(windowsXml, inSystem(`<!-- -->${xml}`));
    expect(parseLine(windowsXml, inSystem(xml)).record).toEqual(full.record);
  });

  it("takes no field for a prototype", () => {
    const { record } = parseLine(
      windowsXml,
      inSystem("<EventData><Data Name='__proto__'>x</Data></EventData>"),
    );
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
  });

  it.each([
    "<13>Nov 21 05:38:16 host app: text",
    "<Events/>",
    "<html>",
    '{"a":1}',
    '<Event><System><Provider Name="Linux-Sysmon"/><EventID>1</EventID></System></Event>',
    '<Event><Timestamp data_type="4">11/21/2026 05:38:16.123</Timestamp></Event>',
  ])("does not claim %s", (line) => {
    expect(sniffLine(windowsXml, line)).toBe(0);
  });

  it("survives any line", () => survivesAnything(windowsXml, [RAW, RENDERED, CLEARED, FRAMED]));
});
