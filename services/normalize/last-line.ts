// A line is looked at twice by its own format: when it is asked whether the line is its own, and when it
// parses it. What was found the first time is kept for the second. Headers are the same for thousands of
// lines.

/** The function with its last answer remembered, for the same line. */
export function rememberLast<Found>(read: (line: string) => Found): (line: string) => Found {
  let last: { readonly line: string; readonly found: Found } | undefined;
  return (line) => {
    if (last?.line === line) return last.found;
    const found = read(line);
    last = { line, found };
    return found;
  };
}

/** Headers of one format that are remembered: as many as a sensor writes files at a time. */
const HEADERS_MAX = 64;

/** The function with its answers remembered for the headers that were seen lately. */
export function rememberHeaders<Found>(read: (header: string) => Found): (header: string) => Found {
  const known = new Map<string, { readonly found: Found }>();
  return (header) => {
    const remembered = known.get(header);
    if (remembered !== undefined) return remembered.found;
    const found = read(header);
    if (known.size >= HEADERS_MAX) known.clear();
    known.set(header, { found });
    return found;
  };
}
