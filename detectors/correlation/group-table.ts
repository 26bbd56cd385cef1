// The groups that are remembered, one row of a typed array each: where a group's block lies, its times, and
// its places in two chains. One chain holds all groups by their newest event, for eviction; one for each
// correlation holds its groups by the time at which they are due.

/** No row. */
export const NO_ROW = 0xffff_ffff;

const ROW_BYTES = 48;
const NEWEST = 0;
const FIRST = 8;
const BLOCK = 16;
const HASH = 20;
const OLDER = 24;
const YOUNGER = 28;
const BEFORE = 32;
const BEHIND = 36;
const CORRELATION = 40;
const SHARD = 42;
const IN_USE = 43;
const ROWS_AT_FIRST = 1024;

export class GroupTable {
  #rows = new DataView(new ArrayBuffer(ROWS_AT_FIRST * ROW_BYTES));
  /** Row + 1 by hash; 0: empty. Open addressing, at most half full. */
  #index = new Uint32Array(ROWS_AT_FIRST * 2);
  #capacity = ROWS_AT_FIRST;
  readonly #rowsMax: number;
  /** Rows behind which none was ever used. */
  #end = 0;
  /** First of the chain of free rows. */
  #free = NO_ROW;
  #oldest = NO_ROW;
  #youngest = NO_ROW;
  readonly #firstDue: Uint32Array;
  readonly #lastDue: Uint32Array;
  size = 0;

  constructor(correlations: number, rowsMax: number) {
    this.#rowsMax = rowsMax;
    this.#firstDue = new Uint32Array(correlations).fill(NO_ROW);
    this.#lastDue = new Uint32Array(correlations).fill(NO_ROW);
  }

  /** The first row with this hash that fits; NO_ROW: none. */
  find(hash: number, fits: (row: number) => boolean): number {
    const mask = this.#index.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const row = (this.#index[at] ?? 0) - 1;
      if (row === -1) return NO_ROW;
      if (this.#u32(row, HASH) === hash && fits(row)) return row;
    }
  }

  /** A new row; in the chains it stands at the young end. */
  add(hash: number, shard: number, correlation: number, block: number, time: number): number {
    const row = this.#takeRow();
    const at = row * ROW_BYTES;
    this.#rows.setFloat64(at + NEWEST, time);
    this.#rows.setFloat64(at + FIRST, time);
    this.#rows.setUint32(at + BLOCK, block);
    this.#rows.setUint32(at + HASH, hash);
    this.#rows.setUint16(at + CORRELATION, correlation);
    this.#rows.setUint8(at + SHARD, shard);
    this.#rows.setUint8(at + IN_USE, 1);
    this.#insert(row, hash);
    this.#appendYoungest(row);
    this.#appendDue(row, correlation);
    this.size += 1;
    return row;
  }

  remove(row: number): void {
    this.#erase(row);
    this.#detachAge(row);
    this.#detachDue(row);
    this.#rows.setUint8(row * ROW_BYTES + IN_USE, 0);
    this.#put(row, BEHIND, this.#free);
    this.#free = row;
    this.size -= 1;
  }

