// Unpacks GELF messages, which senders may compress with gzip or zlib.
import { constants, gunzipSync, inflateSync } from "node:zlib";

/** The message, unpacked when it is gzip or zlib; undefined when it is damaged or unpacks to too much. */
export function unpackGelf(message: Buffer, bytesMax: number): Buffer | undefined {
  const [first, second = 0] = message;
  const isGzip = first === 0x1f && second === 0x8b;
  // The head of zlib data is a multiple of 31 (RFC 1950).
  const isZlib = first === 0x78 && (0x7800 + second) % 31 === 0;
  if (!isGzip && !isZlib) return message;
  const options = { maxOutputLength: bytesMax, finishFlush: constants.Z_FINISH };
  try {
    return isGzip ? gunzipSync(message, options) : inflateSync(message, options);
  } catch {
    // zlib's own error says nothing that the count doesn't.
    return undefined;
  }
}
