// One copy of each string and of each list of them: parsed documents bring a new one each time, and there may
// be a hundred thousand of them with the same few names.

/** Lives as long as the ledger that it serves, which is made anew now and then. */
export class Interned {
  readonly #words = new Map<string, string>();
  readonly #lists = new Map<string, readonly string[]>();

  word(text: string): string {
    const known = this.#words.get(text);
    if (known !== undefined) return known;
    this.#words.set(text, text);
    return text;
  }

  words(list: readonly string[]): readonly string[] {
    const key = JSON.stringify(list);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const made = list.map((text) => this.word(text));
    this.#lists.set(key, made);
    return made;
  }
}
