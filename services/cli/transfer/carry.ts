// Carries all parts from one place to another and reads the target back: counts and checksums of both sides
// are the result. Can be killed at any moment and begun anew.
import { type Part, type Place, partName, type Row } from "./place.ts";
import { isSame, Tallier, type Tally } from "./tally.ts";

const ROWS_PER_WRITE = 500;
const BYTES_PER_WRITE = 4 * 1024 * 1024;

/** Remembers across processes how many rows of a part are written. */
export interface Progress {
  rowsOf(part: string): number;
  reached(part: string, rows: number): void;
}

/** One line of the result. */
export interface CarriedPart extends Part {
  readonly source: Tally;
  readonly target: Tally;
  readonly same: boolean;
}

export interface CarryOptions {
  /** Parts that stay behind. */
  readonly isLeft?: (part: Part) => boolean;
  readonly progress?: Progress;
  /** Told before each part. */
  readonly onPart?: (part: Part, step: "write" | "verify") => void;
}

/** Writes everything, then verifies everything. */
export async function carry(
  source: Place,
  target: Place,
  options: CarryOptions = {},
): Promise<CarriedPart[]> {
  const { isLeft = () => false, progress, onPart } = options;
  const parts = (await source.parts()).filter((part) => !isLeft(part));
  const tallies: Tally[] = [];
  for (const part of parts) {
    onPart?.(part, "write");
    tallies.push(await carryPart(source, target, part, progress));
  }
  const result: CarriedPart[] = [];
  for (const [at, part] of parts.entries()) {
    onPart?.(part, "verify");
    const there = await tallyOf(target, part);
    const here = tallies[at] ?? new Tallier().tally;
    const { tenant, name } = part;
    result.push({ tenant, name, source: here, target: there, same: isSame(here, there) });
  }
  return result;
}

/** What a part comes to. */
export async function tallyOf(place: Place, part: Part): Promise<Tally> {
  const tallier = new Tallier();
  for await (const row of place.read(part)) tallier.add(row);
  return tallier.tally;
}

async function carryPart(
  source: Place,
  target: Place,
  part: Part,
  progress: Progress | undefined,
): Promise<Tally> {
  const name = partName(part);
  const tallier = new Tallier();
  const written = progress?.rowsOf(name) ?? 0;
  let waiting: Row[] = [];
  let bytes = 0;
  let next = 0;
  const write = async () => {
    if (waiting.length === 0) return;
    await target.write(part, waiting, next - waiting.length);
    progress?.reached(name, next);
    waiting = [];
    bytes = 0;
  };
  for await (const row of source.read(part)) {
    tallier.add(row);
    next += 1;
    if (next <= written) continue;
    waiting.push(row);
    bytes += JSON.stringify(row).length;
    if (waiting.length >= ROWS_PER_WRITE || bytes >= BYTES_PER_WRITE) await write();
  }
  await write();
  return tallier.tally;
}
