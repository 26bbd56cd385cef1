// Log lines that shippers, framings and escapes stumble over: umlauts, quotes, percent signs, backslashes,
// braces and very long ones, each with its number, so that a lost, doubled or swapped one is told by name.

const AWKWARD = [
  "Benutzer Müßiggänger hat sich in Lüneburg angemeldet – größer als 5 € 🦉",
  `er sagte "ja" und 'nein', user="Erika" path='C:\\Temp\\'`,
  `100% von %s, %d, %msg%, \${MSG} und $!all, dazu %n`,
  "C:\\Windows\\System32\\cmd.exe /c \\\\fs01\\Ämter\\neu.txt \\n \\t \\u0041 \\",
  `{"json":"im Text","a":[1,2,{"b":"\\"ü\\""}]} <34>1 - - [x y="z"]`,
  "key=value; a=b, c='d e' | CEF:0|a|b|0 \u00a0geschützt\u2028Zeile",
];
const NUMBER_DIGITS = 6;

/**
 * Lines without line breaks and control characters.
 * @param bytesMax of the longest ones, of which there is one in a hundred
 */
export function awkwardLines(count: number, bytesMax: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const line = `Nr ${String(at).padStart(NUMBER_DIGITS, "0")} ${AWKWARD[at % AWKWARD.length]}`;
    return at % 100 === 99 ? `${line} ${longTail(bytesMax - Buffer.byteLength(line) - 2)}.` : line;
  });
}

function longTail(bytes: number): string {
  const piece = 'äÖ"\\%ß ';
  const whole = piece.repeat(Math.floor(bytes / Buffer.byteLength(piece)));
  return whole + "x".repeat(bytes - Buffer.byteLength(whole));
}

/** Where a line begins within a record that carries it unescaped. */
export function lineIn(text: string): string {
  const at = text.search(/Nr \d{6} /);
  return at < 0 ? text : text.slice(at);
}

const SHOWN_MAX = 10;

/** What is wrong with the lines that arrived: missing, doubled, altered ones; in short, the first few. */
export function faultsOf(arrived: readonly string[], sent: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of arrived) counts.set(line, (counts.get(line) ?? 0) + 1);
  const known = new Set(sent);
  const faults = [
    ...sent.filter((line) => !counts.has(line)).map((line) => `missing: ${brief(line)}`),
    ...[...counts].filter(([line]) => !known.has(line)).map(([line]) => `altered: ${brief(line)}`),
    ...[...counts]
      .filter(([, count]) => count > 1)
      .map(([line, n]) => `${n} times: ${brief(line)}`),
  ];
  return faults.slice(0, SHOWN_MAX);
}

/** As `faultsOf`, and the first line that came before one that was sent earlier. */
export function faultsInOrder(arrived: readonly string[], sent: readonly string[]): string[] {
  const faults = faultsOf(arrived, sent);
  if (faults.length > 0) return faults;
  const at = arrived.findIndex((line, position) => line !== sent[position]);
  return at < 0 ? [] : [`out of order from ${at} on: ${brief(arrived[at] ?? "")}`];
}

function brief(line: string): string {
  return `${line.slice(0, 90)} (${Buffer.byteLength(line)} bytes)`;
}
