// Makes recordings longer without repeating a value that rules look at: what a cache of values gains on
// repeated lines, it does not gain here.

/** Values that get a number behind them; rules rarely ask how they end. */
const SUFFIXED = ["CommandLine", "ParentCommandLine", "CurrentDirectory"];
/** Values whose letters change their case, which no rule tells apart. */
const RECASED = [
  "Image",
  "ParentImage",
  "OriginalFileName",
  "User",
  "Hashes",
  "Company",
  "Product",
];

/** Copies of flat records (JSON lines) whose longer values are all distinct. */
export function withoutRepeats(lines: readonly string[], copies: number): string[] {
  return Array.from({ length: copies }, (_, copy) =>
    lines.map((line, index) => {
      const record: Record<string, unknown> = JSON.parse(line);
      const number = copy * lines.length + index;
      for (const name of SUFFIXED) {
        const value = record[name];
        if (typeof value === "string") record[name] = `${value} ${number}`;
      }
      for (const name of RECASED) {
        const value = record[name];
        if (typeof value === "string") record[name] = recased(value, number);
      }
      return JSON.stringify(record);
    }),
  ).flat();
}

/** The first letters in upper or lower case by the bits of the number. */
function recased(value: string, number: number): string {
  let bits = number;
  return value.replace(/[a-z]/gi, (letter) => {
    const upper = bits % 2 === 1;
    bits = Math.floor(bits / 2);
    return upper ? letter.toUpperCase() : letter.toLowerCase();
  });
}
