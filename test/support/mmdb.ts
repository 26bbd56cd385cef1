// Writes small files in the format MaxMind DB 2.0 (https://maxmind.github.io/MaxMind-DB/), so that tests
// need none of others. IPv4 networks lie under ::/96, as in the files that people use.

type Value = string | number | { readonly [key: string]: Value };

const RECORD_BYTES = 3;
const MARKER = Buffer.from("abcdef4d61784d696e642e636f6d", "hex");
/** Types of the format: a control byte has the type in its first three bits. */
const TEXT = 2;
const UINT16 = 5;
const UINT32 = 6;
const MAP = 7;

/** The bytes of a file with these networks (`203.0.113.0/24`) and what it says of each. */
export function writeMmdb(networks: Readonly<Record<string, Value>>): Buffer {
  const nodes: [number, number][] = [[-1, -1]];
  const data: Buffer[] = [];
  let dataSize = 0;
  for (const [network, value] of Object.entries(networks)) {
    const bits = bitsOf(network);
    let node = 0;
    for (const bit of bits.slice(0, -1)) {
      const at = nodes[node] ?? [-1, -1];
      if ((at[bit] ?? -1) < 0) {
        nodes.push([-1, -1]);
        at[bit] = nodes.length - 1;
      }
      node = at[bit] ?? 0;
    }
    // Below -1: place in the data, until the number of nodes is known.
    (nodes[node] ?? [-1, -1])[bits.at(-1) ?? 0] = -2 - dataSize;
    const encoded = encode(value);
    data.push(encoded);
    dataSize += encoded.length;
  }
  const tree = Buffer.alloc(nodes.length * 2 * RECORD_BYTES);
  for (const [index, pair] of nodes.entries()) {
    for (const [side, record] of pair.entries()) {
      const pointer = record < -1 ? nodes.length + 16 + (-2 - record) : nodes.length;
      const value = record >= 0 ? record : pointer;
      tree.writeUIntBE(value, (index * 2 + side) * RECORD_BYTES, RECORD_BYTES);
    }
  }
  return Buffer.concat([tree, Buffer.alloc(16), ...data, MARKER, metadata(nodes.length)]);
}

function bitsOf(network: string): (0 | 1)[] {
  const [address = "", length = "0"] = network.split("/");
  const isV4 = address.includes(".");
  const bytes = isV4
    ? [...new Array<number>(12).fill(0), ...address.split(".").map(Number)]
    : v6Bytes(address);
  const count = Number(length) + (isV4 ? 96 : 0);
  return bytes
    .flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (((byte >> bit) & 1) === 1 ? 1 : 0)))
    .slice(0, count);
}

/** `2001:db8::` only: groups, then zeros. */
function v6Bytes(address: string): number[] {
  const groups = (address.split("::")[0] ?? "")
    .split(":")
    .map((group) => Number.parseInt(group, 16));
  const bytes = groups.flatMap((group) => [group >> 8, group & 255]);
  return [...bytes, ...new Array<number>(16 - bytes.length).fill(0)];
}

function encode(value: Value): Buffer {
  if (typeof value === "string") {
    const text = Buffer.from(value);
    return Buffer.concat([control(TEXT, text.length), text]);
  }
  if (typeof value === "number") {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(UINT32, 4), bytes]);
  }
  const entries = Object.entries(value);
  return Buffer.concat([
    control(MAP, entries.length),
    ...entries.flatMap(([key, child]) => [encode(key), encode(child)]),
  ]);
}

function control(type: number, size: number): Buffer {
  return size < 29 ? Buffer.from([(type << 5) | size]) : Buffer.from([(type << 5) | 29, size - 29]);
}

function metadata(nodeCount: number): Buffer {
  const short = (value: number) => Buffer.from([(UINT16 << 5) | 2, value >> 8, value & 255]);
  // Extended types: control byte with type 0, then the type less 7. 64-bit number 9, array 11.
  const epoch = Buffer.from([1, 9 - 7, 1]);
  const languages = Buffer.concat([Buffer.from([1, 11 - 7]), encode("de")]);
  const pairs: (readonly [string, Buffer])[] = [
    ["node_count", encode(nodeCount)],
    ["record_size", short(RECORD_BYTES * 8)],
    ["ip_version", short(6)],
    ["database_type", encode("Test")],
    ["languages", languages],
    ["binary_format_major_version", short(2)],
    ["binary_format_minor_version", short(0)],
    ["build_epoch", epoch],
    ["description", encode({ de: "Probe" })],
  ];
  const body = pairs.flatMap(([key, bytes]) => [encode(key), bytes]);
  return Buffer.concat([control(MAP, pairs.length), ...body]);
}
