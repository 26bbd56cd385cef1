// One chunk of an event log in memory, with reads that are checked against its end, its names (each read
// once a chunk), and the account of what reading it has cost.
import { CHUNK_BYTES, CHUNK_STEPS_MAX, chunkTooCostly, damaged, NAME_UNITS_MAX } from "./damage.ts";

/** The bytes of the chunk at hand; the same buffer is filled with one chunk after the other. */
export interface ChunkBytes {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Bytes that are there; less than a whole chunk at the end of a cut file. */
  readonly end: number;
  /** Begins a new chunk: forgets names and costs. */
  begin(end: number): void;
  /** @throws AppError when the chunk has cost too much */
  spend(steps: number): void;
  /**
   * The name that an element or attribute refers to at `at` (four bytes), and where reading goes on:
   * behind the name itself when it stands there.
   * @throws AppError HW_PARSE_FAILED
   */
  nameAt(at: number, end: number): string;
  /** Position behind the last name that `nameAt` gave. */
  readonly nameEnd: number;
}

// A name: offset of the next one (4), hash (2), length in UTF-16 units (2), text, a closing NUL (2).
const NAME_HEAD_BYTES = 8;
const NAME_TAIL_BYTES = 2;

/** An empty chunk, to be filled by whoever reads the file. */
export function createChunkBytes(): ChunkBytes {
  const bytes = Buffer.alloc(CHUNK_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, CHUNK_BYTES);
  const names = new Map<number, string>();
  let end = 0;
  let steps = 0;
  let nameEnd = 0;
  const spend = (more: number): void => {
    steps += more;
    if (steps > CHUNK_STEPS_MAX) throw chunkTooCostly("its events refer to each other endlessly");
  };
  return {
    bytes,
    view,
    get end() {
      return end;
    },
    get nameEnd() {
      return nameEnd;
    },
    begin(newEnd) {
      end = newEnd;
      steps = 0;
      names.clear();
    },
    spend,
    nameAt(at, limit) {
      if (at + 4 > limit) throw damaged("it ends within an element");
      const offset = view.getUint32(at, true);
      if (offset + NAME_HEAD_BYTES + NAME_TAIL_BYTES > end) throw damaged("a name lies outside");
      const units = view.getUint16(offset + 6, true);
      const start = offset + NAME_HEAD_BYTES;
      if (units > NAME_UNITS_MAX || start + 2 * units + NAME_TAIL_BYTES > end) {
        throw damaged("a name is too long");
      }
      nameEnd = offset === at + 4 ? start + 2 * units + NAME_TAIL_BYTES : at + 4;
      if (nameEnd > limit) throw damaged("a name is too long");
      let name = names.get(offset);
      if (name === undefined) {
        spend(units);
        name = bytes.toString("utf16le", start, start + 2 * units);
        names.set(offset, name);
      }
      return name;
    },
  };
}
