// The spool folders of Gammu's SMS daemon (its `files` service): a message as the file it sends, and the text
// of a file in which it puts what it received. Formats as in gammu-smsd-files(7) and gammu-smsbackup(5).
import { createHash } from "node:crypto";
import type { Priority } from "../../config/paging.ts";
import { splitParts } from "./gsm-7.ts";

/** The daemon takes names up to 100 bytes and sends in the order of names. */
const LETTER: Readonly<Record<Priority, string>> = { p1: "A", p2: "B", p3: "C", p4: "D" };
const HEX_PER_LINE = 200;
const RECEIVED = /^IN\d{8}_\d{6}_\d{2}_(?<number>.{1,40})_\d{2}\.(?<ending>txt|smsbackup)$/;

export interface SpoolMessage {
  readonly id: string;
  readonly priority: Priority;
  /** When its finding was raised, ms UTC. */
  readonly raisedAt: number;
  readonly number: string;
  readonly text: string;
}

/** The same name for every repetition: while the first one waits to be sent, there is no second one. */
export function spoolName({ id, priority, raisedAt, number }: SpoolMessage): string {
  const iso = new Date(raisedAt).toISOString();
  const day = iso.slice(0, 10).replaceAll("-", "");
  const time = iso.slice(11, 19).replaceAll(":", "");
  return `OUT${LETTER[priority]}${day}_${time}_00_${number}_${digestOf(id)}.smsbackup`;
}

/** A section for each part; the parts of one message share a reference. */
export function spoolFile({ id, number, text }: SpoolMessage): string {
  const parts = splitParts(text);
  const reference = digestOf(id).slice(0, 2).toUpperCase();
  const sections = parts.map((part, at) => {
    const header = `050003${reference}${hexByte(parts.length)}${hexByte(at + 1)}`;
    const hex = utf16Hex(part);
    const lines = hex.match(new RegExp(`.{1,${HEX_PER_LINE}}`, "g")) ?? [];
    return [
      `[SMSBackup${String(at).padStart(3, "0")}]`,
      "PDU = Submit",
      "State = UnSent",
      `Number = "${number}"`,
      `NumberUnicode = ${utf16Hex(number)}`,
      ...(parts.length === 1 ? [] : [`UDH = ${header}`]),
      ...lines.map((line, n) => `Text${String(n).padStart(2, "0")} = ${line}`),
      "Coding = Default_No_Compression",
      "Folder = 1",
      `Length = ${[...part].length}`,
      "Class = -1",
      "ReplySMSC = False",
      "RejectDuplicates = False",
      "ReplaceMessage = 0",
      "MessageReference = 0",
    ].join("\n");
  });
  return `${sections.join("\n\n")}\n`;
}

/** Undefined where the file is no received text. */
export function receivedNumber(name: string): string | undefined {
  return RECEIVED.exec(name)?.groups?.number;
}

/** In any of the daemon's three formats (`InboxFormat`): standard, unicode, detail. */
export function receivedText(name: string, bytes: Buffer): string {
  if (name.endsWith(".smsbackup")) return backupText(bytes.toString("utf8"));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder().decode(bytes);
}

function backupText(file: string): string {
  const hex = [...file.matchAll(/^Text\d{2} = ([0-9A-F]*)\r?$/gim)].map((line) => line[1] ?? "");
  return new TextDecoder("utf-16be").decode(Buffer.from(hex.join(""), "hex"));
}

function digestOf(id: string): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 20);
}

function utf16Hex(text: string): string {
  return Buffer.from(text, "utf16le").swap16().toString("hex").toUpperCase();
}

function hexByte(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, "0");
}
