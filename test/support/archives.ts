// Packs zip and tar archives in memory, honest ones and ones that lie, for tests of readers.
import { buffer } from "node:stream/consumers";
import { crc32, deflateRawSync } from "node:zlib";
import { pack } from "tar-stream";

export interface Packed {
  readonly name: string;
  readonly text: string | Buffer;
  /** What the archive says instead of the true length. */
  readonly claimedBytes?: number;
  /** Says that the entry needs a password (zip only). */
  readonly isEncrypted?: boolean;
}

/** A zip archive. Format: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16. */
export function zipOf(files: readonly Packed[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, text, claimedBytes, isEncrypted } of files) {
    const data = deflateRawSync(text);
    const path = Buffer.from(name);
    // Version, UTF-8 names, deflate, time, date, checksum, sizes, length of the name, no extra field.
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(isEncrypted === true ? 0x801 : 0x800, 2);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(text), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(claimedBytes ?? Buffer.byteLength(text), 18);
    facts.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), facts, path, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\u0001\u0002\u0014\u0000"), facts, tail, path);
    bodies.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, listed, Buffer.from("PK\u0005\u0006"), end]);
}

/** A tar archive; `claimedBytes` cuts it off behind the header that lies. */
export async function tarOf(files: readonly Packed[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, text, claimedBytes } of files) {
    if (claimedBytes === undefined) archive.entry({ name }, text);
    else {
      archive.entry({ name, size: claimedBytes });
      for await (const header of archive) if (Buffer.isBuffer(header)) return header;
    }
  }
  archive.finalize();
  return buffer(archive);
}
