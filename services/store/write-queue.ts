// Group commit for the store: all changes asked for within one turn of the event loop share one
// transaction and one wait for the disk; each of them alone happens fully or not at all.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { inTransaction } from "../sqlite/sqlite.ts";

interface Job {
  /** Does the work inside the transaction; the function it gives back tells the caller, after it. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

export class WriteQueue {
  readonly #database: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #release: StatementSync;
  #jobs: Job[] = [];
  #scheduled: NodeJS.Immediate | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#begin = database.prepare("SAVEPOINT job");
    this.#release = database.prepare("RELEASE job");
  }

  /** Runs `work` with the next transaction. Durable when it resolves; undone when `work` throws. */
  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({
        reject,
        run: () => {
          const result = this.#alone(work);
          return () => resolve(result);
        },
      });
      this.#scheduled ??= setImmediate(() => this.flush());
    });
  }

  flush(): void {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length === 0) return;
    let answers: (() => void)[];
    try {
      answers = inTransaction(this.#database, () => jobs.map((job) => this.#answerOf(job)));
    } catch (error) {
      for (const job of jobs) job.reject(error);
      return;
    }
    for (const answer of answers) answer();
  }

  #answerOf(job: Job): () => void {
    try {
      return job.run();
    } catch (error) {
      // A full disk undoes the whole transaction, not only this job.
      if (!this.#database.isTransaction) throw error;
      return () => job.reject(error);
    }
  }

  #alone<T>(work: () => T): T {
    this.#begin.run();
    try {
      const result = work();
      this.#release.run();
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK TO job; RELEASE job");
      throw error;
    }
  }
}
