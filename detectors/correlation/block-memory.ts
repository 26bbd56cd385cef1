// Memory for very many small records of changing size, without an object for each: blocks in typed arrays,
// one size a page, so that a block that became free is taken by the next one of its size.

const UNIT_BYTES = 16;
const PAGE_UNITS = 16_384;
const PAGE_BYTES = UNIT_BYTES * PAGE_UNITS;
/** Larger blocks get a page of their own. */
const SMALL_BYTES_MAX = 16_384;
const PAGES_MAX = 2 ** 32 / PAGE_UNITS;
const NONE = -1;

/** A page of blocks of one size. */
interface Page {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly blockBytes: number;
  /** Offset behind the last block that was ever used. */
  fresh: number;
  /** First of the chain of free blocks, by offset. */
  free: number;
  used: number;
}

/** Sizes of blocks, rising: eight steps from each power of two to the next. */
const SIZES = sizes();

export class BlockMemory {
  #pages: (Page | undefined)[] = [];
  /** Numbers of pages that were given back. */
  #gaps: number[] = [];
  /** By size: numbers of pages that have room. */
  #open: number[][] = SIZES.map(() => []);
  /** Bytes of all blocks in use. */
  used = 0;

  /**
   * A block of at least that many bytes; what stood there before is still there.
   * @returns the block's handle, a whole number below 2 ** 32
   */
  allocate(bytes: number): number {
    if (bytes > SMALL_BYTES_MAX) {
      const blockBytes = Math.ceil(bytes / UNIT_BYTES) * UNIT_BYTES;
      const number = this.#addPage(blockBytes, blockBytes);
      this.used += blockBytes;
      return number * PAGE_UNITS;
    }
    const size = sizeIndex(bytes);
    const open = this.#open[size] ?? [];
    let number = open.at(-1);
    if (number === undefined) {
      number = this.#addPage(SIZES[size] ?? 0, PAGE_BYTES);
      open.push(number);
    }
    const page = this.#page(number);
    let offset = page.free;
    if (offset === NONE) {
      offset = page.fresh;
      page.fresh += page.blockBytes;
    } else {
      page.free = page.view.getInt32(offset);
    }
    page.used += 1;
    this.used += page.blockBytes;
    if (isFull(page)) open.pop();
    return number * PAGE_UNITS + offset / UNIT_BYTES;
  }

  release(handle: number): void {
    const number = Math.floor(handle / PAGE_UNITS);
    const page = this.#page(number);
    this.used -= page.blockBytes;
    if (page.blockBytes > SMALL_BYTES_MAX) {
      this.#dropPage(number);
      return;
    }
    const offset = (handle % PAGE_UNITS) * UNIT_BYTES;
    const wasFull = isFull(page);
    page.view.setInt32(offset, page.free);
    page.free = offset;
    page.used -= 1;
    const open = this.#open[sizeIndex(page.blockBytes)] ?? [];
    if (wasFull) open.push(number);
    // One page of each size stays, so that a single block that comes and goes costs no page each time.
    if (page.used === 0 && open.length > 1) {
      open.splice(open.indexOf(number), 1);
      this.#dropPage(number);
    }
  }

  bytesOf(handle: number): Uint8Array {
    return this.#page(Math.floor(handle / PAGE_UNITS)).bytes;
  }

  viewOf(handle: number): DataView {
    return this.#page(Math.floor(handle / PAGE_UNITS)).view;
  }

  offsetOf(handle: number): number {
    return (handle % PAGE_UNITS) * UNIT_BYTES;
  }

  capacityOf(handle: number): number {
    return this.#page(Math.floor(handle / PAGE_UNITS)).blockBytes;
  }

  #page(number: number): Page {
    const page = this.#pages[number];
    if (page === undefined) throw new RangeError(`no page ${number}`);
    return page;
  }

  #addPage(blockBytes: number, pageBytes: number): number {
    const number = this.#gaps.pop() ?? this.#pages.length;
    if (number >= PAGES_MAX) throw new RangeError("out of pages");
    const bytes = new Uint8Array(pageBytes);
    const view = new DataView(bytes.buffer);
    this.#pages[number] = { bytes, view, blockBytes, fresh: 0, free: NONE, used: 0 };
    return number;
  }

  #dropPage(number: number): void {
    this.#pages[number] = undefined;
    this.#gaps.push(number);
  }
}

function isFull(page: Page): boolean {
  return page.free === NONE && page.fresh + page.blockBytes > page.bytes.length;
}

function sizes(): readonly number[] {
  const all: number[] = [];
  for (let base = 64; base < SMALL_BYTES_MAX; base *= 2) {
    const step = Math.max(UNIT_BYTES, base / 8);
    for (let size = base; size < 2 * base; size += step) all.push(size);
  }
  return [...all, SMALL_BYTES_MAX];
}

// The least size that is enough. Sizes from 64 to 128 stand 16 apart, above that eight a doubling.
function sizeIndex(bytes: number): number {
  if (bytes <= 64) return 0;
  if (bytes <= 128) return Math.ceil(bytes / UNIT_BYTES) - 4;
  const doubling = 31 - Math.clz32(bytes - 1);
  const step = (1 << doubling) / 8;
  return 4 + (doubling - 7) * 8 + Math.ceil((bytes - (1 << doubling)) / step);
}
