// Finds what would come alive in a text at its reader's: made from what clients and servers take for links,
// mentions and markup, not from what the product does, so that it can tell where that is wrong.
import { OUR_LINKS } from "./hostile-pages.ts";

const SEEN_BY_NOBODY = new RegExp(
  "[" +
    "00-08 0b-1f 7f-9f ad-ad 34f-34f 61c-61c 115f-1160 17b4-17b5 180b-180f 200b-200f 2028-202e 2060-206f 2800-2800 3164-3164 fe00-fe0f feff-feff ffa0-ffa0 fff0-fffb 1d173-1d17a e0000-e0fff"
      .split(" ")
      .map((range) => range.replace(/[0-9a-f]+/g, "\\u{$&}"))
      .join("") +
    "]",
  "u",
);

/** Pattern → what a client takes it for. Dots and at signs of full width become plain ones on the way. */
const LIVE: readonly (readonly [RegExp, string])[] = [
  [/[a-z][a-z0-9+-]*:\/\//i, "an address with a scheme"],
  [
    /\b(?:javascript|vbscript|data|mailto|tel|sms|callto|skype|facetime|geo|bitcoin|xmpp|matrix|magnet|file|https?|ftp|about|view-source|mhtml):[^\s]/i,
    "a scheme that clients act on",
  ],
  [/\bwww\.\S/i, "a host"],
  [
    /[\p{L}\p{N}_-]\.(?:xn--[a-z0-9-]+|\p{L}{2,63})(?![\p{L}\p{N}])/u,
    "a host or a file that is named like one",
  ],
  [/(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])/, "an address of IPv4"],
  [/[^\s[]@[^\s\]]/, "an address of mail"],
  [/(?:^|[^\p{L}\p{N}[])@[\p{L}\p{N}_]/u, "a mention"],
  [/(?:^|[\s"'(])\\\\[^\s\\]/, "a share"],
];

/** What comes alive in a text without markup; addresses of ours are left out. Empty: nothing. */
export function liveInText(given: string): string[] {
  const text = OUR_LINKS.reduce((rest, link) => rest.replaceAll(link, ""), given);
  const plain = text
    .replace(/[\u2024\u3002\ufe52\uff0e\uff61]/g, ".")
    .replace(/[\ufe6b\uff20]/g, "@");
  const live = LIVE.flatMap(([pattern, what]) => {
    const found = pattern.exec(plain);
    return found === null ? [] : [`${what}: ${JSON.stringify(near(plain, found.index))}`];
  });
  const hidden = SEEN_BY_NOBODY.exec(text);
  const alone = /\p{Cs}/u.exec(text);
  return [
    ...live,
    ...(hidden === null ? [] : [`hidden: ${JSON.stringify(near(text, hidden.index))}`]),
    ...(alone === null ? [] : [`half a character: ${JSON.stringify(near(text, alone.index))}`]),
  ];
}

function near(text: string, at: number): string {
  return text.slice(Math.max(0, at - 20), at + 40);
}

/** What comes alive in Markdown beside headings and links of ours. */
export function liveInMarkdown(markdown: string): string[] {
  const rest = markdown
    .replace(/\[(?:Übernehmen|Ablehnen|Fund öffnen)\]\(<([^<>]*)>\)/g, (whole, url: string) =>
      OUR_LINKS.some((link) => link === url) ? "" : whole,
    )
    .replace(/^(?:- )?\*\*((?:[^*\\]|\\.)*)\*\*/gm, "$1")
    .replace(/^(?:- |\d\. )/gm, "");
  // Servers of Mattermost look for these before they look at escapes.
  const before = [
    [/<[^<>|]+\|[^>]+>/, "a link in angle brackets"],
    [/<!?[a-z@#]/i, "a mark in angle brackets"],
    [/(?:^|\W)#\p{L}/u, "a hashtag"],
    [/(?:^|\W)~[a-z0-9]/, "a channel"],
    [/:[a-z0-9_+-]+:/, "an emoji"],
    [/\$[^$]+\$/, "a formula"],
    [/&(?:#\d+|#x[0-9a-f]+|[a-z]+);/i, "an entity"],
  ] as const;
  // What is escaped is a letter like others.
  const unescaped = rest.replace(/\\[\\`*_{}[\]()#+\-.!>~|]/g, "x");
  const after = [
    [/[*_`~|<>[\]]/, "a sign of markup"],
    [/^\s{0,3}(?:#{1,6}\s|>|[-+]\s|\d{1,9}[.)]\s|={2,}\s*$|-{2,}\s*$)/m, "a block"],
    [/^(?: {4}|\t)/m, "a block of code"],
    [/(?:\\| {2})$/m, "a hard break"],
  ] as const;
  return [
    ...before.flatMap(([pattern, what]) => found(pattern, rest, what)),
    ...after.flatMap(([pattern, what]) => found(pattern, unescaped, what)),
    // As it is shown: without the signs that escape.
    ...liveInText(rest.replace(/\\([\\`*_{}[\]()#+\-.!>~|])/g, "$1")),
  ];
}

function found(pattern: RegExp, text: string, what: string): string[] {
  const match = pattern.exec(text);
  return match === null ? [] : [`${what}: ${JSON.stringify(near(text, match.index))}`];
}

const TAGS = "html head meta title body p h1 h2 strong dl dt dd ol ul li bdi a hr".split(" ");
const EMPTY_TAGS = ["meta", "hr"];
const ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  "html lang": /^(?:de|en)$/,
  "meta charset": /^utf-8$/,
  "meta name": /^format-detection$/,
  "meta content": /^telephone=no,date=no,address=no,email=no,url=no$/,
};

/** What is not of our own few elements in a document of HTML, read strictly; and its text. */
export function readHtml(html: string): { readonly faults: string[]; readonly text: string } {
  const faults: string[] = [];
  const open: string[] = [];
  let text = "";
  const body = html.replace(/^<!DOCTYPE html>/, "");
  for (const [, tag, plain] of body.matchAll(/(<[^>]*>?)|([^<]+)/g)) {
    if (tag === undefined) {
      text += decoded(plain ?? "", faults);
      continue;
    }
    const parts = /^<(\/?)([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>$/.exec(tag);
    const name = parts?.[2] ?? "";
    if (parts === null || !TAGS.includes(name)) faults.push(`a tag: ${tag.slice(0, 60)}`);
    else if (parts[1] === "/") {
      if (open.pop() !== name) faults.push(`an end without a beginning: ${tag}`);
    } else if (!EMPTY_TAGS.includes(name)) open.push(name);
    for (const [, attribute, value = ""] of (parts?.[3] ?? "").matchAll(/ ([a-z-]+)="([^"]*)"/g)) {
      const key = `${name} ${attribute}`;
      const isOurs =
        key === "a href"
          ? OUR_LINKS.some((link) => link === decoded(value, faults))
          : ATTRIBUTES[key]?.test(value) === true;
      if (!isOurs) faults.push(`an attribute: ${key}=${value.slice(0, 60)}`);
    }
    // Elements part words for their reader.
    if (!/^<\/?(?:bdi|strong|a)\b/.test(tag)) text += "\n";
  }
  if (open.length > 0) faults.push(`not ended: ${open.join(" ")}`);
  return { faults, text };
}

function decoded(text: string, faults: string[]): string {
  return text.replace(/&(?:#(\d+);)?/g, (whole, code: string | undefined) => {
    if (code !== undefined) return String.fromCodePoint(Number(code));
    faults.push("an ampersand that is not escaped");
    return whole;
  });
}
