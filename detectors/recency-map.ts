// Values by key in the order in which they were put in or touched, the oldest first, in steady time: a list
// through the values. A `Map` that is deleted from at its front and asked for its first key walks over all places
// that are free again, and an iterator that is kept instead keeps every former table of it in memory.

interface Node<K, V> {
  readonly key: K;
  value: V;
  before: Node<K, V> | undefined;
  after: Node<K, V> | undefined;
}

/** While it is walked through, the key at hand may be deleted, and others put in; none may be touched. */
export class RecencyMap<K, V> implements Iterable<[K, V]> {
  readonly #nodes = new Map<K, Node<K, V>>();
  #first: Node<K, V> | undefined;
  #last: Node<K, V> | undefined;

  get size(): number {
    return this.#nodes.size;
  }

  /** The key that was put in or touched the longest ago. */
  get oldest(): K | undefined {
    return this.#first?.key;
  }

  has(key: K): boolean {
    return this.#nodes.has(key);
  }

  get(key: K): V | undefined {
    return this.#nodes.get(key)?.value;
  }

  /** Puts the value in as the newest one, wherever it stood before. */
  set(key: K, value: V): void {
    const known = this.#nodes.get(key);
    if (known === undefined) {
      const node = { key, value, before: undefined, after: undefined };
      this.#nodes.set(key, node);
      this.#append(node);
      return;
    }
    known.value = value;
    this.#renew(known);
  }

  /** The value, which is the newest from now on. */
  touch(key: K): V | undefined {
    const node = this.#nodes.get(key);
    if (node === undefined) return undefined;
    this.#renew(node);
    return node.value;
  }

  delete(key: K): boolean {
    const node = this.#nodes.get(key);
    if (node === undefined) return false;
    this.#nodes.delete(key);
    this.#unlink(node);
    return true;
  }

  clear(): void {
    this.#nodes.clear();
    this.#first = undefined;
    this.#last = undefined;
  }

  *entries(): Generator<[K, V]> {
    // A node that is deleted still leads to the one behind it.
    for (let node = this.#first; node !== undefined; node = node.after)
      yield [node.key, node.value];
  }

  *keys(): Generator<K> {
    for (let node = this.#first; node !== undefined; node = node.after) yield node.key;
  }

  *values(): Generator<V> {
    for (let node = this.#first; node !== undefined; node = node.after) yield node.value;
  }

  [Symbol.iterator](): Generator<[K, V]> {
    return this.entries();
  }

  #renew(node: Node<K, V>): void {
    if (node === this.#last) return;
    this.#unlink(node);
    this.#append(node);
  }

  #append(node: Node<K, V>): void {
    node.before = this.#last;
    node.after = undefined;
    if (this.#last === undefined) this.#first = node;
    else this.#last.after = node;
    this.#last = node;
  }

  #unlink({ before, after }: Node<K, V>): void {
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
  }
}
