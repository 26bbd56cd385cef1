// Reads a mail of two parts (RFC 5322, RFC 2045, RFC 2047) as its receiver would.

interface ReadMail {
  /** Lower-case name → value, unfolded and decoded; one that stands twice is joined by a line break. */
  readonly headers: Readonly<Record<string, string>>;
  /** Types of the parts. */
  readonly parts: readonly string[];
  readonly plain: string;
  readonly html: string;
}

export function readMail(raw: string): ReadMail {
  const { headers, body } = split(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers["content-type"] ?? "")?.[1] ?? "none";
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => split(part.replace(/^\r\n/, "")));
  const of = (type: string): string => {
    const part = parts.find((one) => one.headers["content-type"]?.startsWith(type));
    return part === undefined ? "" : decodeBody(part.body, part.headers).replace(/\r\n/g, "\n");
  };
  return {
    headers,
    parts: parts.map((part) => part.headers["content-type"] ?? ""),
    plain: of("text/plain"),
    html: of("text/html"),
  };
}

function split(raw: string): { headers: Record<string, string>; body: string } {
  const at = raw.indexOf("\r\n\r\n");
  const headers: Record<string, string> = {};
  for (const line of raw
    .slice(0, at)
    .replace(/\r\n[ \t]/g, " ")
    .split("\r\n")) {
    const name = line.slice(0, line.indexOf(":")).toLowerCase();
    const value = decodeWords(line.slice(line.indexOf(":") + 1).trim());
    headers[name] = headers[name] === undefined ? value : `${headers[name]}\n${value}`;
  }
  return { headers, body: raw.slice(at + 4) };
}

/** Words next to each other belong together, and a character may be parted between them. */
function decodeWords(value: string): string {
  const word = /=\?utf-8\?([bq])\?([^?]*)\?=/gi;
  const joined = value.replace(/\?=\s+=\?/g, "?==?");
  return joined.replace(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, (run) =>
    Buffer.concat(
      [...run.matchAll(word)].map(([, kind = "", text = ""]) =>
        kind.toLowerCase() === "b"
          ? Buffer.from(text, "base64")
          : quotedBytes(text.replaceAll("_", " ")),
      ),
    ).toString("utf8"),
  );
}

function decodeBody(body: string, headers: Readonly<Record<string, string>>): string {
  const encoding = headers["content-transfer-encoding"]?.toLowerCase();
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding !== "quoted-printable") return body;
  return quotedBytes(body.replace(/=\r\n/g, "")).toString("utf8");
}

function quotedBytes(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`))),
    "latin1",
  );
}
