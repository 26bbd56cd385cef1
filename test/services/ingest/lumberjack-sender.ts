// The sender's side of the Lumberjack protocol, as Beats' go-lumber and the old logstash-forwarder write
// it, for the tests.

function head(version: 1 | 2, type: string, ...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 + 4 * numbers.length);
  bytes.write(`${version}${type}`, "latin1");
  for (const [at, number] of numbers.entries()) bytes.writeUInt32BE(number, 2 + 4 * at);
  return bytes;
}

export function windowFrame(records: number, version: 1 | 2 = 2): Buffer {
  return head(version, "W", records);
}

export function jsonFrame(sequence: number, json: string): Buffer {
  const data = Buffer.from(json);
  return Buffer.concat([head(2, "J", sequence, data.length), data]);
}

export function pairFrame(sequence: number, fields: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(fields)
    .flat()
    .map((text) => {
      const data = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(data.length);
      return Buffer.concat([length, data]);
    });
  return Buffer.concat([head(1, "D", sequence, pairs.length / 2), ...pairs]);
}

export function compressedFrame(payload: Buffer): Buffer {
  return Buffer.concat([head(2, "C", payload.length), payload]);
}

/** A whole window of documents, as Filebeat sends it without compression. */
export function windowOf(documents: readonly string[]): Buffer {
  return Buffer.concat([
    windowFrame(documents.length),
    ...documents.map((json, at) => jsonFrame(at + 1, json)),
  ]);
}

/** `2:7` for an acknowledgement of version 2 up to the seventh record. */
export function acknowledgements(answers: Buffer): string[] {
  const all: string[] = [];
  for (let at = 0; at + 6 <= answers.length; at += 6) {
    const [version, type] = answers.toString("latin1", at, at + 2);
    if (type !== "A") throw new Error(`no acknowledgement at byte ${at}`);
    all.push(`${version}:${answers.readUInt32BE(at + 2)}`);
  }
  return all;
}
