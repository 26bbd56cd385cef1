// Counts what was compared and what was not the same, and keeps the first differences to be looked at.

const KEPT = 20;

export class Tally {
  compared = 0;
  differences = 0;
  readonly kept: string[] = [];

  /** Numbers, texts or null; a missing one is null. */
  same(
    where: string,
    shown: number | string | null | undefined,
    meant: number | string | null | undefined,
  ): void {
    this.compared += 1;
    if (Object.is(shown ?? null, meant ?? null)) return;
    this.differences += 1;
    if (this.kept.length < KEPT) this.kept.push(`${where}: ${shown}, must be ${meant}`);
  }

  /** All numbers and texts within, by their paths. */
  sameAll(where: string, shown: unknown, meant: unknown): void {
    const one = flat(shown);
    const other = flat(meant);
    for (const path of new Set([...one.keys(), ...other.keys()])) {
      this.same(`${where} ${path}`, one.get(path), other.get(path));
    }
  }
}

function flat(value: unknown, path = "", found = new Map<string, number | string>()) {
  if (typeof value === "number" || typeof value === "string") found.set(path, value);
  else if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) flat(part, `${path}.${key}`, found);
  }
  return found;
}
