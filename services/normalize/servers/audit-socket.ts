// The socket address of a SOCKADDR record: the bytes of the kernel's `struct sockaddr` in hexadecimal.

/** What an address says, under the names that audit records of Heidewacht use. */
export interface AuditSocket {
  readonly socket_family: string;
  readonly socket_ip?: string;
  readonly socket_port?: string;
  readonly socket_path?: string;
}

// include/linux/socket.h
const UNIX = 1;
const INET = 2;
const INET6 = 10;
const FAMILIES: ReadonlyMap<number, string> = new Map([
  [UNIX, "unix"],
  [INET, "inet"],
  [INET6, "inet6"],
  [16, "netlink"],
  [17, "packet"],
  [38, "alg"],
  [40, "vsock"],
]);
/** `sockaddr_storage` has 128 bytes. */
const HEX_CHARACTERS_MAX = 256;

/** The address in `saddr`; undefined when it is no such structure. */
export function readSocketAddress(saddr: string): AuditSocket | undefined {
  if (saddr.length < 4 || saddr.length > HEX_CHARACTERS_MAX || !/^(?:[0-9A-F]{2})+$/i.test(saddr)) {
    return undefined;
  }
  const bytes = Buffer.from(saddr, "hex");
  // The family is in the byte order of the machine; all that matter are below 256.
  const family = (bytes[0] ?? 0) + (bytes[1] ?? 0);
  const socket_family = FAMILIES.get(family) ?? String(family);
  if (family === INET && bytes.length >= 8) {
    return {
      socket_family,
      socket_ip: bytes.subarray(4, 8).join("."),
      socket_port: String(bytes.readUInt16BE(2)),
    };
  }
  if (family === INET6 && bytes.length >= 24) {
    return {
      socket_family,
      socket_ip: addressText(bytes.subarray(8, 24)),
      socket_port: String(bytes.readUInt16BE(2)),
    };
  }
  if (family !== UNIX) return { socket_family };
  // An abstract socket's name starts with a zero byte, a path ends with one.
  const path = bytes.subarray(2).toString("utf8").replace(/^\0/, "@").split("\0", 1)[0] ?? "";
  return path === "" ? { socket_family } : { socket_family, socket_path: path };
}

// RFC 5952: no leading zeros, the longest run of zero groups as `::`; IPv4 in IPv6 as IPv4.
function addressText(bytes: Buffer): string {
  const isMapped =
    bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff;
  if (isMapped) return bytes.subarray(12).join(".");
  const groups = Array.from({ length: 8 }, (_, index) =>
    bytes.readUInt16BE(index * 2).toString(16),
  );
  const runs = groups.join(":").match(/(?:^|:)0(?::0){1,7}(?=:|$)/g) ?? [];
  const longest = runs.reduce((best, run) => (count(run) > count(best) ? run : best), "");
  if (longest === "") return groups.join(":");
  const text = groups.join(":");
  const at = text.indexOf(longest);
  return `${text.slice(0, at)}::${text.slice(at + longest.length).replace(/^:/, "")}`;
}

function count(run: string): number {
  return run.replaceAll(":", "").length;
}
