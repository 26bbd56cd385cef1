// Count and checksum of rows, whatever their order: the sum of the SHA-256 of each row's canonical JSON,
// modulo 2^256. A row that is missing, changed or there twice gives another sum.
import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../../store/audit-chain.ts";

const MODULUS = 1n << 256n;
const HEX_DIGITS = 64;

export const tallySchema = z.object({
  rows: z.number().int().min(0),
  /** 64 hexadecimal digits. */
  checksum: z.string(),
});

/** What a part came to. */
export type Tally = z.infer<typeof tallySchema>;

export class Tallier {
  #rows = 0;
  #sum = 0n;

  add(row: unknown): void {
    this.#rows += 1;
    const digest = createHash("sha256").update(canonicalJson(row)).digest("hex");
    this.#sum = (this.#sum + BigInt(`0x${digest}`)) % MODULUS;
  }

  get tally(): Tally {
    return { rows: this.#rows, checksum: this.#sum.toString(16).padStart(HEX_DIGITS, "0") };
  }
}

/** Whether two parts hold the same rows. */
export function isSame(one: Tally | undefined, other: Tally | undefined): boolean {
  return one?.rows === other?.rows && one?.checksum === other?.checksum;
}
