// A quick reader for the XML that Windows writes: elements, attributes, text, the five named entities and
// numeric ones. Whatever else XML allows (comments, CDATA, DOCTYPE, prefixes, carriage returns) it leaves
// to the full parser by answering false: it never takes for good what that one would refuse.

/** What is told of each element, in the order of the text. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  /** May come in several parts. */
  text(part: string): void;
  close(): void;
  /** A whole `<Data Name="…">text</Data>`, told instead of its parts. */
  data(name: string, text: string): void;
}

const DECLARATION =
  /^<\?xml version=(?:"1\.0"(?: encoding="[A-Za-z][\w.-]{0,20}")?|'1\.0'(?: encoding='[A-Za-z][\w.-]{0,20}')?) ?\?>/;
const NAME = /^[A-Za-z][\w.-]{0,100}$/;
const NO_ATTRIBUTES: Readonly<Record<string, string>> = {};

// Most elements of an event; to take one of them at once spares its two tags the way through the loop.
const DATA = /<Data Name=(?:"([^"&<>\n\t]*)"|'([^'&<>\n\t]*)')>([^<&]*)<\/Data>/y;

/** Reads a whole document; false when it is not regular, whatever was told until then. */
export function readRegularXml(xml: string, handler: XmlHandler): boolean {
  if (!isRegular(xml)) return false;
  const open: string[] = [];
  let hasRoot = false;
  let at = DECLARATION.exec(xml.slice(0, 120))?.[0].length ?? 0;
  for (;;) {
    const start = xml.indexOf("<", at);
    const text = xml.slice(at, start === -1 ? undefined : start);
    if (open.length === 0) {
      if (text.trim() !== "") return false;
      if (start === -1) return hasRoot;
    }
    const end = xml.indexOf(">", start);
    if (start === -1 || end === -1) return false;
    if (text !== "") {
      const plain = unescaped(text);
      if (plain === undefined) return false;
      if (open.length > 0) handler.text(plain);
    }
    DATA.lastIndex = start;
    const data = open.length > 0 ? DATA.exec(xml) : null;
    if (data !== null) {
      handler.data(data[1] ?? data[2] ?? "", data[3] ?? "");
      at = DATA.lastIndex;
      continue;
    }
    at = end + 1;
    if (xml[start + 1] === "/") {
      if (open.pop() !== xml.slice(start + 2, end)) return false;
      handler.close();
      continue;
    }
    const isEmpty = xml[end - 1] === "/";
    const inner = xml.slice(start + 1, isEmpty ? end - 1 : end);
    const blank = inner.indexOf(" ");
    const name = blank === -1 ? inner : inner.slice(0, blank);
    const attributes = blank === -1 ? NO_ATTRIBUTES : attributesOf(inner, blank);
    if (attributes === undefined || (open.length === 0 && hasRoot)) return false;
    // Most elements of an event are its data.
    if (name !== "Data" && !NAME.test(name)) return false;
    hasRoot = true;
    handler.open(name, attributes);
    if (isEmpty) handler.close();
    else open.push(name);
  }
}

// What XML forbids or changes, and the beginnings of what only the full parser reads.
function isRegular(xml: string): boolean {
  // A pattern walks through the text three times as fast as a loop over its characters.
  return !FOREIGN.test(xml) && !xml.includes("]]>") && !xml.includes("<!") && xml.isWellFormed();
}

// Control characters but for tab and line feed, and what is no character.
const FOREIGN = /[^\t\n -\ufffd]/;

const ATTRIBUTE = / ([A-Za-z][\w.:-]{0,100})=(?:"([^"&<\n\t]*)"|'([^'&<\n\t]*)')/y;

function attributesOf(inner: string, start: number): Record<string, string> | undefined {
  const attributes: Record<string, string> = {};
  let at = start;
  while (at < inner.length) {
    ATTRIBUTE.lastIndex = at;
    const found = ATTRIBUTE.exec(inner);
    if (found === null) return inner.slice(at).trim() === "" ? attributes : undefined;
    const name = found[1] ?? "";
    if (Object.hasOwn(attributes, name)) return undefined;
    attributes[name] = found[2] ?? found[3] ?? "";
    at = ATTRIBUTE.lastIndex;
  }
  return attributes;
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

// Undefined when an entity is none that every XML document knows.
function unescaped(text: string): string | undefined {
  if (!text.includes("&")) return text;
  let isSound = true;
  const plain = text.replace(/&([#\w]{0,10};)?/g, (_whole, entity: string | undefined) => {
    const character = entity === undefined ? undefined : characterOf(entity.slice(0, -1));
    if (character === undefined) isSound = false;
    return character ?? "";
  });
  return isSound ? plain : undefined;
}

function characterOf(entity: string): string | undefined {
  const number = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(entity);
  if (number === null) return NAMED.get(entity);
  const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
  const isAllowed =
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x1_0000 && code <= 0x10_ffff);
  return isAllowed ? String.fromCodePoint(code) : undefined;
}
