// Cuts one line of comma separated values, as Exchange, NPS and the DHCP server write them: quotation
// marks around a value, doubled inside it (RFC 4180).

/** Most values of one line; what follows stays in the last one. */
const VALUES_MAX = 400;
const QUOTE = 0x22;

/** The values of a line; the last of `valuesMax` keeps the rest of the line as it is. */
export function readDelimited(line: string, valuesMax = VALUES_MAX): string[] {
  const values: string[] = [];
  let at = 0;
  while (values.length < valuesMax - 1) {
    if (line[at] === '"') {
      const { value, end } = readQuoted(line, at + 1);
      values.push(value);
      at = end;
      if (at >= line.length) return values;
      at++;
      continue;
    }
    const comma = line.indexOf(",", at);
    if (comma === -1) break;
    values.push(line.slice(at, comma));
    at = comma + 1;
  }
  values.push(line.slice(at));
  return values;
}

// The value and the index of the comma behind it (or of the line's end).
function readQuoted(line: string, start: number): { value: string; end: number } {
  let isDoubled = false;
  let quote = line.indexOf('"', start);
  while (quote !== -1 && line.charCodeAt(quote + 1) === QUOTE) {
    isDoubled = true;
    quote = line.indexOf('"', quote + 2);
  }
  const inside = line.slice(start, quote === -1 ? undefined : quote);
  const value = isDoubled ? inside.replaceAll('""', '"') : inside;
  if (quote === -1) return { value, end: line.length };
  const comma = line.indexOf(",", quote);
  const end = comma === -1 ? line.length : comma;
  return { value: value + line.slice(quote + 1, end), end };
}