  /** An event came: the group is the youngest now. */
  touch(row: number, time: number): void {
    if (time > this.newest(row)) this.#rows.setFloat64(row * ROW_BYTES + NEWEST, time);
    if (row === this.#youngest) return;
    this.#detachAge(row);
    this.#appendYoungest(row);
  }

  /** The group is due after all others of its correlation. */
  postpone(row: number): void {
    const correlation = this.correlation(row);
    if (this.#lastDue[correlation] === row) return;
    this.#detachDue(row);
    this.#appendDue(row, correlation);
  }

  newest(row: number): number {
    return this.#rows.getFloat64(row * ROW_BYTES + NEWEST);
  }

  first(row: number): number {
    return this.#rows.getFloat64(row * ROW_BYTES + FIRST);
  }

  block(row: number): number {
    return this.#u32(row, BLOCK);
  }

  correlation(row: number): number {
    return this.#rows.getUint16(row * ROW_BYTES + CORRELATION);
  }

  shard(row: number): number {
    return this.#rows.getUint8(row * ROW_BYTES + SHARD);
  }

  setBlock(row: number, block: number): void {
    this.#put(row, BLOCK, block);
  }

  setTimes(row: number, first: number, newest: number): void {
    this.#rows.setFloat64(row * ROW_BYTES + FIRST, first);
    this.#rows.setFloat64(row * ROW_BYTES + NEWEST, newest);
  }

  /** The group whose newest event is oldest. */
  get oldest(): number {
    return this.#oldest;
  }

  /** The group of the correlation that is due next. */
  firstDue(correlation: number): number {
    return this.#firstDue[correlation] ?? NO_ROW;
  }

  /** All rows in use. */
  *rows(): Generator<number> {
    for (let row = 0; row < this.#end; row += 1) {
      if (this.#rows.getUint8(row * ROW_BYTES + IN_USE) === 1) yield row;
    }
  }

  /** Brings both chains into order, after rows came in any order. */
  sort(due: (row: number) => number): void {
    const rows = [...this.rows()].sort((a, b) => this.newest(a) - this.newest(b));
    this.#oldest = NO_ROW;
    this.#youngest = NO_ROW;
    for (const row of rows) this.#appendYoungest(row);
    this.#firstDue.fill(NO_ROW);
    this.#lastDue.fill(NO_ROW);
    for (const row of rows.sort((a, b) => due(a) - due(b))) {
      this.#appendDue(row, this.correlation(row));
    }
  }

  #u32(row: number, field: number): number {
    return this.#rows.getUint32(row * ROW_BYTES + field);
  }

  #put(row: number, field: number, value: number): void {
    if (row !== NO_ROW) this.#rows.setUint32(row * ROW_BYTES + field, value);
  }

  #takeRow(): number {
    if (this.#free !== NO_ROW) {
      const row = this.#free;
      this.#free = this.#u32(row, BEHIND);
      return row;
    }
    if (this.#end === this.#capacity) this.#grow();
    this.#end += 1;
    return this.#end - 1;
  }

  #grow(): void {
    const doubled = this.#capacity * 2;
    const wanted = this.#capacity < this.#rowsMax ? Math.min(doubled, this.#rowsMax) : doubled;
    const old = this.#rows;
    this.#rows = new DataView(new ArrayBuffer(wanted * ROW_BYTES));
    new Uint8Array(this.#rows.buffer).set(new Uint8Array(old.buffer));
    this.#capacity = wanted;
    if (wanted * 2 <= this.#index.length) return;
    this.#index = new Uint32Array(this.#index.length * 2);
    for (const row of this.rows()) this.#insert(row, this.#u32(row, HASH));
  }

  #insert(row: number, hash: number): void {
    const mask = this.#index.length - 1;
    let at = hash & mask;
    while (this.#index[at] !== 0) at = (at + 1) & mask;
    this.#index[at] = row + 1;
  }

  // Moves up what stands behind the gap and would not be found across it.
  #erase(row: number): void {
    const index = this.#index;
    const mask = index.length - 1;
    let gap = this.#u32(row, HASH) & mask;
    while (index[gap] !== row + 1) gap = (gap + 1) & mask;
    for (let at = (gap + 1) & mask; index[at] !== 0; at = (at + 1) & mask) {
      const moved = index[at] ?? 0;
      const home = this.#u32(moved - 1, HASH) & mask;
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      index[gap] = moved;
      gap = at;
    }
    index[gap] = 0;
  }

  #appendYoungest(row: number): void {
    this.#put(row, OLDER, this.#youngest);
    this.#put(row, YOUNGER, NO_ROW);
    this.#put(this.#youngest, YOUNGER, row);
    this.#youngest = row;
    if (this.#oldest === NO_ROW) this.#oldest = row;
  }

  #detachAge(row: number): void {
    const older = this.#u32(row, OLDER);
    const younger = this.#u32(row, YOUNGER);
    this.#put(older, YOUNGER, younger);
    this.#put(younger, OLDER, older);
    if (this.#oldest === row) this.#oldest = younger;
    if (this.#youngest === row) this.#youngest = older;
  }

  #appendDue(row: number, correlation: number): void {
    const last = this.#lastDue[correlation] ?? NO_ROW;
    this.#put(row, BEFORE, last);
    this.#put(row, BEHIND, NO_ROW);
    this.#put(last, BEHIND, row);
    this.#lastDue[correlation] = row;
    if (this.#firstDue[correlation] === NO_ROW) this.#firstDue[correlation] = row;
  }

  #detachDue(row: number): void {
    const correlation = this.correlation(row);
    const before = this.#u32(row, BEFORE);
    const behind = this.#u32(row, BEHIND);
    this.#put(before, BEHIND, behind);
    this.#put(behind, BEFORE, before);
    if (this.#firstDue[correlation] === row) this.#firstDue[correlation] = behind;
    if (this.#lastDue[correlation] === row) this.#lastDue[correlation] = before;
  }
}
