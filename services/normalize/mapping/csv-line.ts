// One line of delimited values (RFC 4180: quoted values, doubled quotation marks), in one pass.

/** Most values of one line. */
const CSV_VALUES_MAX = 500;

/** The values of a line; an unclosed quotation mark reaches to the line's end. */
export function splitCsv(line: string, delimiter: string, quote: string): string[] {
  const values: string[] = [];
  let at = 0;
  while (values.length < CSV_VALUES_MAX) {
    const start = delimiter === " " ? at : afterBlanks(line, at);
    if (quote !== "" && line[start] === quote) {
      const { value, end } = readQuoted(line, start + 1, quote);
      const next = line.indexOf(delimiter, end);
      values.push(value);
      if (next === -1) return values;
      at = next + 1;
      continue;
    }
    const next = line.indexOf(delimiter, at);
    if (next === -1) {
      values.push(line.slice(at).trim());
      return values;
    }
    values.push(line.slice(at, next).trim());
    at = next + 1;
  }
  return values;
}

function afterBlanks(line: string, start: number): number {
  let at = start;
  while (line[at] === " ") at++;
  return at;
}

function readQuoted(line: string, start: number, quote: string): { value: string; end: number } {
  let value = "";
  let from = start;
  for (;;) {
    const end = line.indexOf(quote, from);
    if (end === -1) return { value: value + line.slice(from), end: line.length };
    value += line.slice(from, end);
    if (line[end + 1] !== quote) return { value, end: end + 1 };
    value += quote;
    from = end + 2;
  }
}
