// Lines of comma separated values, as firewalls write them: quoted where a comma stands inside, quotation
// marks inside doubled (RFC 4180, 2).

/** The columns from an index on, at most `columnsMax`; what follows those is left out. */
export function splitColumns(text: string, start: number, columnsMax: number): string[] {
  const columns: string[] = [];
  let at = start;
  while (columns.length < columnsMax) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      const inside = text.slice(at + 1, end);
      columns.push(inside.includes('""') ? inside.replaceAll('""', '"') : inside);
      // Something between a closing quotation mark and the comma is no value.
      at = text.indexOf(",", end);
    } else {
      const end = text.indexOf(",", at);
      columns.push(text.slice(at, end === -1 ? undefined : end));
      at = end;
    }
    if (at === -1) break;
    at++;
  }
  return columns;
}

function closingQuote(text: string, start: number): number {
  let at = text.indexOf('"', start);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at === -1 ? text.length : at;
}
