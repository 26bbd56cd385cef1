// Puts GELF messages together that came in several datagrams (chunked GELF): magic 1e 0f, eight bytes
// of message id, number and count of the chunk. Incomplete messages are kept for a short time and
// within a number of bytes and messages, whatever a sender claims. Pure: the time is handed in.

export interface ChunkLimits {
  /** How long the chunks of one message are waited for. */
  readonly chunkMs: number;
  /** Bytes of all incomplete messages. */
  readonly chunkBytesMax: number;
  readonly chunkedMessagesMax: number;
}

export interface ChunkAssembler {
  /**
   * The whole message when the datagram is one or completes one, `kept` when chunks are missing still,
   * `refused` when the chunk can't be right.
   * @param sender chunks of different senders never belong together
   * @param now milliseconds on any clock that goes forward
   */
  push(datagram: Buffer, sender: string, now: number): Buffer | "kept" | "refused";
  /** Messages of which chunks were missing in time, or that had to go for others; counted since the last call. */
  takeLost(now: number): number;
  /** Bytes of incomplete messages. */
  readonly heldBytes: number;
}

interface Incomplete {
  readonly chunks: (Buffer | undefined)[];
  readonly since: number;
  missing: number;
  bytes: number;
}

/** By the protocol. */
const CHUNKS_MAX = 128;
const HEAD_BYTES = 12;
const CHUNK_OVERHEAD_BYTES = 100;

/** An assembler for one listener. */
export function createChunkAssembler(limits: ChunkLimits): ChunkAssembler {
  // Maps keep the order of insertion: the oldest message is the first.
  const incomplete = new Map<string, Incomplete>();
  /** Completed ones, so that a chunk that comes twice begins no new message. */
  const completed = new Map<string, number>();
  let heldBytes = 0;
  let lost = 0;

  const remove = (key: string, message: Incomplete): void => {
    incomplete.delete(key);
    heldBytes -= message.bytes;
  };
  const expire = (now: number): void => {
    for (const [key, message] of incomplete) {
      const isOver =
        heldBytes > limits.chunkBytesMax || incomplete.size > limits.chunkedMessagesMax;
      if (!isOver && now - message.since < limits.chunkMs) break;
      remove(key, message);
      lost++;
    }
    for (const [key, at] of completed) {
      if (completed.size <= limits.chunkedMessagesMax && now - at < limits.chunkMs) break;
      completed.delete(key);
    }
  };
  const messageOf = (key: string, count: number, now: number): Incomplete => {
    const known = incomplete.get(key);
    if (known !== undefined) return known;
    const chunks = new Array<Buffer | undefined>(count).fill(undefined);
    const bytes = count * CHUNK_OVERHEAD_BYTES;
    const made: Incomplete = { chunks, since: now, missing: count, bytes };
    incomplete.set(key, made);
    heldBytes += bytes;
    return made;
  };
  return {
    push(datagram, sender, now) {
      if (datagram[0] !== 0x1e || datagram[1] !== 0x0f) return datagram;
      const number = datagram[10];
      const count = datagram[11];
      if (number === undefined || count === undefined) return "refused";
      if (count === 0 || count > CHUNKS_MAX || number >= count) return "refused";
      const key = `${sender}/${datagram.toString("hex", 2, 10)}`;
      expire(now);
      if (completed.has(key)) return "kept";
      const message = messageOf(key, count, now);
      if (message.chunks.length !== count) {
        remove(key, message);
        lost++;
        return "refused";
      }
      if (message.chunks[number] !== undefined) return "kept";
      // A copy: the datagram's buffer may be a part of a much larger one.
      const part = Buffer.from(datagram.subarray(HEAD_BYTES));
      message.chunks[number] = part;
      message.missing--;
      message.bytes += part.length;
      heldBytes += part.length;
      if (message.missing > 0) {
        expire(now);
        return "kept";
      }
      remove(key, message);
      completed.set(key, now);
      return Buffer.concat(message.chunks.filter((chunk) => chunk !== undefined));
    },
    takeLost(now) {
      expire(now);
      const count = lost;
      lost = 0;
      return count;
    },
    get heldBytes() {
      return heldBytes;
    },
  };
}
