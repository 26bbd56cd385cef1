// Gathers what many callers ask for within one turn of the event loop into one request.

const ITEMS_MAX = 2000;

/** Runs `work` once for all items that were added in one turn; results in their order. */
export class Turn<Item, Result> {
  readonly #work: (items: readonly Item[]) => Promise<readonly Result[]>;
  #waiting: {
    item: Item;
    resolve: (result: Result) => void;
    reject: (error: unknown) => void;
  }[] = [];
  #scheduled = false;

  constructor(work: (items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#work = work;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    });
  }

  addAll(items: readonly Item[]): Promise<Result[]> {
    return Promise.all(items.map((item) => this.add(item)));
  }

  #flush(): void {
    this.#scheduled = false;
    const all = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < all.length; at += ITEMS_MAX) {
      const some = all.slice(at, at + ITEMS_MAX);
      this.#work(some.map(({ item }) => item)).then(
        (results) => {
          for (const [index, { resolve, reject }] of some.entries()) {
            const result = results[index];
            if (result === undefined) reject(new Error("fewer results than items"));
            else resolve(result);
          }
        },
        (error: unknown) => {
          for (const { reject } of some) reject(error);
        },
      );
    }
  }
}
