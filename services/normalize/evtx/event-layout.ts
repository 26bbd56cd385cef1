// Where the elements of a Windows event go in a flat record, as windows-flat and windows-xml have it:
// header elements and attributes by their own names, event data by its names, user data by its leaves.

/** In which part of an event an element stands. */
export type Section =
  | "root"
  | "event"
  | "system"
  | "event-data"
  | "leaves"
  | "rendering"
  | "nothing";

/** What becomes of an element. */
export interface Placement {
  /** Section of its children. */
  readonly inner: Section;
  /** Name of its text in the record; undefined: has none. */
  readonly name: string | undefined;
  /** What its attributes' names begin with; undefined: they are left out. */
  readonly prefix: string | undefined;
  /** The name without spaces, when it has some: rules are written so (`ThreatName` of Defender). */
  readonly alias?: string;
  /** Whether an empty text is a field too. */
  readonly keepsEmpty: boolean;
}

// What identifies and routes an event must not be replaced by event data of the same name: "log cleared"
// (104) has a `Channel` in its user data.
const HEADER_NAMES: ReadonlySet<string> = new Set([
  "Provider_Name",
  "Provider_Guid",
  "Provider_EventSourceName",
  "EventID",
  "EventID_Qualifiers",
  "Version",
  "Level",
  "Task",
  "Opcode",
  "Keywords",
  "TimeCreated_SystemTime",
  "EventRecordID",
  "Correlation_ActivityID",
  "Correlation_RelatedActivityID",
  "Execution_ProcessID",
  "Execution_ThreadID",
  "Channel",
  "Computer",
  "Security_UserID",
]);

/** @param dataName the literal `Name` attribute of the element, if it has one */
export function placementOf(
  section: Section,
  element: string,
  dataName: string | undefined,
): Placement {
  switch (section) {
    case "root":
      return { inner: "event", name: undefined, prefix: undefined, keepsEmpty: false };
    case "event":
      return { ...named(element), inner: innerOf(element) };
    case "system":
      return { inner: "leaves", name: element, prefix: element, keepsEmpty: false };
    case "event-data": {
      const isData = element === "Data";
      const name = isData && dataName !== undefined && dataName !== "" ? dataName : element;
      const alias = name.includes(" ") ? { alias: safeName(name.replaceAll(" ", "")) } : {};
      return { ...named(name), ...alias, keepsEmpty: isData };
    }
    case "leaves":
      return named(element);
    case "rendering":
      return {
        inner: "nothing",
        name: element === "Message" ? "Message" : undefined,
        prefix: undefined,
        keepsEmpty: false,
      };
    case "nothing":
      return { inner: "nothing", name: undefined, prefix: undefined, keepsEmpty: false };
  }
}

function named(element: string): Placement {
  // `__proto__` is no field of anything.
  const name = element === "__proto__" ? undefined : safeName(element);
  return { inner: "leaves", name, prefix: name, keepsEmpty: false };
}

/** The name of an attribute's field; undefined for what describes the XML only. */
export function attributeName(
  prefix: string,
  attribute: string,
  section: Section,
): string | undefined {
  if (attribute === "xmlns" || attribute.startsWith("xmlns:")) return undefined;
  const name = `${prefix}_${attribute}`;
  // Windows writes both spellings.
  if (section === "system") return name === "Security_UserId" ? "Security_UserID" : name;
  return safeName(name);
}

function safeName(name: string): string {
  return HEADER_NAMES.has(name) ? `Data_${name}` : name;
}

function innerOf(element: string): Section {
  if (element === "System") return "system";
  if (element === "EventData") return "event-data";
  return element === "RenderingInfo" ? "rendering" : "leaves";
}
