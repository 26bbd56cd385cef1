// The audit chain of one tenant in SQLite: append, read, erase a payload by law, and walk it to see
// whether anybody changed what was written.
import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../config/errors.ts";
import { numberOf, textOf } from "../sqlite/sqlite.ts";
import { ERASE_ACTION, GENESIS_HASH, nextEntry } from "./audit-chain.ts";
import { walkChain } from "./chain-walk.ts";
import type { AuditEntry, AuditInput } from "./store.ts";

const SALT_BYTES = 16;

export class AuditLog {
  readonly #statements;

  constructor(database: DatabaseSync) {
    const sql = (text: string) => database.prepare(text);
    this.#statements = {
      add: sql("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      head: sql("SELECT sequence, hash FROM audit_head"),
      setHead: sql("REPLACE INTO audit_head VALUES (1, ?, ?)"),
      from: sql("SELECT * FROM audit WHERE sequence >= ? ORDER BY sequence LIMIT ?"),
      erase: sql(
        "UPDATE audit SET payload = NULL, salt = NULL WHERE sequence = ? AND payload IS NOT NULL",
      ),
    };
  }

  append(input: AuditInput): AuditEntry {
    const entry = nextEntry(this.#head(), input, randomBytes(SALT_BYTES).toString("hex"));
    this.#add(entry);
    return entry;
  }

  /** As `append`, in their order. */
  appendAll(inputs: readonly AuditInput[]): void {
    if (inputs.length === 0) return;
    let previous: Pick<AuditEntry, "sequence" | "hash"> | undefined = this.#head();
    // One call for all: each waits for the operating system.
    const salts = randomBytes(SALT_BYTES * inputs.length);
    for (const [index, input] of inputs.entries()) {
      const at = index * SALT_BYTES;
      const salt = salts.toString("hex", at, at + SALT_BYTES);
      const entry = nextEntry(previous, input, salt);
      this.#insert(entry);
      previous = entry;
    }
    if (previous !== undefined) this.#statements.setHead.run(previous.sequence, previous.hash);
  }

  /**
   * Takes over an entry of another chain's copy; one that is there already may come again.
   * @throws AppError HW_CONFLICT when it is not the next one, or another than the one that is there
   */
  restore(entry: AuditEntry): void {
    const head = this.#head();
    const isThere = entry.sequence <= (head?.sequence ?? 0);
    const fits = isThere
      ? this.read(entry.sequence, 1)[0]?.hash === entry.hash
      : entry.sequence === (head?.sequence ?? 0) + 1 &&
        entry.previousHash === (head?.hash ?? GENESIS_HASH);
    if (!fits) {
      throw new AppError("HW_CONFLICT", "the entry does not continue this chain", {
        place: `audit ${entry.sequence}`,
      });
    }
    if (!isThere) this.#add(entry);
  }

  /** @throws AppError HW_NOT_FOUND */
  erase(
    sequence: number,
    by: Pick<AuditInput, "at" | "actor"> & { readonly reason: string },
  ): AuditEntry {
    if (this.#statements.erase.run(sequence).changes === 0)
      throw new AppError("HW_NOT_FOUND", "no such payload", { place: `audit ${sequence}` });
    const { at, actor, reason } = by;
    const subject = String(sequence);
    return this.append({ at, actor, action: ERASE_ACTION, subject, payload: { reason } });
  }

  read(fromSequence: number, limit: number): AuditEntry[] {
    return this.#statements.from.all(fromSequence, limit).map(entryOf);
  }

  /** The first broken sequence number; undefined when the chain holds. */
  verify(): Promise<number | undefined> {
    return walkChain({
      head: async () => this.#head(),
      read: async (fromSequence, limit) => this.read(fromSequence, limit),
    });
  }

  #add(entry: AuditEntry): void {
    this.#insert(entry);
    this.#statements.setHead.run(entry.sequence, entry.hash);
  }

  #insert(entry: AuditEntry): void {
    this.#statements.add.run(
      entry.sequence,
      entry.at,
      entry.actor,
      entry.action,
      entry.subject,
      entry.payload === undefined ? null : JSON.stringify(entry.payload),
      entry.salt ?? null,
      entry.payloadHash,
      entry.previousHash,
      entry.hash,
    );
  }

  #head(): { sequence: number; hash: string } | undefined {
    const row = this.#statements.head.get();
    return row && { sequence: numberOf(row.sequence), hash: textOf(row.hash) };
  }
}

function entryOf(row: Record<string, unknown>): AuditEntry {
  return {
    sequence: numberOf(row.sequence),
    at: numberOf(row.at),
    actor: textOf(row.actor),
    action: textOf(row.action),
    subject: textOf(row.subject),
    payload: readPayload(row.payload),
    salt: typeof row.salt === "string" ? row.salt : undefined,
    payloadHash: textOf(row.payload_hash),
    previousHash: textOf(row.previous_hash),
    hash: textOf(row.hash),
  };
}

/** A payload that is no JSON any more was tampered with: it reads as one that fits no hash. */
function readPayload(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value === null) return undefined;
  try {
    const payload: unknown = JSON.parse(textOf(value));
    return typeof payload === "object" && payload !== null ? { ...payload } : { unreadable: true };
  } catch {
    return { unreadable: true };
  }
}
