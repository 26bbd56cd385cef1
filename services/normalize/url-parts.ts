// Takes the URL of a proxy's log apart. Scanners and tunnels write anything there, so it is read by its
// separators and never refused; `URL` would throw and would change what it was given.

/** Parts of a URL; those that it does not have are undefined. */
export interface UrlParts {
  readonly scheme: string | undefined;
  /** Lower case, IPv6 without brackets. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly path: string | undefined;
  /** Without the question mark. */
  readonly query: string | undefined;
  /** Of the last part of the path, without the dot, lower case. */
  readonly extension: string | undefined;
}

/** Longest extension that is one. */
const EXTENSION_MAX = 10;

/** Parts of `scheme://user@host:port/path?query`, of `host:port` (CONNECT) or of `/path?query`. */
export function urlParts(url: string): UrlParts {
  const scheme = /^([a-z][a-z0-9+.-]{0,15}):\/\//i.exec(url);
  const start = scheme?.[0].length ?? 0;
  const isPath = scheme === null && (url.startsWith("/") || url.startsWith("*"));
  const pathStart = isPath ? 0 : firstOf(url, start);
  const host = isPath ? undefined : hostOf(url.slice(start, pathStart));
  const question = url.indexOf("?", pathStart);
  const path = url.slice(pathStart, question === -1 ? undefined : question);
  return {
    scheme: scheme?.[1]?.toLowerCase(),
    host: host?.name,
    port: host?.port,
    path: path === "" ? undefined : path,
    query: question === -1 ? undefined : url.slice(question + 1),
    extension: extensionOf(path),
  };
}

function firstOf(url: string, start: number): number {
  for (let at = start; at < url.length; at++) {
    const one = url[at];
    if (one === "/" || one === "?" || one === "#") return at;
  }
  return url.length;
}

function hostOf(authority: string): { name: string; port: number | undefined } | undefined {
  const text = authority.slice(authority.lastIndexOf("@") + 1, authority.length);
  const match = /^(\[[0-9a-f:.%]{2,64}\]|[^:[\]\s]{1,255})(?::(\d{1,5}))?$/i.exec(text);
  if (match?.[1] === undefined) return undefined;
  const name = match[1].replace(/^\[|\]$/g, "").toLowerCase();
  return { name, port: match[2] === undefined ? undefined : Number(match[2]) };
}

function extensionOf(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  if (dot === -1 || name.length - dot - 1 > EXTENSION_MAX) return undefined;
  const extension = name.slice(dot + 1).toLowerCase();
  return /^[a-z0-9]+$/.test(extension) ? extension : undefined;
}
