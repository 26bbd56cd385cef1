// Reads the comma-separated files that come with recordings: a header line, quoted fields with doubled
// quotation marks.

/** The rows as column → text. */
export function readCsv(text: string): Readonly<Record<string, string>>[] {
  const [header = [], ...rows] = [...records(text)];
  return rows
    .filter((row) => row.length > 1)
    .map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ""])));
}

function* records(text: string): Generator<string[]> {
  let fields: string[] = [];
  let at = 0;
  while (at < text.length) {
    let value = "";
    if (text[at] === '"') {
      for (at++; at < text.length; at++) {
        if (text[at] !== '"') value += text[at];
        else if (text[at + 1] === '"') value += text[at++];
        else break;
      }
      at++;
    } else {
      let end = 0;
      while (at + end < text.length && !",\r\n".includes(text[at + end] ?? "")) end++;
      value = text.slice(at, at + end);
      at += end;
    }
    fields.push(value);
    if (text[at] === ",") {
      at++;
      continue;
    }
    while (text[at] === "\r" || text[at] === "\n") at++;
    yield fields;
    fields = [];
  }
}
