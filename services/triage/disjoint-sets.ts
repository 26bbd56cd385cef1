// Disjoint sets (union-find with path halving and union by size) that know a largest size and which sides
// of which decisions their members stand on: what people took apart is never joined again.

export class DisjointSets {
  readonly #parent: Int32Array;
  readonly #size: Int32Array;
  /** Root → decision → side; only where members have any. */
  readonly #sides = new Map<number, Map<number, number>>();
  readonly #sizeMax: number;

  constructor(members: number, sizeMax: number) {
    this.#parent = Int32Array.from({ length: members }, (_, index) => index);
    this.#size = new Int32Array(members).fill(1);
    this.#sizeMax = sizeMax;
  }

  /** Says on which side of a decision a member stands; before any join. */
  putOnSide(member: number, decision: number, side: number): void {
    const sides = this.#sides.get(member) ?? new Map<number, number>();
    sides.set(decision, side);
    this.#sides.set(member, sides);
  }

  root(member: number): number {
    let at = member;
    for (;;) {
      const above = this.#parent[at] ?? at;
      if (above === at) return at;
      const next = this.#parent[above] ?? above;
      this.#parent[at] = next;
      at = next;
    }
  }

  size(member: number): number {
    return this.#size[this.root(member)] ?? 1;
  }

  /** Joins the sets of two members. @returns whether they are in one set now */
  join(one: number, other: number): boolean {
    const a = this.root(one);
    const b = this.root(other);
    if (a === b) return true;
    const size = (this.#size[a] ?? 1) + (this.#size[b] ?? 1);
    if (size > this.#sizeMax || this.#isApart(a, b)) return false;
    const [top, below] = (this.#size[a] ?? 1) >= (this.#size[b] ?? 1) ? [a, b] : [b, a];
    this.#parent[below] = top;
    this.#size[top] = size;
    const moved = this.#sides.get(below);
    if (moved !== undefined) {
      const sides = this.#sides.get(top) ?? new Map<number, number>();
      for (const [decision, side] of moved) sides.set(decision, side);
      this.#sides.set(top, sides);
    }
    return true;
  }

  #isApart(a: number, b: number): boolean {
    const here = this.#sides.get(a);
    const there = this.#sides.get(b);
    if (here === undefined || there === undefined) return false;
    for (const [decision, side] of here) {
      const other = there.get(decision);
      if (other !== undefined && other !== side) return true;
    }
    return false;
  }
}
